using Microsoft.Extensions.Logging.Abstractions;
using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Ledger;
using Stillhunt.Server;
using Stillhunt.Server.Detection;
using Stillhunt.Server.Store.Sqlite;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Server;

public sealed class QuickLookTests(SmallRange range) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stillhunt-look-").FullName;

    [Fact]
    public void A_look_at_a_part_of_the_samples_finds_the_campaigns_and_the_whole_detection_carries_them_on()
    {
        using var store = SqliteStore.Open(Path.Combine(_folder, "s.db"), KeyedHash.Fixed);
        var accounts = new AccountBook(store.Accounts, store.Decisions, TimeProvider.System);
        accounts.Put([.. range.Accounts.Records.Values]);
        var book = new CampaignBook(store, TimeProvider.System);
        var sampled = range.Snapshot.Accounts.Values.SelectMany(profile => profile.Days.Values).Sum(day => day.Sample.Count);
        using var counters = new Counters();
        using var look = new QuickLook(book, accounts, KeyedHash.Fixed, new DetectionPace { QuickSamples = sampled / 3 }, new ServeLimits(), counters, NullLogger.Instance);
        Assert.False(look.Look());
        look.Add(range.Snapshot);
        Assert.True(look.Look());
        Assert.True(look.IsNeeded);
        Assert.Equal(range.Result.Scanned.ExchangeCount, look.ExchangeCount);
        Assert.Equal(range.Result.Scanned.AccountCount, look.Use.Count);

        var sighted = book.Campaigns.Where(campaign => campaign is { Stands: true, Announced: true }).ToList();
        Assert.Equal(range.Result.Campaigns.Count, sighted.Count);
        Assert.All(range.Result.Campaigns, campaign => Assert.Contains(sighted, other => Share(campaign, other) >= 0.8));
        var told = store.Campaigns.EventsAfter(0, 100);
        Assert.All(told, one => Assert.Equal(CampaignEventKind.New, one.Event.Kind));

        // Nothing new came: nothing to look at. And the whole detection finds the same campaigns under the same ids.
        Assert.False(look.Look());
        book.Update(range.Result, _ => null, long.MaxValue);
        Assert.Equal(sighted.Select(campaign => campaign.Id).Order(), book.Campaigns.Where(campaign => campaign is { Stands: true, Announced: true }).Select(campaign => campaign.Id).Order());
        Assert.DoesNotContain(store.Campaigns.EventsAfter(told[^1].Seq, 100), one => one.Event.Kind == CampaignEventKind.New);
    }

    [Fact]
    public void A_detection_that_saw_less_does_not_take_back_what_a_look_saw()
    {
        using var store = SqliteStore.Open(Path.Combine(_folder, "s.db"), KeyedHash.Fixed);
        var book = new CampaignBook(store, TimeProvider.System);
        var found = range.Result.Campaigns[0];
        book.Sight(range.Result with { Campaigns = [found] }, _ => null, book.Turn);
        var weaker = range.Result with { Campaigns = [], Suspected = [found with { Confidence = 0.2 }] };
        book.Update(weaker, _ => null, asOf: 0);
        Assert.Equal(found.Confidence, Assert.Single(book.Campaigns).Confidence);
        book.Update(weaker, _ => null, asOf: long.MaxValue);
        Assert.Equal(0.2, Assert.Single(book.Campaigns).Confidence);
    }

    [Fact]
    public async Task Where_little_is_kept_there_are_no_looks_and_the_status_says_what_detection_has_held()
    {
        await using var server = await RunningServer.Start();
        await server.Post("/v1/exchanges", ServeTests.Lines("a", 30));
        Assert.True(await RunningServer.Until(async () => (await server.Get("/v1/status")).Json.GetProperty("detected_exchange_count").GetInt64() == 30));
        Assert.Equal(0, (await server.Get("/v1/status")).Json.GetProperty("quick_look_count").GetInt64());
    }

    [Fact]
    public async Task A_server_that_keeps_more_than_a_look_takes_finds_campaigns_by_looks()
    {
        await using var server = await RunningServer.Start(change: options => options with { Pace = new() { Interval = TimeSpan.FromMilliseconds(200), QuickSamples = 2000 } });
        await server.Send(HttpMethod.Put, "/v1/accounts", File.ReadAllText(Path.Combine(Path.GetDirectoryName(range.TrafficPath)!, "accounts.csv")));
        foreach (var piece in File.ReadLines(range.TrafficPath).Chunk(2000)) Assert.Equal(200, (await server.Post("/v1/exchanges", string.Join('\n', piece))).Status);
        Assert.True(await RunningServer.Until(async () => (await server.Get("/v1/status")).Json.GetProperty("quick_look_count").GetInt64() > 0));
        Assert.True(await RunningServer.Until(() => Task.FromResult(server.Server.State.Campaigns.Campaigns.Any(campaign => campaign is { Stands: true, Announced: true }))));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static double Share(Campaign campaign, TrackedCampaign known)
    {
        var members = known.Members.Select(member => member.Id).ToHashSet();
        return (double)campaign.Accounts.Count(account => members.Contains(account.Id)) / campaign.Accounts.Count;
    }
}
