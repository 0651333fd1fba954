using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stillhunt.Campaigns;
using Stillhunt.Server;
using Stillhunt.Server.Security;
using Stillhunt.Server.Sharing;
using Stillhunt.Server.Store.Sqlite;
using Stillhunt.Sharing;
using Stillhunt.Sharing.Intel;
using Stillhunt.Sharing.Taxii;
using Stillhunt.Sketches;
using Stillhunt.Tests.Cli;
using Stillhunt.Tests.Ingest;
using Stillhunt.Tests.Ledger;
using Stillhunt.Tests.Sharing;
using Stillhunt.Tests.Sharing.Taxii;

namespace Stillhunt.Tests.Server;

public sealed class SharingServeTests : IDisposable
{
    private const string Id = "8f7c1b1e-2d1a-4a57-9f43-0a6f1b2c3d41";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Taxii_is_served_to_keys_with_the_rights_that_they_were_given_and_to_nobody_else()
    {
        await using var server = await RunningServer.Start(_folder.Path);
        var store = server.Server.State.Store;
        var texts = new Dictionary<string, (ApiKey Key, string Text)>();
        foreach (var (name, scope) in new[] { ("reader", Scopes.Share), ("stranger", Scopes.Share), ("admin", Scopes.Admin), ("other", Scopes.Read) })
        {
            texts[name] = ApiKey.Make(name, scope, TimeProvider.System.GetUtcNow(), null);
            store.Keys.Add(texts[name].Key);
        }

        server.Server.State.Keys.Load();
        Assert.True(store.Sharing.AddCollection(new CollectionInfo { Id = Id, Title = "Campaigns", Alias = "campaigns", Readers = new HashSet<string> { texts["reader"].Key.Id } }));
        var collection = "/api/collections/campaigns/";

        foreach (var header in new[] { null, "Basic !!", Basic("reader", "slh_000000000000_wrong"), Basic("stranger", texts["reader"].Text), "Bearer wrong", "Digest x" })
        {
            using var refused = await Taxii(server, HttpMethod.Get, "/taxii2/", header);
            Assert.Equal((HttpStatusCode.Unauthorized, "application/taxii+json"), (refused.StatusCode, refused.Content.Headers.ContentType!.MediaType));
            var challenge = string.Join(", ", refused.Headers.GetValues("WWW-Authenticate"));
            Assert.StartsWith("Basic ", challenge, StringComparison.Ordinal);
            Assert.Contains("Bearer ", challenge, StringComparison.Ordinal);
        }

        foreach (var header in new[] { Basic("reader", texts["reader"].Text), Basic(texts["reader"].Key.Id, texts["reader"].Text), "Bearer " + texts["reader"].Text })
        {
            using var discovery = await Taxii(server, HttpMethod.Get, "/taxii2/", header);
            Assert.Equal("/api/", (string?)JsonNode.Parse(await discovery.Content.ReadAsStringAsync())!["default"]);
        }

        Assert.Equal(403, await Status(server, HttpMethod.Get, "/taxii2/", texts["other"].Text));
        Assert.Equal(200, await Status(server, HttpMethod.Get, collection, texts["reader"].Text));
        Assert.Equal(404, await Status(server, HttpMethod.Get, collection, texts["stranger"].Text));
        Assert.Equal(404, await Status(server, HttpMethod.Get, "/api/nothing/", texts["reader"].Text));
        var envelope = new JsonObject { ["objects"] = TaxiiClientTests.Many(3)["objects"]!.DeepClone() }.ToJsonString();
        Assert.Equal(403, await Status(server, HttpMethod.Post, collection + "objects/", texts["reader"].Text, envelope));
        Assert.Equal(202, await Status(server, HttpMethod.Post, collection + "objects/", texts["admin"].Text, envelope));
        Assert.Equal(200, await Status(server, HttpMethod.Get, collection + "objects/", texts["reader"].Text));
        store.Sharing.SetRights(Id, new HashSet<string>(), new HashSet<string>());
        Assert.Equal(404, await Status(server, HttpMethod.Get, collection + "objects/", texts["reader"].Text));
        // A web page that has the password at hand changes nothing.
        Assert.Equal(401, (await server.Send(HttpMethod.Get, "/v1/campaigns", key: null)).Status);
    }

