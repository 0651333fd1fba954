using Stillhunt.Tests.Ingest;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Stillhunt.Profiles;
using Stillhunt.Response;
using Stillhunt.Server;
using Stillhunt.Server.Decisions;
using Stillhunt.Server.Security;
using Stillhunt.Server.Store.Sqlite;
using Stillhunt.Sketches;
using Stillhunt.Tests.Ledger;

namespace Stillhunt.Tests.Server;

/// <summary>Clients that stall or vanish, clocks that jump, keys that ask too often.</summary>
public sealed class HardTimesTests
{
    [Fact]
    public async Task Clients_that_stall_or_vanish_are_let_go_and_others_are_served()
    {
        var limits = new ServeLimits { HeaderTime = TimeSpan.FromSeconds(1), BodyTime = TimeSpan.FromSeconds(1), SlowTime = TimeSpan.FromSeconds(2), LeastRate = 10_000 };
        await using var server = await RunningServer.Start(change: options => options with { Limits = limits });
        const string head = "POST /v1/exchanges HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n";
        using var silent = await Connect(server, "");
        using var half = await Connect(server, "POST /v1/exchanges HTTP/1.1\r\nHost: 127");
        using var small = await Connect(server, head + "\r\n{\"time\":");
        using var large = await Connect(server, head.Replace("5000", "500000", StringComparison.Ordinal) + "\r\n{\"time\":");
        using var noise = await Connect(server, "\u0001\u0002 nonsense\r\n\r\n");
        using (await Connect(server, head + "\r\n{\"time\":")) { }
        Assert.Equal(200, (await server.Post("/v1/exchanges", ServeTests.Lines("x", 3))).Status);
        // Each is told why or just let go; none keeps its connection.
        foreach (var (client, told) in new[] { (half, "408"), (small, "408"), (large, "408"), (noise, "400") })
        {
            using var reader = new StreamReader(client.GetStream());
            string said;
            try
            {
                said = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            }
            catch (IOException)
            {
                // Let go without a word.
                continue;
            }

            Assert.True(said.Length == 0 || said.Contains(told, StringComparison.Ordinal), said);
        }

        Assert.Equal(3, (await server.Get("/v1/status")).Json.GetProperty("exchange_count").GetInt32());
    }

    [Fact]
    public async Task A_clock_that_jumps_ages_nothing_out_and_loses_nothing()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.Path;
        var clock = new JumpingClock { Now = new DateTimeOffset(2026, 3, 3, 0, 0, 0, TimeSpan.Zero) };
        await using (var server = await RunningServer.Start(folder, time: clock))
        {
            Assert.Equal(200, (await server.Post("/v1/exchanges", ServeTests.Lines("a", 30))).Status);
            clock.Now = clock.Now.AddYears(5);
            Assert.Equal(30, (await server.Post("/v1/exchanges", ServeTests.Lines("b", 30))).Json.GetProperty("accepted_count").GetInt32());
            clock.Now = clock.Now.AddYears(-10);
            // What lies ahead of the clock is refused by name, so that one wrong clock holds no day for years.
            var (status, json) = await server.Post("/v1/exchanges", ServeTests.Lines("c", 1));
            Assert.Equal((400, "time-in-future"), (status, json.GetProperty("rejected")[0].GetProperty("reason").GetString()));
            clock.Now = new DateTimeOffset(2026, 3, 3, 1, 0, 0, TimeSpan.Zero);
            Assert.Equal(1, (await server.Post("/v1/exchanges", ServeTests.Lines("c", 1))).Json.GetProperty("accepted_count").GetInt32());
            Assert.Equal(0, server.Server.State.Counters.DetectionFaults.Value);
        }

