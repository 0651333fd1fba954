using Stillhunt.Ingest;
using Stillhunt.Response;
using Stillhunt.Server.Decisions;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Server;

public sealed class LiveDetectionTests(SmallRange range)
{
    [Fact]
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
}