    [Fact]
    public async Task What_is_confirmed_is_published_and_revoked_when_it_is_dismissed()
    {
        using (var store = SqliteStore.Open(Path.Combine(_folder.Path, "s.db"), KeyedHash.Fixed))
        {
            store.Campaigns.Save([MadeCampaigns.Tracked("c-1", MadeCampaigns.Accounts(1, 20)), MadeCampaigns.Tracked("c-2", MadeCampaigns.Accounts(21, 30))], []);
            store.Sharing.AddCollection(new CollectionInfo { Id = Id, Title = "Campaigns", Alias = "campaigns" });
            // Another member's object stands beside what is published here and is left alone.
            store.Sharing.Objects(Id).AddAll([.. ExportSample.Objects(TaxiiClientTests.Many(1))], ExportSample.Now);
        }

        var sharing = new SharingConfig { Producer = "Example Lab", Publish = [new PublishTarget("campaigns", ShareProfile.Partner)] };
        await using (var server = await RunningServer.Start(_folder.Path, options => options with { Sharing = sharing }))
        {
            await server.Post("/v1/campaigns/c-1/confirm", """{"by":"ada","note":"seen"}""");
            Assert.True(await RunningServer.Until(() => Task.FromResult(Campaigns(server).Count == 1)));
            Assert.Equal(0, server.Server.State.Publisher!.Publish());
        }

        await using var again = await RunningServer.Start(_folder.Path, options => options with { Sharing = sharing });
        await again.Post("/v1/campaigns/c-2/confirm", """{"by":"ada","note":"seen"}""");
        Assert.True(await RunningServer.Until(() => Task.FromResult(Campaigns(again).Count == 2)));
        Assert.DoesNotContain(Campaigns(again), item => (bool?)item["revoked"] == true);
        await again.Post("/v1/campaigns/c-1/dismiss", """{"by":"ada","note":"a contract"}""");
        Assert.True(await RunningServer.Until(() => Task.FromResult(Campaigns(again).Any(item => (bool?)item["revoked"] == true))));
        Assert.Equal(2, Campaigns(again).Count);
        // Everything that rested on it alone fell with it; what the other one said stands.
        Assert.Single(Objects(again, "note"), item => (string?)item["created_by_ref"] is not null && (bool?)item["revoked"] == true);
        Assert.Single(Objects(again, "note"), item => (string?)item["created_by_ref"] is not null && (bool?)item["revoked"] != true);
    }

