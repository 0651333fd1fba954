using Stillhunt.Tests.Ingest;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Stillhunt.Ledger;
using Stillhunt.Server;
using Stillhunt.Server.Security;
using Stillhunt.Server.Store;
using Stillhunt.Server.Store.Sqlite;
using Stillhunt.Sketches;
using Stillhunt.Tests.Ledger;

namespace Stillhunt.Tests.Server;

public sealed class ServeTests
{
    [Fact]
    public async Task What_is_acknowledged_is_counted_once_and_is_there_after_a_restart()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.Path;
        await using (var server = await RunningServer.Start(folder))
        {
            var (status, json) = await server.Post("/v1/exchanges", Lines("x", 30));
            Assert.Equal((200, 30), (status, json.GetProperty("accepted_count").GetInt32()));
            (_, json) = await server.Post("/v1/exchanges", Lines("x", 31));
            Assert.Equal((1, 30), (json.GetProperty("accepted_count").GetInt32(), json.GetProperty("duplicate_count").GetInt32()));
        }

        await using var again = await RunningServer.Start(folder);
        Assert.Equal(31, (await again.Get("/v1/status")).Json.GetProperty("exchange_count").GetInt32());
        Assert.Equal(31, (await again.Post("/v1/exchanges", Lines("x", 31))).Json.GetProperty("duplicate_count").GetInt32());
    }

    [Fact]
    public async Task Arrays_gzip_litellm_and_otlp_are_taken_and_what_is_refused_is_named_by_line()
    {
        await using var server = await RunningServer.Start();
        Assert.Equal(3, (await server.Post("/v1/exchanges", "[" + string.Join(',', Lines("a", 3).Split('\n', StringSplitOptions.RemoveEmptyEntries)) + "]")).Json.GetProperty("accepted_count").GetInt32());

        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(Lines("z", 4)));
        Assert.Equal(4, (await server.Send(HttpMethod.Post, "/v1/exchanges", bytes: zipped.ToArray(), encoding: "gzip")).Json.GetProperty("accepted_count").GetInt32());
        Assert.Equal(400, (await server.Send(HttpMethod.Post, "/v1/exchanges", bytes: zipped.ToArray()[..^9], encoding: "gzip")).Status);

        Assert.Equal(1, (await server.Post("/v1/exchanges", "[" + Stillhunt.Ingest.LogFormats.LiteLlm.Example + "]")).Json.GetProperty("accepted_count").GetInt32());
        var (status, json) = await server.Post("/v1/traces", Stillhunt.Ingest.LogFormats.Otlp.Example);
        Assert.Equal((200, "{}"), (status, json.GetRawText()));

        (status, json) = await server.Post("/v1/exchanges", Lines("b", 1) + "{\"time\":\"never\",\"account\":\"a\"}\nnothing\n");
        Assert.Equal((200, 2), (status, json.GetProperty("rejected_count").GetInt32()));
        Assert.Equal([2, 3], json.GetProperty("rejected").EnumerateArray().Select(record => record.GetProperty("line").GetInt32()));
        Assert.Equal(400, (await server.Post("/v1/exchanges", "nothing")).Status);

        (status, json) = await server.Post("/v1/exchanges", Lines("c", 1) + string.Concat(Enumerable.Range(0, 2).Select(i => $$"""{"time":1769947200,"account":"a","id":"d{{i}}","status":"429","ip":[]}""" + "\n")));
        Assert.Equal((200, 3, 0, 4), (status, json.GetProperty("accepted_count").GetInt32(), json.GetProperty("rejected_count").GetInt32(), json.GetProperty("dropped_field_count").GetInt32()));
        Assert.Equal(["""{"line":2,"field":"status","count":2}""", """{"line":2,"field":"ip","count":2}"""], json.GetProperty("dropped_fields").EnumerateArray().Select(field => field.GetRawText().Replace(" ", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_room_in_the_queue_or_the_store_the_caller_is_told_to_come_again()
    {
        await using (var narrow = await RunningServer.Start(change: options => options with { Limits = new ServeLimits { WaitingBytes = 100 } }))
        {
            using var answer = await narrow.Http.PostAsync(new Uri("/v1/exchanges", UriKind.Relative), new StringContent(Lines("x", 30)));
            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        await using var full = await RunningServer.Start(change: options => options with { Limits = new ServeLimits { StoreBytes = 400_000 } });
        long accepted = 0;
        var status = 200;
        for (var batch = 0; batch < 200 && status == 200; batch++)
        {
            (status, var json) = await full.Post("/v1/exchanges", Lines($"b{batch}-", 50, new string('w', 300)));
            if (status == 200) accepted += json.GetProperty("accepted_count").GetInt32();
        }

        Assert.Equal(507, status);
        Assert.Equal(accepted, (await full.Get("/v1/status")).Json.GetProperty("exchange_count").GetInt64());
    }

    [Fact]
    public async Task From_the_first_key_on_every_caller_needs_one_with_the_right_scope()
    {
        await using var server = await RunningServer.Start();
        Assert.Equal(200, (await server.Get("/v1/campaigns")).Status);
        var store = server.Server.State.Store;
        var (reader, readerText) = ApiKey.Make("reader", Scopes.Read, DateTimeOffset.UnixEpoch.AddYears(56), null);
        var (expired, expiredText) = ApiKey.Make("expired", Scopes.Admin, DateTimeOffset.UnixEpoch, TimeSpan.FromDays(1));
        store.Keys.Add(reader);
        store.Keys.Add(expired);
        server.Server.State.Keys.Load();

        Assert.Equal(401, (await server.Get("/v1/campaigns")).Status);
        Assert.Equal(200, (await server.Get("/v1/campaigns", readerText)).Status);
        Assert.Equal(403, (await server.Post("/v1/exchanges", Lines("x", 1), readerText)).Status);
        Assert.Equal(401, (await server.Get("/v1/campaigns", expiredText)).Status);
        Assert.Equal(401, (await server.Get("/v1/campaigns", readerText[..^1] + (readerText[^1] == 'A' ? 'B' : 'A'))).Status);
        Assert.Equal(200, (await server.Get("/healthz")).Status);

        Assert.True(store.Keys.Revoke(reader.Id, 1));
        server.Server.State.Keys.Load();
        Assert.Equal(401, (await server.Get("/v1/campaigns", readerText)).Status);
        Assert.DoesNotContain(readerText, string.Join('\n', store.Keys.Load()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_endpoint_says_whom_it_serves_and_serves_nobody_else()
    {
        await using var server = await RunningServer.Start();
        var keys = Enum.GetValues<Scopes>().Where(scope => scope != Scopes.None).ToDictionary(scope => scope, scope =>
        {
            var others = Scopes.Ingest | Scopes.Accounts | Scopes.Decide | Scopes.Read | Scopes.Act | Scopes.Share;
            var (key, text) = ApiKey.Make("all but " + scope, others & ~scope, TimeProvider.System.GetUtcNow(), null);
            server.Server.State.Store.Keys.Add(key);
            return text;
        });
        server.Server.State.Keys.Load();
        Assert.True(server.Server.Endpoints.Count > 20);
        foreach (var endpoint in server.Server.Endpoints)
        {
            var needed = endpoint.Metadata.GetMetadata<RequiredScope>();
            Assert.True(needed is not null, endpoint.RoutePattern.RawText);
            if (needed.Scope == Scopes.None) continue;
            var path = System.Text.RegularExpressions.Regex.Replace(endpoint.RoutePattern.RawText!, @"\{\**\w+\}", "x");
            var method = new HttpMethod(endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()?.HttpMethods[0] ?? "GET");
            Assert.Equal(403, (await server.Send(method, path, key: keys[needed.Scope])).Status);
            Assert.Equal(401, (await server.Send(method, path)).Status);
        }
    }

    [Fact]
    public async Task Without_keys_a_page_lured_here_by_dns_and_one_that_posts_are_refused()
    {
        await using var server = await RunningServer.Start();
        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/v1/campaigns") { Headers = { Host = "evil.example" } };
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Http.SendAsync(rebound)).StatusCode);
        using var page = new HttpRequestMessage(HttpMethod.Post, "/v1/exchanges") { Content = new StringContent(Lines("x", 1)) };
        page.Headers.Add("Origin", "https://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Http.SendAsync(page)).StatusCode);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", false, "no key")]
    [InlineData("http://*:0", true, "in clear")]
    [InlineData("https://127.0.0.1:0", true, "--certificate")]
    [InlineData("ftp://127.0.0.1", true, "no address")]
    public void What_strangers_could_reach_needs_keys_and_tls(string url, bool keys, string why)
    {
        var refused = Assert.Throws<ServeRefusedException>(() => ListenAddress.Check(new ServeOptions { StorePath = "s.db", Urls = [url] }, !keys));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_decides_on_known_campaigns_and_people_overrule_it()
    {
        var folder = Directory.CreateTempSubdirectory("stillhunt-serve-").FullName;
        var policy = CampaignUnder(folder, """
            version: 1
            mode: enforce
            brake: {account_share: 1, verified: 100}
            campaigns:
              - {rule: cap-them, when: {confidence: 0.8}, then: [{cap: {requests_per_hour: 5}}]}
            access:
              - {rule: not-served, when: {owner_country: XA}, then: [hold]}
            """, "a1", "a2");
        try
        {
            await using var server = await RunningServer.Start(folder, options => options with { PolicyPath = policy });
            Assert.Equal(200, (await server.Send(HttpMethod.Put, "/v1/accounts", """[{"account":"a1"},{"account":"a2"},{"account":"foreign","owner_country":"XA"}]""")).Status);
            await server.Post("/v1/campaigns/c-1/confirm", """{"by":"ada","note":"looked at it"}""");

            var (status, json) = await server.Post("/v1/decide", """{"requests":[{"account":"a1"},{"account":"stranger"},{"account":"foreign"}]}""");
            Assert.Equal(200, status);
            Assert.Equal(["cap", "observe", "hold"], json.GetProperty("decisions").EnumerateArray().Select(decision => decision.GetProperty("action").GetString()));
            var capped = json.GetProperty("decisions")[0];
            Assert.Equal(("c-1", "cap-them", 5), (capped.GetProperty("campaign").GetString(), capped.GetProperty("rule").GetString(), capped.GetProperty("obligations")[0].GetProperty("requests_per_hour").GetInt32()));

            var polled = (await server.Get("/v1/decisions/stream")).Json;
            Assert.Equal(2, Assert.Single(polled.GetProperty("decisions").EnumerateArray()).GetProperty("accounts").GetArrayLength());

            Assert.Equal(200, (await server.Post("/v1/accounts/a1/reverse", """{"by":"ada","note":"appeal 17"}""")).Status);
            Assert.Equal("reversed", (await server.Post("/v1/decide", """{"account":"a1"}""")).Json.GetProperty("state").GetString());
            var since = polled.GetProperty("seq").GetInt64();
            Assert.Equal("a2", Assert.Single((await server.Get($"/v1/decisions/stream?since={since}")).Json.GetProperty("decisions")[0].GetProperty("accounts").EnumerateArray()).GetProperty("id").GetString());

            await server.Post("/v1/campaigns/c-1/dismiss", """{"by":"ada","note":"a customer's evaluation"}""");
            Assert.Equal("observe", (await server.Post("/v1/decide", """{"account":"a2"}""")).Json.GetProperty("action").GetString());
            Assert.Equal(["c-1/cap-them"], (await server.Get($"/v1/decisions/stream?since={since}")).Json.GetProperty("ended").EnumerateArray().Select(id => id.GetString()));

            var trail = server.Server.State.Store.Audit.After(0, 1000);
            Assert.Null(Stillhunt.Server.Decisions.AuditJson.Verify(trail, out _, out _));
            Assert.Equal(["policy", "reversal", "review", "verdict"], trail.Select(record => record.Entry.Kind).Where(kind => kind != "verdict-ended").Distinct().Order());

            File.WriteAllText(policy, "version: 1\nmode: act\n");
            server.Server.State.Policy!.Look();
            Assert.Equal(2, (await server.Get("/v1/policy")).Json.GetProperty("faults")[0].GetProperty("line").GetInt32());
            Assert.Equal("hold", (await server.Post("/v1/decide", """{"account":"foreign"}""")).Json.GetProperty("action").GetString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_deletion_stands_in_the_trail_with_its_source_and_one_that_found_nothing_as_such()
    {
        using var temporary = new TemporaryFolder();
        await using var server = await RunningServer.Start(temporary.Path);
        await server.Send(HttpMethod.Put, "/v1/accounts", """[{"account":"a1"}]""");
        foreach (var path in new[] { "/v1/accounts/a1", "/v1/accounts/a1", "/v1/accounts/A1?source=eu" }) Assert.Equal(200, (await server.Send(HttpMethod.Delete, path)).Status);
        Assert.Equal([("deletion", """{"source":"default","account":"a1"}"""), ("deletion-of-nothing", """{"source":"default","account":"a1"}"""), ("deletion-of-nothing", """{"source":"eu","account":"A1"}""")],
            server.Server.State.Store.Audit.After(0, 100).Select(record => (record.Entry.Kind, record.Entry.Body)));
    }

    [Fact]
    public async Task An_account_that_is_deleted_while_a_round_of_detection_runs_is_not_brought_back_by_it()
    {
        await using var server = await RunningServer.Start();
        var state = server.Server.State;
        var rounds = 0;
        state.Detection.Complete = result =>
        {
            if (Interlocked.Increment(ref rounds) > 1) return result;
            // As the round ends: it was begun with the account in its state.
            Assert.Equal(200, server.Send(HttpMethod.Delete, "/v1/accounts/a1").GetAwaiter().GetResult().Status);
            return result with { Campaigns = [MadeCampaigns.Detected("c-1", ["a1", "a2", "a3"])] };
        };
        await server.Post("/v1/exchanges", Lines("a", 30));
        Assert.True(await RunningServer.Until(() => Task.FromResult(state.Campaigns.Campaigns.Count > 0)));
        var campaign = Assert.Single(state.Campaigns.Campaigns);
        Assert.Equal(["a2", "a3"], campaign.Latest.Accounts.Select(account => account.Id));
        Assert.Equal(["a2", "a3"], campaign.Members.Select(member => member.Id));
        Assert.Equal(404, (await server.Get("/v1/accounts/a1")).Status);
        Assert.Equal(["a2", "a3"], Assert.Single(state.Store.Campaigns.Load()).Members.Select(member => member.Id));
    }

    [Fact]
    public async Task The_trail_tells_a_verdict_once_over_a_restart_and_its_end_when_it_came_meanwhile()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.Path;
        var policy = CampaignUnder(folder, "version: 1\nmode: enforce\nbrake: {account_share: 1}\ncampaigns:\n  - {rule: hold-it, when: {confidence: 0.8}, then: [hold], lasts: 30d}\n", "a1", "a2");
        async Task<string[]> Verdicts(Func<RunningServer, Task> act)
        {
            await using var server = await RunningServer.Start(folder, options => options with { PolicyPath = policy });
            await act(server);
            return [.. server.Server.State.Store.Audit.After(0, 100).Where(record => record.Entry.Kind.StartsWith("verdict", StringComparison.Ordinal)).Select(record => record.Entry.Kind)];
        }

        // It waits for a person until the brake knows how many accounts there are.
        var told = await Verdicts(server => server.Send(HttpMethod.Put, "/v1/accounts", """[{"account":"a1"},{"account":"a2"}]"""));
        Assert.Equal(["verdict", "verdict"], told);
        Assert.Equal(told, await Verdicts(server => server.Post("/v1/decide", """{"account":"a1"}""")));
        using (var store = SqliteStore.Open(Path.Combine(folder, "s.db"), KeyedHash.Fixed)) store.Campaigns.Save([MadeCampaigns.Tracked("c-1", ["a1"], since: TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds())], []);
        string[] ended = [.. told, "verdict-ended"];
        Assert.Equal(ended, await Verdicts(_ => Task.CompletedTask));
        using (var store = SqliteStore.Open(Path.Combine(folder, "s.db"), KeyedHash.Fixed)) Assert.Contains("\"id\":\"a2\"", store.Audit.After(0, 100)[^1].Entry.Body, StringComparison.Ordinal);
        string[] bothEnded = [.. ended, "verdict-ended"];
        Assert.Equal(bothEnded, await Verdicts(server => server.Post("/v1/campaigns/c-1/dismiss", """{"by":"ada","note":"a customer"}""")));
        Assert.Equal(bothEnded, await Verdicts(_ => Task.CompletedTask));
    }

    [Fact]
    public async Task An_approval_for_a_campaign_that_became_part_of_another_is_refused_and_says_where_to_look()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.Path;
        var policy = CampaignUnder(folder, "version: 1\nmode: enforce\ncampaigns:\n  - {rule: hold-it, when: {confidence: 0.8}, then: [hold], approval: true}\n", "a1", "a2");
        using (var store = SqliteStore.Open(Path.Combine(folder, "s.db"), KeyedHash.Fixed)) store.Campaigns.Save([MadeCampaigns.Tracked("c-0", ["a9"]) with { MergedInto = "c-1" }], []);
        await using var server = await RunningServer.Start(folder, options => options with { PolicyPath = policy });
        var (status, problem) = await server.Post("/v1/approvals/c-0/hold-it/approve", """{"by":"ada","note":"looked at it"}""");
        Assert.Equal((409, "campaign-merged"), (status, problem.GetProperty("title").GetString()));
        Assert.Contains("c-1", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(server.Server.State.Store.Audit.After(0, 100), record => record.Entry.Kind == "approval");
        Assert.Equal(200, (await server.Post("/v1/approvals/c-1/hold-it/approve", """{"by":"ada","note":"looked at it"}""")).Status);
    }

    [Fact]
    public async Task An_entitlement_lifts_a_verdict_that_stands_with_the_next_decision_and_the_trail_tells_it()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.Path;
        var policy = CampaignUnder(folder, "version: 1\nmode: enforce\nbrake: {account_share: 1}\ncampaigns:\n  - {rule: suspend-it, when: {confidence: 0.8}, then: [suspend], lasts: 30d}\n", "a1", "a2", "a3");
        await using var server = await RunningServer.Start(folder, options => options with { PolicyPath = policy });
        async Task<string?> Action(string account) => (await server.Post("/v1/decide", $$"""{"account":"{{account}}"}""")).Json.GetProperty("action").GetString();
        await server.Send(HttpMethod.Put, "/v1/accounts", """[{"account":"a1"},{"account":"a2"},{"account":"a3"}]""");
        Assert.Equal("suspend", await Action("a1"));

        Assert.Equal(200, (await server.Send(HttpMethod.Put, "/v1/accounts", """[{"account":"a1","entitlement":"contract 7","entitlement_until":"9999-12-31"}]""")).Status);
        var (_, grant) = await server.Post("/v1/accounts/a2/grants", """{"kind":"entitlement","name":"contract 5","evidence":"seen","by":"bob"}""");
        Assert.Equal("observe, observe, suspend", string.Join(", ", await Action("a1"), await Action("a2"), await Action("a3")));
        var lifted = server.Server.State.Store.Audit.After(0, 100).Where(record => record.Entry.Kind == "verdict-ended").Select(record => record.Entry.Body).ToList();
        Assert.Equal(2, lifted.Count);
        Assert.All(lifted, body => Assert.Contains("\"entitled\":true", body, StringComparison.Ordinal));

        Assert.Equal(200, (await server.Send(HttpMethod.Delete, $"/v1/accounts/a2/grants/{grant.GetProperty("id").GetInt64()}", """{"by":"bob","note":"it ended"}""")).Status);
        Assert.Equal("suspend", await Action("a2"));
    }

    [Fact]
    public async Task An_appeal_waits_for_a_person_who_rejects_it_or_grants_it_by_a_reversal()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.Path;
        var policy = CampaignUnder(folder, "version: 1\nmode: enforce\nbrake: {account_share: 1}\ncampaigns:\n  - {rule: cap-them, when: {confidence: 0.8}, then: [verify]}\n", "a1", "a2");
        await using (var server = await RunningServer.Start(folder, options => options with { PolicyPath = policy }))
        {
            await server.Send(HttpMethod.Put, "/v1/accounts", """[{"account":"a1"},{"account":"a2"}]""");
            server.Server.State.Decisions.Refresh();
            var (status, noted) = await server.Post("/v1/accounts/a1/appeals", """{"by":"support","note":"They say that it is their evaluation."}""");
            Assert.Equal((200, "c-1/cap-them", "open"), (status, noted.GetProperty("against").GetString(), noted.GetProperty("outcome").GetString()));
            var second = (await server.Post("/v1/accounts/a2/appeals", """{"by":"support","note":"They say that they know nothing."}""")).Json.GetProperty("id").GetInt64();
            // Until somebody decides the verdict stands.
            Assert.Equal("verify", (await server.Post("/v1/decide", """{"account":"a1"}""")).Json.GetProperty("action").GetString());
            var open = (await server.Get("/v1/appeals")).Json.GetProperty("open");
            Assert.Equal(["a1", "a2"], open.EnumerateArray().Select(appeal => appeal.GetProperty("account").GetString()));
            Assert.Equal("verify", open[0].GetProperty("decision").GetProperty("action").GetString());

            Assert.Equal(200, (await server.Post($"/v1/appeals/{second}/reject", """{"by":"ada","note":"The rows are plain."}""")).Status);
            Assert.Equal(404, (await server.Post($"/v1/appeals/{second}/reject", """{"by":"ada","note":"again"}""")).Status);
            Assert.Equal(400, (await server.Post("/v1/accounts/a1/appeals", """{"by":"support"}""")).Status);
            await server.Post("/v1/accounts/a1/reverse", """{"by":"ada","note":"contract seen"}""");
        }

        await using var again = await RunningServer.Start(folder, options => options with { PolicyPath = policy });
        Assert.Equal(0, (await again.Get("/v1/appeals")).Json.GetProperty("open").GetArrayLength());
        var account = (await again.Get("/v1/accounts/a1")).Json;
        Assert.Equal("contract seen", account.GetProperty("reversal").GetProperty("note").GetString());
        Assert.Equal(("granted", "contract seen"), (account.GetProperty("appeals")[0].GetProperty("outcome").GetString(), account.GetProperty("appeals")[0].GetProperty("decided_note").GetString()));
        Assert.Equal("rejected", (await again.Get("/v1/accounts/a2")).Json.GetProperty("appeals")[0].GetProperty("outcome").GetString());
        Assert.Equal("verify", (await again.Post("/v1/decide", """{"account":"a2"}""")).Json.GetProperty("action").GetString());
        Assert.Equal(["appeal", "appeal", "appeal-rejected", "reversal"], again.Server.State.Store.Audit.After(0, 1000).Select(record => record.Entry.Kind).Where(kind => kind.StartsWith("appeal", StringComparison.Ordinal) || kind == "reversal"));
        await again.Send(HttpMethod.Delete, "/v1/accounts/a2");
        Assert.Empty(again.Server.State.Store.Decisions.AppealsOf(new Stillhunt.Profiles.AccountId("default", "a2")));
    }

    [Theory]
    [InlineData("arn:aws:iam::1:user/bob", "arn:aws:iam::1:user%2Fbob")]
    [InlineData("arn:aws:iam::1:user/bob", "arn%3Aaws%3Aiam%3A%3A1%3Auser%2fbob")]
    [InlineData("a%2Fb/c d", "a%252Fb%2Fc%20d")]
    [InlineData("plain", "plain")]
    public async Task An_account_with_a_slash_in_its_id_is_found_reversed_and_deleted_under_its_own_name(string account, string inPath)
    {
        await using var server = await RunningServer.Start();
        await server.Post("/v1/exchanges", $$"""{"id":"1","time":"2026-03-02T00:00:00Z","account":"{{account}}","messages":[{"role":"user","content":"q"}]}""");
        Assert.Equal(account, (await server.Get($"/v1/accounts/{inPath}")).Json.GetProperty("id").GetString());
        Assert.Equal(200, (await server.Post($"/v1/accounts/{inPath}/reverse", """{"by":"ada","note":"appeal"}""")).Status);
        Assert.Equal(account, Assert.Single(server.Server.State.Store.Decisions.LoadReversals()).Key.Id);
        Assert.Equal(1, (await server.Send(HttpMethod.Delete, $"/v1/accounts/{inPath}?source=default")).Json.GetProperty("day_count").GetInt32());
    }

    [Fact]
    public async Task An_applicant_that_shares_rare_values_with_a_campaign_scores_high_and_a_stranger_does_not()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.Path;
        using (var store = SqliteStore.Open(Path.Combine(folder, "s.db"), KeyedHash.Fixed))
        {
            store.Campaigns.Save([MadeCampaigns.Tracked("c-1", MadeCampaigns.Accounts(1, 20))], []);
            store.Accounts.Put([.. Enumerable.Range(1, 500).Select(i => new Stillhunt.Ingest.AccountRecord
            {
                Account = $"a{i}", Payment = i <= 20 ? "card-1" : $"card-{i}", EmailDomain = i <= 20 ? "mail.example" : $"m{i % 5}.example", EmailShape = "name.digits",
            })]);
        }

        await using (var server = await RunningServer.Start(folder))
        {
            var like = (await server.Post("/v1/decide/signup", """{"account":"new","payment":"card-1","email_domain":"mail.example","email_shape":"name.digits"}""")).Json;
            Assert.Equal("c-1", like.GetProperty("like_campaign").GetString());
            Assert.InRange(like.GetProperty("score").GetDouble(), 0.5, 1);
            Assert.Equal(0, (await server.Post("/v1/decide/signup", """{"account":"new","payment":"card-300","email_domain":"m1.example"}""")).Json.GetProperty("score").GetDouble());
        }

        await using var without = await RunningServer.Start(folder, options => options with { LeaveOut = new HashSet<string> { "payment", "email-shape" } });
        Assert.Equal(0, (await without.Post("/v1/decide/signup", """{"account":"new","payment":"card-1","email_domain":"mail.example","email_shape":"name.digits"}""")).Json.GetProperty("score").GetDouble());
        Assert.Equal(["payment", "email-shape"], (await without.Get("/v1/status")).Json.GetProperty("left_out").EnumerateArray().Select(kind => kind.GetString()));
    }

    [Fact]
    public async Task The_stream_gives_what_was_missed_and_then_what_happens()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.Path;
        using (var store = SqliteStore.Open(Path.Combine(folder, "s.db"), KeyedHash.Fixed))
            store.Campaigns.Save([MadeCampaigns.Tracked("c-1", ["a1"])], [new CampaignEvent(CampaignEventKind.New, "c-1", 1, "one"), new CampaignEvent(CampaignEventKind.Grown, "c-1", 2, "two")]);
        await using var server = await RunningServer.Start(folder);
        using var stream = new StreamReader(await server.Http.GetStreamAsync(new Uri("/v1/stream?after=1", UriKind.Relative)));
        Assert.Equal("id: 2", await stream.ReadLineAsync());
        Assert.Equal("event: grown", await stream.ReadLineAsync());
        await server.Post("/v1/campaigns/c-1/confirm", """{"by":"ada","note":"seen"}""");
        string? line;
        do line = await stream.ReadLineAsync(); while (line != "event: confirmed");
        using var told = JsonDocument.Parse((await stream.ReadLineAsync())!["data: ".Length..]);
        Assert.Equal("c-1", told.RootElement.GetProperty("campaign").GetString());
    }

    [Fact]
    public async Task No_request_however_malformed_is_answered_with_a_fault_of_the_server()
    {
        await using var server = await RunningServer.Start();
        (HttpMethod Method, string Path)[] targets =
        [
            (HttpMethod.Post, "/v1/exchanges"), (HttpMethod.Post, "/v1/traces"), (HttpMethod.Put, "/v1/accounts"), (HttpMethod.Post, "/v1/decide"), (HttpMethod.Post, "/v1/decide/signup"),
            (HttpMethod.Post, "/v1/campaigns/c-1/confirm"), (HttpMethod.Post, "/v1/accounts/a/reverse?until=x"), (HttpMethod.Post, "/v1/accounts/a/grants"), (HttpMethod.Post, "/v1/accounts/a/appeals"),
            (HttpMethod.Post, "/api/collections/x/objects/"), (HttpMethod.Get, "/api/collections/x/objects/?limit=x&next=%00"),
        ];
        string[] seeds =
        [
            Lines("x", 1), """{"account":"a","source":null,"model":1}""", """{"requests":[{"account":"a"},{}]}""", "account,created\na,2026", """{"by":"a","note":"b"}""", new string('[', 2000),
            """{"account":"\ud800"}""", "{\"account\":\"a\u0000\"}", """{"kind":"program","name":"x","evidence":"y","by":"z"}""", "\u00ef\u00bb\u00bf",
        ];
        var faults = new System.Collections.Concurrent.ConcurrentBag<string>();
        // A hundred times a hundred at once: ten thousand.
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<byte[]>(), (draw, noise) =>
        {
            Task.WhenAll(Enumerable.Range(0, 100).Select(i => One(new Random(unchecked((draw * 100) + i)), noise ?? []))).GetAwaiter().GetResult();
            return faults.IsEmpty;
        }).Check(Config.Quick.WithMaxTest(100));
        Assert.Empty(faults);
        Assert.Equal(200, (await server.Post("/v1/exchanges", Lines("after", 1))).Status);

        async Task One(Random random, byte[] noise)
        {
            var (method, path) = targets[random.Next(targets.Length)];
            var body = Encoding.UTF8.GetBytes(seeds[random.Next(seeds.Length)]);
            var at = random.Next(body.Length + 1);
            byte[] sent = [.. body[..at], .. noise, .. random.Next(2) == 0 ? body[at..] : []];
            var status = (await server.Send(method, path, bytes: sent, encoding: random.Next(16) == 0 ? "gzip" : null)).Status;
            if (status >= 500) faults.Add($"{path}: {status} for {Convert.ToBase64String(sent)}");
        }
    }

    [Fact]
    public async Task A_followed_file_is_read_once_through_rotation_and_restart()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.Path;
        var log = Path.Combine(folder, "log.jsonl");
        File.WriteAllText(log, Lines("one", 5) + "{\"half\":");
        await using (var server = await RunningServer.Start(folder, options => options with { Tail = [Path.Combine(folder, "*.jsonl*")] }))
        {
            Assert.True(await RunningServer.Until(async () => await Count(server) == 5));
            // Rotated while its last lines were not read yet, and made anew under the old name.
            File.WriteAllText(log, Lines("one", 8));
            File.Move(log, log + ".1");
            File.WriteAllText(log, Lines("two", 3));
            Assert.True(await RunningServer.Until(async () => await Count(server) == 11));
        }

        File.AppendAllText(log, Lines("three", 2));
        await using var again = await RunningServer.Start(folder, options => options with { Tail = [Path.Combine(folder, "*.jsonl*")] });
        Assert.True(await RunningServer.Until(async () => await Count(again) == 13));
        Assert.Equal(0, again.Server.State.Counters.Duplicates.Value);
    }

    [Fact]
    public async Task A_file_that_is_followed_by_its_name_is_read_to_its_end_when_it_is_rotated_away()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.Path;
        var log = Path.Combine(folder, "app.log");
        File.WriteAllText(log, Lines("one", 5));
        await using var server = await RunningServer.Start(folder, options => options with { Tail = [log] });
        Assert.True(await RunningServer.Until(async () => await Count(server) == 5));
        File.AppendAllText(log, Lines("late", 3));
        File.Move(log, Path.Combine(folder, "app.log.1"));
        File.WriteAllText(log, Lines("two", 4));
        Assert.True(await RunningServer.Until(async () => await Count(server) == 12));
        File.AppendAllText(log, Lines("three", 2));
        File.Delete(log);
        Assert.True(await RunningServer.Until(async () => await Count(server) == 14));
    }

    [Fact]
    public async Task A_file_that_can_not_be_read_holds_up_no_other()
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.Path;
        File.CreateSymbolicLink(Path.Combine(folder, "0.jsonl"), Path.Combine(folder, "nowhere"));
        File.WriteAllBytes(Path.Combine(folder, "1.jsonl"), [0x1F, 0x8B, 0]);
        File.WriteAllText(Path.Combine(folder, "2.jsonl"), Lines("good", 5));
        await using var server = await RunningServer.Start(folder, options => options with { Tail = [folder] });
        Assert.True(await RunningServer.Until(async () => await Count(server) == 5));
    }

    /// <summary>Keeps the campaign <c>c-1</c> of these accounts, found just now, in the folder's store, and a policy beside it.</summary>
    /// <returns>Where the policy is.</returns>
    private static string CampaignUnder(string folder, string policy, params string[] accounts)
    {
        using var store = SqliteStore.Open(Path.Combine(folder, "s.db"), KeyedHash.Fixed);
        store.Campaigns.Save([MadeCampaigns.Tracked("c-1", accounts, since: TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds())], []);
        var path = Path.Combine(folder, "policy.yaml");
        File.WriteAllText(path, policy);
        return path;
    }

    private static async Task<long> Count(RunningServer server) => (await server.Get("/v1/status")).Json.GetProperty("exchange_count").GetInt64();

    [Fact]
    public async Task A_body_that_unpacks_to_more_than_the_limit_is_refused()
    {
        await using var server = await RunningServer.Start(change: options => options with { Limits = new ServeLimits { PlainBytes = 1 << 20 } });
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal)) gzip.Write(new byte[8 << 20]);
        Assert.Equal(413, (await server.Send(HttpMethod.Post, "/v1/exchanges", bytes: zipped.ToArray(), encoding: "gzip")).Status);
        var (status, told) = await server.Send(HttpMethod.Post, "/v1/accounts/a/reverse", bytes: new byte[20_000]);
        Assert.Equal((413, "A body may have 16384 bytes."), (status, told.GetProperty("detail").GetString()));
    }

    internal static string Lines(string prefix, int count, string prompt = "Name a river.") => string.Concat(Enumerable.Range(0, count).Select(i =>
        $$"""{"id":"{{prefix}}{{i}}","time":"2026-03-02T00:{{i % 60:00}}:00Z","account":"a{{i % 9}}","usage":{"output":3},"messages":[{"role":"user","content":"{{prompt}} {{i}}"}] }""" + "\n"));
}
