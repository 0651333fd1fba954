using System.Text.Json;
using Stillhunt.Server;
using Stillhunt.Server.Store.Sqlite;
using Stillhunt.Sketches;
using Stillhunt.Tests.Ledger;
using Stillhunt.Tests.Sharing;

namespace Stillhunt.Tests.Server;

public sealed class SuccessionTests
{
    private static readonly string[] Items = ["the bridges of Königsberg", "why leaves turn red", "a proof that there is no such number", "who pays when a lift fails"];

    [Fact]
    public async Task A_replacement_account_is_recognised_by_its_third_exchange_and_who_was_there_before_is_not()
    {
        var folder = Known();
        try
        {
            var policy = Path.Combine(folder, "policy.yaml");
            File.WriteAllText(policy, "version: 1\nmode: enforce\nbrake: {account_share: 1}\ncampaigns:\n  - {rule: watch, when: {confidence: 0.5, probability: 0.5}, then: [flag], lasts: 3650d}\n");
            await using var server = await RunningServer.Start(folder, options => options with { PolicyPath = policy });
            await server.Post("/v1/exchanges", string.Concat(Enumerable.Range(0, 40).Select(i => Exchange("old" + i, "Where is the nearest baker?"))));
            Assert.True(await RunningServer.Until(async () => (await server.Get("/v1/status")).Json.GetProperty("account_count").GetInt32() == 40));

            foreach (var item in Items.Take(2)) await server.Post("/v1/exchanges", Family("new", item) + Exchange("passer-by", item));
            Assert.DoesNotContain("new", await Members(server));
            Assert.Equal("observe", (await server.Post("/v1/decide", """{"account":"new"}""")).Json.GetProperty("action").GetString());
            await server.Post("/v1/exchanges", Family("new", Items[2]) + Exchange("passer-by", Items[2]));
            Assert.Contains("new", await Members(server));
            Assert.DoesNotContain("passer-by", await Members(server));
            var decided = (await server.Post("/v1/decide", """{"account":"new"}""")).Json;
            Assert.Equal("flag", decided.GetProperty("action").GetString());
            Assert.StartsWith("Recognised as it came in: of the first 3 exchanges 3 show what the campaign is known by; the last of them holds 3 or more of the phrases of c-1 (“", decided.GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);
            Assert.Contains(server.Server.State.Store.Campaigns.EventsAfter(0, 100), told => told.Event is { Kind: "succession", Campaign: "c-1" });

            // Customers of old who send the same prompts make it less likely that the next one is the operator's.
            foreach (var item in Items) await server.Post("/v1/exchanges", Family("old1", item) + Family("old2", item));
            foreach (var item in Items) await server.Post("/v1/exchanges", Family("newer", item));
            Assert.Equal(["m1", "m2", "new"], (await Members(server)).Order());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_was_counted_of_an_account_is_known_after_a_restart_until_the_account_is_deleted()
    {
        var folder = Known();
        try
        {
            await using (var server = await RunningServer.Start(folder))
            {
                foreach (var item in Items.Take(2)) await server.Post("/v1/exchanges", Family("new", item) + Family("other", item));
                Assert.Equal(200, (await server.Send(HttpMethod.Delete, "/v1/accounts/other")).Status);
            }

            await using (var server = await RunningServer.Start(folder))
            {
                await server.Post("/v1/exchanges", Family("new", Items[2]) + Family("other", Items[2]));
                Assert.Equal(["m1", "m2", "new"], (await Members(server)).Order());
                var kept = server.Server.State.Store.Campaigns.LoadSuccession();
                Assert.Equal([("new", 3L, true), ("other", 1L, false)], kept.Select(row => (row.Key.Account.Id, row.Count.MatchedCount, row.Count.Counted)));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_batch_that_could_not_be_kept_counts_for_nobody()
    {
        var folder = Known();
        try
        {
            await using var server = await RunningServer.Start(folder, options => options with { Limits = new ServeLimits { StoreBytes = 400_000 } });
            Assert.Equal(200, (await server.Post("/v1/exchanges", Family("new", Items[0]))).Status);
            // Too much for the store: the same account's exchanges in it are not there, so they are none of its first.
            var large = string.Concat(Enumerable.Range(0, 16_000).Select(i => Exchange("a" + i, $"Where is the nearest baker of town {i}, and who is his brother?")));
            Assert.Equal(507, (await server.Post("/v1/exchanges", Family("new", Items[1]) + Family("new", Items[2]) + large)).Status);
            Assert.Equal(200, (await server.Post("/v1/exchanges", Family("new", Items[1]))).Status);
            Assert.DoesNotContain("new", await Members(server));
            Assert.Equal(2, Assert.Single(server.Server.State.Store.Campaigns.LoadSuccession()).Count.MatchedCount);
            await server.Post("/v1/exchanges", Family("new", Items[2]));
            Assert.Contains("new", await Members(server));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A folder with a store that knows one campaign by its phrases.</summary>
    private static string Known()
    {
        var folder = Directory.CreateTempSubdirectory("stillhunt-serve-").FullName;
        using var store = SqliteStore.Open(Path.Combine(folder, "s.db"), KeyedHash.Fixed);
        // A campaign that was last seen long ago is not looked for.
        var known = MadeCampaigns.Tracked("c-1", ["m1", "m2"], since: TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        store.Campaigns.Save([known with { Latest = known.Latest with { Indicators = ExportSample.Campaign().Indicators } }], []);
        return folder;
    }

    private static async Task<List<string>> Members(RunningServer server) =>
        [.. (await server.Get("/v1/campaigns/c-1")).Json.GetProperty("members").EnumerateArray().Select(member => member.GetProperty("id").GetString()!)];

    private static string Family(string account, string item) => Exchange(account, $"Think it through step by step: {item}, and give the final answer in 400 words");

    private static string Exchange(string account, string prompt) =>
        JsonSerializer.Serialize(new { time = "2026-03-09T12:00:00Z", account, messages = new[] { new { role = "user", content = prompt } } }) + "\n";
}