    [Fact]
    public async Task What_others_write_into_the_collection_does_not_keep_campaigns_from_being_published_or_revoked()
    {
        var sharing = new SharingConfig { Producer = "Example Lab", Publish = [new PublishTarget("campaigns", ShareProfile.Partner)] };
        using (var store = SqliteStore.Open(Path.Combine(_folder.Path, "s.db"), KeyedHash.Fixed))
        {
            store.Campaigns.Save([MadeCampaigns.Tracked("c-1", MadeCampaigns.Accounts(1, 20))], []);
            store.Sharing.AddCollection(new CollectionInfo { Id = Id, Title = "Campaigns", Alias = "campaigns" });
        }

        await using var server = await RunningServer.Start(_folder.Path, options => options with { Sharing = sharing });
        await server.Post("/v1/campaigns/c-1/confirm", """{"by":"ada","note":"seen"}""");
        Assert.True(await RunningServer.Until(() => Task.FromResult(Campaigns(server).Count == 1)));
        // Under the producer's name, as anybody may write it, with what no reader expects; and the producer's own, at the end of time.
        var (own, note) = ((string?)Campaigns(server)[0]["created_by_ref"], Objects(server, "note")[0]);
        note["modified"] = "9999-12-31T23:59:59.999Z";
        JsonObject Odd(string type, int number, string properties) => JsonNode.Parse($$"""{"type":"{{type}}","spec_version":"2.1","id":"{{type}}--00000000-0000-4000-8000-00000000000{{number}}",{{properties}}}""")!.AsObject();
        const string Times = "\"created\":\"2026-01-01T00:00:00.000Z\",\"modified\":\"2026-01-01T00:00:00.000Z\"";
        server.Server.State.Store.Sharing.Objects(Id).AddAll(
        [
            note, Odd("note", 1, $"\"created_by_ref\":5,{Times}"), Odd("relationship", 2, $"\"created_by_ref\":\"{own}\",{Times},\"source_ref\":7,\"target_ref\":{{}}"),
            Odd("report", 3, $"\"created_by_ref\":\"{own}\",{Times},\"revoked\":\"yes\",\"object_refs\":[5,null]"),
        ], TimeProvider.System.GetUtcNow());
        await server.Post("/v1/campaigns/c-1/dismiss", """{"by":"ada","note":"a contract"}""");
        Assert.True(await RunningServer.Until(() => Task.FromResult(Campaigns(server).Any(item => (bool?)item["revoked"] == true))));
        Assert.Equal(0, server.Server.State.Publisher!.Publish());
    }

    [Fact]
    public void A_collection_takes_what_one_profile_publishes_and_no_other()
    {
        string Config(string other) => _folder.Write("serve.yaml", $"sharing:\n  producer: Example Lab\n  publish:\n    - {{collection: campaigns, profile: partner}}\n    - {{collection: {other}, profile: public}}\n");
        Assert.NotNull(ServeConfig.Load(Config("open"), out _));
        Assert.Null(ServeConfig.Load(Config("campaigns"), out var faults));
        Assert.Equal("sharing.publish", Assert.Single(faults).Field);
    }