        clock.Now = clock.Now.AddYears(3);
        await using var again = await RunningServer.Start(folder, time: clock);
        Assert.Equal(61, (await again.Get("/v1/status")).Json.GetProperty("exchange_count").GetInt32());
        Assert.Equal(30, (await again.Post("/v1/exchanges", ServeTests.Lines("a", 30))).Json.GetProperty("duplicate_count").GetInt32());
    }

    [Fact]
    public async Task A_verdict_ends_in_time_even_where_the_table_was_not_made_anew()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.Path;
        var policy = Path.Combine(folder, "policy.yaml");
        File.WriteAllText(policy, "version: 1\nmode: enforce\nbrake: {account_share: 1}\ncampaigns:\n  - {rule: r, when: {confidence: 0.8}, then: [suspend], lasts: 1d}\n");
        var clock = new JumpingClock { Now = new DateTimeOffset(2026, 3, 3, 0, 0, 0, TimeSpan.Zero) };
        using (var store = SqliteStore.Open(Path.Combine(folder, "s.db"), KeyedHash.Fixed)) store.Campaigns.Save([MadeCampaigns.Tracked("c-1", ["a1", "a2"], since: clock.Now.ToUnixTimeMilliseconds())], []);
        await using var server = await RunningServer.Start(folder, options => options with { PolicyPath = policy }, clock);
        await server.Send(HttpMethod.Put, "/v1/accounts", """[{"account":"a1"},{"account":"a2"}]""");
        server.Server.State.Decisions.Refresh();
        Assert.Equal("suspend", (await server.Post("/v1/decide", """{"account":"a1"}""")).Json.GetProperty("action").GetString());
        clock.Now = clock.Now.AddDays(1);
        Assert.Equal("observe", (await server.Post("/v1/decide", """{"account":"a1"}""")).Json.GetProperty("action").GetString());
    }

    [Fact]
    public async Task What_an_access_rule_does_stands_in_the_trail_once_until_it_ended_and_began_anew()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.Path;
        var policy = Path.Combine(folder, "policy.yaml");
        File.WriteAllText(policy, "version: 1\nmode: enforce\nbrake: {account_share: 1}\naccess:\n  - {rule: not-served, when: {owner_country: XA}, then: [hold], lasts: 1d}\n");
        var clock = new JumpingClock { Now = new DateTimeOffset(2026, 3, 3, 0, 0, 0, TimeSpan.Zero) };
        await using var server = await RunningServer.Start(folder, options => options with { PolicyPath = policy }, clock);
        await server.Send(HttpMethod.Put, "/v1/accounts", """[{"account":"foreign","owner_country":"XA"},{"account":"other"}]""");
        async Task<List<(string Kind, string Body)>> Asked(int times)
        {
            for (var i = 0; i < times; i++) await server.Post("/v1/decide", """{"requests":[{"account":"foreign"},{"account":"other"}]}""");
            server.Server.State.Decisions.Refresh();
            return [.. server.Server.State.Store.Audit.After(0, 100).Select(record => (record.Entry.Kind, record.Entry.Body)).Where(entry => entry.Kind.StartsWith("verdict", StringComparison.Ordinal))];
        }

        var (kind, body) = Assert.Single(await Asked(3));
        Assert.Equal("verdict", kind);
        using (var json = System.Text.Json.JsonDocument.Parse(body))
        {
            Assert.Equal(("not-served", "effective"), (json.RootElement.GetProperty("rule").GetString(), json.RootElement.GetProperty("state").GetString()));
            Assert.Equal("foreign", Assert.Single(json.RootElement.GetProperty("accounts").EnumerateArray()).GetProperty("id").GetString());
        }

        clock.Now = clock.Now.AddDays(2);
        Assert.Equal(["verdict", "verdict-ended"], (await Asked(0)).Select(entry => entry.Kind));
        Assert.Equal(["verdict", "verdict-ended", "verdict"], (await Asked(2)).Select(entry => entry.Kind));
        await server.Post("/v1/accounts/foreign/reverse", """{"by":"ada","note":"a branch office"}""");
        Assert.Contains("\"reversed\"", (await Asked(1))[^1].Body.Replace("\\u0022", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_that_can_not_be_noted_in_a_full_store_is_not_in_force_and_is_tried_again()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.Path;
        var policy = Path.Combine(folder, "policy.yaml");
        File.WriteAllText(policy, "version: 1\nmode: shadow\n");
        await using (var server = await RunningServer.Start(folder, options => options with { PolicyPath = policy, Limits = new ServeLimits { StoreBytes = 400_000 } }))
        {
            for (var batch = 0; (await server.Post("/v1/exchanges", ServeTests.Lines($"b{batch}-", 50, new string('w', 300)))).Status == 200; batch++) { }
            var watch = server.Server.State.Policy!;
            var noted = 0;
            for (; watch.Faults.Count == 0; noted++)
            {
                File.WriteAllText(policy, $"version: 1\nmode: shadow\n# {noted}\n");
                watch.Look();
                Assert.InRange(noted, 0, 10_000);
            }

            File.WriteAllText(policy, "version: 1\nmode: enforce\n");
            watch.Look();
            Assert.Equal("shadow", (await server.Get("/v1/policy")).Json.GetProperty("mode").GetString());
        }

        await using var roomy = await RunningServer.Start(folder, options => options with { PolicyPath = policy });
        Assert.Equal("enforce", (await roomy.Get("/v1/policy")).Json.GetProperty("mode").GetString());
    }

    [Fact]
    public async Task What_people_decide_in_a_full_store_is_kept_with_its_record_in_the_trail_or_not_at_all()
    {
        await using var server = await RunningServer.Start(change: options => options with { Limits = new ServeLimits { StoreBytes = 400_000 } });
        for (var batch = 0; (await server.Post("/v1/exchanges", ServeTests.Lines($"b{batch}-", 50, new string('w', 300)))).Status == 200; batch++) { }
        // Notes of all lengths: what one of the two tables has room for, the other may not.
        for (int asked = 0, refused = 0; refused < 60; asked++)
        {
            Assert.InRange(asked, 0, 2000);
            var note = new string('n', 10 + (asked * 37 % 900));
            var reversed = await server.Post($"/v1/accounts/x{asked}/reverse", $$"""{"by":"ada","note":"{{note}}"}""");
            var granted = await server.Post($"/v1/accounts/y{asked}/grants", $$"""{"kind":"program","name":"research","evidence":"{{note}}","by":"ada"}""");
            Assert.All([reversed.Status, granted.Status], status => Assert.True(status is 200 or 507));
            refused += (reversed.Status == 507 ? 1 : 0) + (granted.Status == 507 ? 1 : 0);
        }

        var (store, trail) = (server.Server.State.Store, server.Server.State.Store.Audit.After(0, 100_000));
        IEnumerable<string?> Told(string kind) => trail.Where(record => record.Entry.Kind == kind).Select(record => System.Text.Json.JsonDocument.Parse(record.Entry.Body).RootElement.GetProperty("account").GetString()).Order();
        Assert.Equal(Told("reversal"), store.Decisions.LoadReversals().Keys.Select(account => account.Id).Order());
        Assert.Equal(Told("grant"), store.Decisions.LoadGrants().Select(grant => grant.Account).Order());
    }

    [Fact]
    public void What_ended_and_could_not_be_told_is_told_with_what_is_written_next()
    {
        var trail = new AccessTrail();
        trail.Note(OfRule(1000));
        Assert.Single(trail.Take(0).Begun);
        var (begun, ended, unlisted) = trail.Take(1000);
        Assert.Equal("r", Assert.Single(ended).Rule);
        trail.Return(begun, unlisted);
        (_, ended, _) = trail.Take(1001);
        Assert.Equal("a", Assert.Single(ended).Account.Id);
        trail.Forget(ended);
        Assert.Empty(trail.Take(1002).Ended);
    }

    [Fact]
    public void What_begins_anew_while_its_end_is_told_is_told_as_begun_and_ends_again()
    {
        var trail = new AccessTrail();
        trail.Note(OfRule(1000));
        Assert.Single(trail.Take(0).Begun);
        var (_, ended, _) = trail.Take(1000);
        trail.Note(OfRule(3000));
        trail.Forget(ended);
        Assert.Equal(3000, Assert.Single(trail.Take(1001).Begun).ExpiresMs);
        Assert.Single(trail.Take(3000).Ended);
    }

    private static Verdict OfRule(long expiresMs) => new() { Account = new AccountId("default", "a"), Rule = "r", Campaign = null, Obligations = [], State = VerdictState.Effective, Reasons = [], FromMs = 0, ExpiresMs = expiresMs };

    [Fact]
    public async Task A_server_whose_store_is_full_starts_again_with_all_that_was_acknowledged_and_decides()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.Path;
        static ServeOptions Narrow(ServeOptions options) => options with { Limits = new ServeLimits { StoreBytes = 700_000 } };
        // Each exchange of an account of its own: folded, a batch takes more room than packed.
        static string Batch(int batch) => string.Concat(Enumerable.Range(0, 100).Select(i =>
            $$"""{"id":"{{batch}}-{{i}}","time":"2026-03-02T00:00:00Z","account":"a{{batch}}-{{i}}","prompt":"Name the river that runs through town number {{i}} of county {{batch}}."}""" + "\n"));
        var accepted = 0;
        await using (var server = await RunningServer.Start(folder, Narrow))
            while ((await server.Post("/v1/exchanges", Batch(accepted))).Status == 200) accepted++;

        Assert.InRange(accepted, 1, 1000);
        await using var again = await RunningServer.Start(folder, Narrow);
        Assert.Equal(100 * accepted, (await again.Get("/v1/status")).Json.GetProperty("exchange_count").GetInt32());
        Assert.Equal(100 * accepted, again.Server.State.Detection.Use.Count);
        Assert.Equal(100, (await again.Post("/v1/exchanges", Batch(0))).Json.GetProperty("duplicate_count").GetInt32());
        Assert.Equal(507, (await again.Post("/v1/exchanges", Batch(accepted))).Status);
        Assert.Equal("observe", (await again.Post("/v1/decide", """{"account":"a0-1"}""")).Json.GetProperty("action").GetString());
    }

    [Fact]
    public async Task The_write_ahead_log_begins_anew_while_traffic_goes_on()
    {
        await using var server = await RunningServer.Start(change: options => options with { Pace = new() { Interval = TimeSpan.FromHours(1) } });
        for (var batch = 0; batch < 60; batch++) Assert.Equal(200, (await server.Post("/v1/exchanges", ServeTests.Lines($"b{batch}-", 300))).Status);
        // SQLite begins it anew from a thousand pages of 4 KiB on, after the write that went beyond them; without an end it would be twice this by now.
        Assert.InRange(new FileInfo(server.StorePath + "-wal").Length, 1, 6 << 20);
    }

    [Fact]
    public async Task Traffic_that_could_not_be_kept_makes_no_older_traffic_too_old()
    {
        await using var server = await RunningServer.Start(change: options => options with { Limits = new ServeLimits { RetentionDays = 1, StoreBytes = 400_000 } });
        Assert.Equal(200, (await server.Post("/v1/exchanges", ServeTests.Lines("a", 3))).Status);
        var later = string.Concat(Enumerable.Range(0, 16_000).Select(i => $$"""{"id":"l{{i}}","time":"2026-04-02T00:00:00Z","account":"l{{i}}","prompt":"Which of the bridges over river number {{i}} is the oldest one?"}""" + "\n"));
        Assert.Equal(507, (await server.Post("/v1/exchanges", later)).Status);
        Assert.Equal(3, (await server.Post("/v1/exchanges", ServeTests.Lines("b", 3))).Json.GetProperty("accepted_count").GetInt32());
    }

    [Fact]
    public async Task A_key_that_asks_more_than_it_may_is_told_when_to_come_again_and_others_are_not()
    {
        await using var server = await RunningServer.Start(change: options => options with { Limits = new ServeLimits { KeyRate = 1e6 } });
        var (slow, slowText) = ApiKey.Make("slow", Scopes.Read, TimeProvider.System.GetUtcNow(), null, rate: 0.001);
        var (free, freeText) = ApiKey.Make("free", Scopes.Read, TimeProvider.System.GetUtcNow(), null);
        server.Server.State.Store.Keys.Add(slow);
        server.Server.State.Store.Keys.Add(free);
        server.Server.State.Keys.Load();
        Assert.Equal(200, (await server.Get("/v1/campaigns", slowText)).Status);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/campaigns") { Headers = { Authorization = new("Bearer", slowText) } };
        using var refused = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 1000);
        for (var i = 0; i < 20; i++) Assert.Equal(200, (await server.Get("/v1/campaigns", freeText)).Status);
    }

    [Fact]
    public async Task A_rate_keeps_no_gateway_from_asking_and_decisions_may_have_one_of_their_own()
    {
        async Task<List<int>> Asked(ServeLimits limits)
        {
            await using var server = await RunningServer.Start(change: options => options with { Limits = limits });
            var (key, text) = ApiKey.Make("gateway", Scopes.Decide | Scopes.Read, TimeProvider.System.GetUtcNow(), null, rate: 0.001);
            server.Server.State.Store.Keys.Add(key);
            server.Server.State.Keys.Load();
            Assert.Equal(200, (await server.Get("/v1/campaigns", text)).Status);
            Assert.Equal(429, (await server.Get("/v1/campaigns", text)).Status);
            var answers = new List<int>();
            for (var i = 0; i < 20; i++) answers.Add((await server.Post("/v1/decide", """{"account":"a"}""", text)).Status);
            answers.Add((await server.Post("/beta/litellm_basic_guardrail_api", """{"input_type":"request","request_data":{"user_api_key_user_id":"a"}}""", text)).Status);
            return answers;
        }

        Assert.All(await Asked(new ServeLimits { KeyRate = 0.001 }), status => Assert.Equal(200, status));
        var bounded = await Asked(new ServeLimits { DecideRate = 0.001 });
        Assert.Equal((200, 20), (bounded[0], bounded.Count(status => status == 429)));
    }

    [Fact]
    public async Task An_approved_access_rule_that_is_made_harsher_waits_again_over_a_restart_as_well()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.Path;
        var policy = Path.Combine(folder, "policy.yaml");
        void Write(string rule) => File.WriteAllText(policy, "version: 1\nmode: enforce\nbrake: {account_share: 0}\naccess:\n  - {rule: other, " + rule + "}\n");
        static async Task<(string?, string?)> Asked(RunningServer server)
        {
            var json = (await server.Post("/v1/decide", """{"account":"foreign"}""")).Json;
            return (json.GetProperty("action").GetString(), json.GetProperty("state").GetString());
        }

        static async Task<string> Waiting(RunningServer server) => string.Join(' ', (await server.Get("/v1/approvals")).Json.GetProperty("pending").EnumerateArray().Select(one => one.GetProperty("why").GetString()));
        Write("when: {owner_country: XA}, then: [verify]");
        await using (var server = await RunningServer.Start(folder, options => options with { PolicyPath = policy }))
        {
            await server.Send(HttpMethod.Put, "/v1/accounts", """[{"account":"foreign","owner_country":"XA"}]""");
            Assert.Equal("awaiting-approval", (await Asked(server)).Item2);
            Assert.Equal("brake", await Waiting(server));
            var digest = (await server.Get("/v1/approvals")).Json.GetProperty("pending")[0].GetProperty("rule_sha256").GetString();
            Assert.Equal(409, (await server.Post("/v1/approvals/access/other/approve?rule_sha256=0123", """{"by":"ada","note":"terms"}""")).Status);
            Assert.Equal(200, (await server.Post($"/v1/approvals/access/other/approve?rule_sha256={digest}", """{"by":"ada","note":"terms"}""")).Status);
            Assert.Equal(("verify", "effective"), await Asked(server));
            Write("when: {verified: false}, then: [suspend]");
            await server.Send(HttpMethod.Put, "/v1/accounts", """[{"account":"foreign","owner_country":"XA","verified":false}]""");
            server.Server.State.Policy!.Look();
            Assert.Equal(("observe", "awaiting-approval"), await Asked(server));
            Assert.Equal("changed", await Waiting(server));
        }

        await using (var again = await RunningServer.Start(folder, options => options with { PolicyPath = policy }))
        {
            Assert.Equal(("observe", "awaiting-approval"), await Asked(again));
            Assert.Equal(200, (await again.Post("/v1/approvals/access/other/deny", """{"by":"ada","note":"too harsh"}""")).Status);
            Assert.Equal(("observe", "denied"), await Asked(again));
            Assert.Equal("", await Waiting(again));
        }
    }

    [Fact]
    public async Task A_time_that_has_passed_ends_nothing_and_is_refused()
    {
        await using var server = await RunningServer.Start();
        foreach (var path in new[] { "/v1/accounts/a/reverse", "/v1/accounts/a/grants" })
        {
            const string body = """{"by":"ada","note":"seen","kind":"program","name":"research","evidence":"a letter"}""";
            var (status, json) = await server.Post(path + "?until=2020-01-01T00:00:00Z", body);
            Assert.Equal((400, "until"), (status, json.GetProperty("title").GetString()));
            Assert.Contains("in the past", json.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.Equal(200, (await server.Post(path + "?until=2090-01-01T00:00:00Z", body)).Status);
        }

        Assert.Single(server.Server.State.Store.Decisions.LoadReversals());
    }

    [Fact]
    public async Task A_reversal_is_shown_while_it_holds_whether_the_account_sends_anything_or_not()
    {
        var clock = new JumpingClock { Now = new DateTimeOffset(2026, 3, 3, 0, 0, 0, TimeSpan.Zero) };
        await using var server = await RunningServer.Start(time: clock);
        async Task<(int Status, string? By)> Reversal(string account)
        {
            var (status, json) = await server.Get("/v1/accounts/" + account);
            return (status, json.TryGetProperty("reversal", out var reversal) && reversal.ValueKind == System.Text.Json.JsonValueKind.Object ? reversal.GetProperty("by").GetString() : null);
        }

        Assert.Equal((404, null), await Reversal("silent"));
        foreach (var account in new[] { "silent", "a1", "b" })
            Assert.Equal(200, (await server.Post($"/v1/accounts/{account}/reverse?until=2026-03-04T00:00:00Z", """{"by":"ada","note":"a customer we know"}""")).Status);
        await server.Send(HttpMethod.Put, "/v1/accounts", """[{"account":"a1"},{"account":"b"}]""");
        await server.Send(HttpMethod.Delete, "/v1/accounts/b");
        foreach (var account in new[] { "silent", "a1", "b" }) Assert.Equal((200, "ada (local)"), await Reversal(account));

        clock.Now = clock.Now.AddDays(1);
        Assert.Equal((404, null), await Reversal("silent"));
        Assert.Equal((200, null), await Reversal("a1"));
        Assert.Equal(200, (await server.Post("/v1/accounts/silent/appeals", """{"by":"owner","note":"why"}""")).Status);
        Assert.Equal((200, null), await Reversal("silent"));
    }

    [Fact]
    public async Task A_grant_is_listed_while_it_holds_and_one_that_has_run_out_is_none()
    {
        var clock = new JumpingClock { Now = new DateTimeOffset(2026, 3, 3, 0, 0, 0, TimeSpan.Zero) };
        await using var server = await RunningServer.Start(time: clock);
        async Task<(int Status, string Names)> Granted(string account)
        {
            var (status, json) = await server.Get("/v1/accounts/" + account);
            return (status, status == 200 ? string.Join(' ', json.GetProperty("grants").EnumerateArray().Select(grant => grant.GetProperty("name").GetString())) : "");
        }

        var (_, brief) = await server.Post("/v1/accounts/a/grants?until=2026-03-04T00:00:00Z", """{"kind":"entitlement","name":"brief","evidence":"seen","by":"bob"}""");
        await server.Post("/v1/accounts/a/grants", """{"kind":"entitlement","name":"lasting","evidence":"seen","by":"bob"}""");
        await server.Post("/v1/accounts/b/grants?until=2026-03-04T00:00:00Z", """{"kind":"program","name":"research","evidence":"seen","by":"bob"}""");
        Assert.Equal(((200, "brief lasting"), (200, "research")), (await Granted("a"), await Granted("b")));
        clock.Now = clock.Now.AddDays(1);
        Assert.Equal(((200, "lasting"), (404, "")), (await Granted("a"), await Granted("b")));
        Assert.Equal(404, (await server.Send(HttpMethod.Delete, $"/v1/accounts/a/grants/{brief.GetProperty("id").GetInt64()}", """{"by":"bob","note":"it ended"}""")).Status);
    }

    [Fact]
    public async Task Prompts_are_kept_only_where_they_were_asked_for_and_only_so_long()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.Path;
        var clock = new JumpingClock { Now = new DateTimeOffset(2026, 3, 3, 0, 0, 0, TimeSpan.Zero) };
        static async Task<int> Kept(RunningServer server) => (await server.Get("/v1/accounts/a1/prompts")).Json.GetProperty("prompts").GetArrayLength();
        await using (var server = await RunningServer.Start(folder, time: clock))
        {
            await server.Post("/v1/exchanges", ServeTests.Lines("a", 9));
            Assert.Equal(0, await Kept(server));
        }

        await using (var server = await RunningServer.Start(folder, options => options with { Limits = new ServeLimits { PromptDays = 7 } }, clock))
        {
            await server.Post("/v1/exchanges", ServeTests.Lines("b", 18));
            var prompt = (await server.Get("/v1/accounts/a1/prompts")).Json.GetProperty("prompts")[0];
            Assert.Equal(("b10", "user", "Name a river. 10"), (prompt.GetProperty("id").GetString(), prompt.GetProperty("parts")[0].GetProperty("role").GetString(), prompt.GetProperty("parts")[0].GetProperty("text").GetString()));
            Assert.Equal(2, await Kept(server));
            Assert.Contains(server.Server.State.Store.Audit.After(0, 100), record => record.Entry.Kind == "prompts-read");
            clock.Now = clock.Now.AddDays(8);
            server.Server.State.Prompts.Expire();
            Assert.Equal(0, await Kept(server));
            await server.Post("/v1/exchanges", ServeTests.Lines("c", 9));
            Assert.Equal(1, await Kept(server));
        }

        // Who asks for none any more keeps none.
        await using var again = await RunningServer.Start(folder, time: clock);
        Assert.Equal(0, await Kept(again));
    }

    private static async Task<TcpClient> Connect(RunningServer server, string sent)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Http.BaseAddress!.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(sent));
        return client;
    }

    private sealed class JumpingClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
