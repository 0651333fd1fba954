using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Response;
using Stillhunt.Server.Decisions;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Server;

public sealed class LiveDetectionTests(SmallRange range)
{
    [Fact]
    [Trait("takes", "minutes")]
    public async Task Traffic_that_came_in_pieces_gives_the_campaigns_of_one_scan()
    {
        // Rest enough that detection does not run over every piece.
        await using var server = await RunningServer.Start(change: options => options with { Pace = new() { Interval = TimeSpan.FromSeconds(2) } });
        var accounts = await server.Send(HttpMethod.Put, "/v1/accounts", File.ReadAllText(Path.Combine(Path.GetDirectoryName(range.TrafficPath)!, "accounts.csv")));
        Assert.Equal(200, accounts.Status);
        foreach (var piece in File.ReadLines(range.TrafficPath).Chunk(2000)) Assert.Equal(200, (await server.Post("/v1/exchanges", string.Join('\n', piece))).Status);
        var wanted = range.Result.Campaigns.Select(campaign => string.Join(' ', campaign.Accounts.Select(account => account.Id).Order())).Order().ToList();
        Assert.NotEmpty(wanted);
        Assert.True(await RunningServer.Until(() => Task.FromResult(server.Server.State.Campaigns.Campaigns.Where(campaign => campaign.Stands && campaign.Latest.Confidence >= 0.5)
            .Select(campaign => string.Join(' ', campaign.Latest.Accounts.Select(account => account.Id).Order())).Order().SequenceEqual(wanted))));
        Assert.Equal(range.Result.Scanned.ExchangeCount, (await server.Get("/v1/status")).Json.GetProperty("exchange_count").GetInt64());
        Assert.Equal(200, (await server.Get("/v1/access")).Status);
    }

    [Fact]
    public void A_backtest_names_who_would_have_been_touched_and_what_the_brake_would_have_held()
    {
        var policy = PolicyFile.Read(
            """
            version: 1
            hold_out: 0.5
            delay: {least: 1d, most: 2d}
            brake: {account_share: 0}
            campaigns:
              - {rule: sure, when: {confidence: 0.5, probability: 0.5}, then: [verify]}
              - {rule: never, when: {confidence: 1}, then: [suspend]}
            """, "p", out _)!;
        var result = PolicyBacktest.Run(range.Snapshot, range.Accounts.Records, [], policy, KeyedHash.Fixed);
        var sure = result.Rules[0];
        Assert.True(sure.AccountCount >= range.Result.Campaigns.Sum(campaign => campaign.Accounts.Count(account => account.Probability >= 0.5)));
        Assert.True(sure.HeldByBrakeCount > 0);
        Assert.Equal(0, result.Rules[1].AccountCount);
    }

    [Fact]
    [Trait("takes", "minutes")]
    public void A_backtest_counts_a_days_usage_and_leaves_alone_whom_people_reversed()
    {
        var policy = PolicyFile.Read("version: 1\nbrake: {account_share: 1}\naccess:\n  - {rule: beyond-plan, when: {usage: 1}, then: [flag]}\n", "p", out _)!;
        var day = range.Snapshot.Accounts.Values.SelectMany(profile => profile.Days.Keys).Max();
        List<AccountProfile> busy = [.. range.Snapshot.Accounts.Values.Where(profile => profile.Days.TryGetValue(day, out var record) && record.ExchangeCount >= 5).OrderBy(profile => profile.Id.Id, StringComparer.Ordinal).Take(3)];
        var records = busy.ToDictionary(profile => profile.Id.Id, profile => new AccountRecord { Account = profile.Id.Id, Limit = "5" });
        records[busy[2].Id.Id] = records[busy[2].Id.Id] with { Limit = "1000000" };
        var reversals = new Dictionary<AccountId, Reversal> { [busy[1].Id] = new(busy[1].Id, "ada", "a customer", 0, null) };
        Assert.Equal([busy[0].Id.Id], PolicyBacktest.Run(range.Snapshot, records, [], policy, KeyedHash.Fixed, reversals).Rules[0].Accounts);
    }
}