    [Fact]
    public async Task A_file_of_indicators_that_can_not_be_read_is_told_until_it_can()
    {
        var intel = _folder.Write("intel.json", "{ broken");
        await using var server = await RunningServer.Start(_folder.Path, options => options with { Sharing = new SharingConfig { IntelPath = intel } }, new TaxiiFixture.StoppedClock());
        for (var look = 0; look < 3; look++)
        {
            server.Server.State.Intel.Look();
            Assert.Contains("does not hold a store of indicators", server.Server.State.Intel.Fault, StringComparison.Ordinal);
        }

        // In use elsewhere, and then no more, without a change of the file.
        using (var held = new FileStream(intel, FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            held.Write(Encoding.UTF8.GetBytes(IntelTraffic.Store().ToJson().ToJsonString()));
            held.Flush();
            server.Server.State.Intel.Look();
            server.Server.State.Intel.Look();
            Assert.NotNull(server.Server.State.Intel.Fault);
            File.SetLastWriteTimeUtc(held.SafeFileHandle, new DateTime(2026, 3, 10, 12, 0, 0, DateTimeKind.Utc));
            server.Server.State.Intel.Look();
        }

        server.Server.State.Intel.Look();
        Assert.Null(server.Server.State.Intel.Fault);
        Assert.True(await RunningServer.Until(async () => (await server.Get("/v1/intel")).Json.GetProperty("indicators").GetArrayLength() > 0));
    }

    [Fact]
    public async Task The_first_match_of_an_indicator_is_told_once_and_not_lost_over_restarts()
    {
        var clock = new TaxiiFixture.StoppedClock();
        var bundle = ExportSample.Export(ExportSample.Result(), ExportSample.Request(ShareProfile.Partner with { MailDomains = true }));
        var sharing = new SharingConfig { IntelPath = _folder.Write("intel.json", IntelTraffic.Store(bundle).ToJson().ToJsonString()), Key = IntelTraffic.Options().Key };
        Task<RunningServer> Start(TimeSpan interval) => RunningServer.Start(_folder.Path, options => options with { Sharing = sharing, Pace = options.Pace with { Interval = interval } }, clock);
        static int Told(RunningServer server, string kind) =>
            server.Server.State.Store.Campaigns.EventsAfter(0, 100).Count(told => told.Event.Kind == "intel" && told.Event.Text.Contains($"({kind})", StringComparison.Ordinal));
        var soon = TimeSpan.FromMilliseconds(50);
        await using (var server = await Start(soon))
        {
            await server.Send(HttpMethod.Put, "/v1/accounts", """[{"account":"worker","email_domain":"mail.example"}]""");
            await server.Post("/v1/exchanges", Exchange("worker", "Where is the nearest baker?", "w1"));
            Assert.True(await RunningServer.Until(() => Task.FromResult(Told(server, "email-domain") == 1)));
        }

        // This one ends before any detection has seen what matched.
        await using (var server = await Start(TimeSpan.FromHours(1)))
            await server.Post("/v1/exchanges", Exchange("worker", "Think it through step by step: whales, and give the final answer in 400 words", "w2"));

        await using var again = await Start(soon);
        Assert.True(await RunningServer.Until(() => Task.FromResult(Told(again, "sketch") == 1)));
        Assert.Equal(1, Told(again, "email-domain"));
    }

    [Fact]
    public async Task Indicators_of_ones_own_that_come_back_by_others_are_not_looked_for()
    {
        var intel = _folder.Write("intel.json", IntelTraffic.Store(sender: "Exchange").ToJson().ToJsonString());
        var sharing = new SharingConfig { Producer = "Example Lab", IntelPath = intel, Key = IntelTraffic.Options().Key };
        await using var server = await RunningServer.Start(_folder.Path, options => options with { Sharing = sharing }, new TaxiiFixture.StoppedClock());
        await server.Post("/v1/exchanges", Exchange("worker", "Think it through step by step: whales, and give the final answer in 400 words", "w1"));
        Assert.True(await RunningServer.Until(async () => (await server.Get("/v1/intel")).Json.GetProperty("indicators").GetArrayLength() > 0));
        Assert.All((await server.Get("/v1/intel")).Json.GetProperty("indicators").EnumerateArray(), use => Assert.Equal("own", use.GetProperty("status").GetString()));
        Assert.Empty((await server.Get("/v1/accounts/worker")).Json.GetProperty("intel").GetProperty("matches").EnumerateArray());
    }

    [Fact]
    [Trait("takes", "minutes")]
    public async Task Ten_thousand_objects_pushed_and_pulled_between_processes_are_the_same_bundle_and_imported_alike()
    {
        var key = _folder.Write("key", "0123456789abcdef\n");
        string[] at = ["--store", Path.Combine(_folder.Path, "s.db"), "--key-file", key];
        var bundle = TaxiiClientTests.Many(10_000);
        var file = _folder.Write("bundle.json", bundle.ToJsonString());
        string KeyFile(string name)
        {
            var run = CliRun.Of(["keys", "add", "--name", name, "--scope", "share", .. at]);
            Assert.Equal(0, run.ExitCode);
            return _folder.Write(name, run.Output);
        }

        var (writer, reader) = (KeyFile("writer"), KeyFile("reader"));
        string IdOf(string path) => File.ReadAllText(path).Split('_')[1];
        Assert.Equal(0, CliRun.Of(["share", "collection", "add", "--title", "Campaigns", "--alias", "campaigns", "--read", IdOf(reader), "--write", IdOf(writer), .. at]).ExitCode);
        var (server, http) = await ServedProcess.Start(at);
        using (server)
        using (http)
        {
            var address = new Uri(http.BaseAddress!, "/api/collections/campaigns/").ToString();
            var push = CliRun.Of("share", "push", file, address, "--token-file", writer);
            Assert.Contains("10,000 of 10,000 objects were taken", push.Errors, StringComparison.Ordinal);
            Assert.Equal(1, CliRun.Of("share", "push", file, address, "--token-file", reader).ExitCode);
            var pulled = Path.Combine(_folder.Path, "pulled.json");
            var pull = CliRun.Of("share", "pull", address, "--user", "reader", "--password-file", reader, "--sender", "a", "--trust", "1", "--store", pulled, "--bundle", Path.Combine(_folder.Path, "whole.json"));
            Assert.True(pull.ExitCode == 0, pull.Errors);
            Assert.True(JsonNode.DeepEquals(bundle["objects"], JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.Path, "whole.json")))!["objects"]));
            // What was pulled is a bundle like any other.
            var again = CliRun.Of("share", "import", Path.Combine(_folder.Path, "whole.json"), "--sender", "a", "--trust", "1", "--store", pulled);
            Assert.Contains($"0 indicators added, 0 newer, {ExportSample.Objects(bundle, "indicator").Count():N0} as before", again.Errors, StringComparison.Ordinal);
            var wanted = new IntelStore();
            wanted.Add(bundle, "a", 1);
            Assert.True(JsonNode.DeepEquals(wanted.ToJson(), JsonNode.Parse(File.ReadAllText(pulled))));
            var after = pull.Errors[(pull.Errors.IndexOf("--added-after ", StringComparison.Ordinal) + "--added-after ".Length)..].Trim();
            Assert.Contains("0 indicators added, 0 newer, 0 as before", CliRun.Of("share", "pull", address, "--token-file", reader, "--sender", "a", "--store", pulled, "--added-after", after).Errors, StringComparison.Ordinal);
            server.Kill();
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Indicators_of_others_are_met_at_the_first_request_with_their_source_named_and_convict_nobody()
    {
        // Keys of a group end by the clock.
        var clock = new TaxiiFixture.StoppedClock();
        var imported = IntelTraffic.Store();
        var intel = _folder.Write("intel.json", imported.ToJson().ToJsonString());
        using (var store = SqliteStore.Open(Path.Combine(_folder.Path, "s.db"), KeyedHash.Fixed))
        {
            store.Campaigns.Save([MadeCampaigns.Tracked("c-1", ["worker"])], []);
            store.Sharing.AddCollection(new CollectionInfo { Id = Id, Title = "Campaigns", Alias = "campaigns" });
        }

        var sharing = new SharingConfig
        {
            Producer = "Second Lab", Publish = [new PublishTarget("campaigns", ShareProfile.Partner)], IntelPath = intel, Key = IntelTraffic.Options().Key, Allowed = AllowList.Read(new StringReader("friend")),
        };
        await using (var server = await RunningServer.Start(_folder.Path, options => options with { Sharing = sharing }, clock))
        {
            var (detection, first) = (server.Server.State.Detection, new TaskCompletionSource<ScanResult>());
            var complete = detection.Complete;
            detection.Complete = result =>
            {
                var completed = complete(result);
                if (result.Scanned.ExchangeCount > 0) first.TrySetResult(completed);
                return completed;
            };
            await server.Post("/v1/exchanges", Exchange("worker", "Think it through step by step: the bridges of Königsberg, and give the final answer in 400 words", "w1")
                + Exchange("friend", "Think it through step by step: whales, and give the final answer in 30 words", "f1") + Exchange("person", "What is the answer in the final words of the book?", "p1")
                + string.Concat(Enumerable.Range(0, 300).Select(i => Exchange("crowd" + i, "Where is the nearest baker?", "c" + i))));
            var matches = (await server.Get("/v1/accounts/worker")).Json.GetProperty("intel").GetProperty("matches");
            Assert.Contains(matches.EnumerateArray(), match => match.GetProperty("sender").GetString() == "First Lab" && match.GetProperty("exchange_count").GetInt32() == 1);
            Assert.Empty((await server.Get("/v1/accounts/person")).Json.GetProperty("intel").GetProperty("matches").EnumerateArray());

            // Evidence in the detection that saw the traffic, not in the one after.
            Assert.Equal("worker", Assert.Single((await first.Task).Intel!.Accounts).Id);
            Assert.True(await RunningServer.Until(async () => (await server.Get("/v1/intel")).Json.GetProperty("account_count").GetInt32() == 1));
            var account = (await server.Get("/v1/accounts/worker")).Json;
            Assert.InRange(account.GetProperty("intel").GetProperty("bits").GetDouble(), 1, 6);
            Assert.Equal("First Lab: Example Lab", account.GetProperty("intel").GetProperty("matches")[0].GetProperty("source").GetString());
            Assert.Equal("observe", account.GetProperty("decision").GetProperty("action").GetString());
            var campaign = (await server.Get("/v1/campaigns/c-1")).Json;
            Assert.Equal((1, "First Lab: Example Lab", 0.9), (campaign.GetProperty("intel").GetProperty("account_count").GetInt32(), campaign.GetProperty("intel").GetProperty("sources")[0].GetString(), campaign.GetProperty("confidence").GetDouble()));
            // Told after it is shown.
            Assert.True(await RunningServer.Until(() => Task.FromResult(server.Server.State.Store.Campaigns.EventsAfter(0, 100).Any(
                told => told.Event is { Kind: "intel", Campaign: "c-1" } && told.Event.Text.Contains("First Lab: Example Lab", StringComparison.Ordinal)))));
            // What was met goes back as a sighting: counts and times, no accounts.
            Assert.True(await RunningServer.Until(() => Task.FromResult(Objects(server, "sighting").Count > 0)));
            Assert.DoesNotContain("worker", string.Concat(Objects(server, "sighting").Select(item => item.ToJsonString())), StringComparison.Ordinal);
        }

        // Hits stand in the store, and what the sender took back counts no more.
        var root = imported.ToJson();
        foreach (var received in root["received"]!.AsArray()) received!["object"]!["revoked"] = true;
        File.WriteAllText(intel, root.ToJsonString());
        await using var again = await RunningServer.Start(_folder.Path, options => options with { Sharing = sharing }, clock);
        Assert.NotEmpty((await again.Get("/v1/accounts/worker")).Json.GetProperty("intel").GetProperty("matches").EnumerateArray());
        Assert.True(await RunningServer.Until(async () => (await again.Get("/v1/intel")).Json.GetProperty("indicators").EnumerateArray().Any(use => use.GetProperty("status").GetString() == "revoked")));
        Assert.Equal(0, (await again.Get("/v1/intel")).Json.GetProperty("account_count").GetInt32());
        Assert.Equal(200, (await again.Send(HttpMethod.Delete, "/v1/accounts/worker")).Status);
        Assert.DoesNotContain(again.Server.State.Store.Sharing.LoadHits().Keys, hit => hit.Account.Id == "worker");
    }

    private static string Exchange(string account, string prompt, string id) =>
        JsonSerializer.Serialize(new { id, time = "2026-03-09T12:00:00Z", account, messages = new[] { new { role = "user", content = prompt } } }) + "\n";

    private static List<JsonObject> Campaigns(RunningServer server) => Objects(server, "campaign");

    /// <summary>The newest versions of a type in the collection.</summary>
    private static List<JsonObject> Objects(RunningServer server, string type) =>
        [.. server.Server.State.Store.Sharing.Objects(Id).After(-1, version => version.IsLast && version.Type == type, 10_000).Select(stored => JsonNode.Parse(stored.Json)!.AsObject())];

    private static string Basic(string name, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(name + ":" + password));

    private static async Task<int> Status(RunningServer server, HttpMethod method, string path, string token, string? body = null)
    {
        using var answer = await Taxii(server, method, path, "Bearer " + token, body);
        if (!answer.IsSuccessStatusCode) Assert.Equal(((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture), (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["http_status"]);
        return (int)answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> Taxii(RunningServer server, HttpMethod method, string path, string? authorization, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (body is not null) request.Content = new StringContent(body, MediaTypeHeaderValue.Parse("application/taxii+json;version=2.1"));
        return await server.Http.SendAsync(request);
    }
}
