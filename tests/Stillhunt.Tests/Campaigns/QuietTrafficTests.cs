using Stillhunt.Ingest;
using Stillhunt.Proving;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

public sealed class QuietTrafficTests
{
    [Theory]
    [Trait("takes", "minutes")]
    [InlineData("quiet", 16)]
    [InlineData("quiet", 603)] // A hackathon behind two addresses, all of whose accounts were made in three hours.
    [InlineData("awkward-quiet", 604)] // Eleven accounts of a labelling company that declares nothing but its mail domain.
    public void Nor_at_full_size_nor_where_something_was_flagged_once(string scenario, int seed) => NothingIsFlagged(new RangeOptions { Scenario = scenario, Seed = seed });

    [Fact]
    public void Where_nobody_extracts_nothing_is_flagged() => NothingIsFlagged(new RangeOptions { Scenario = "quiet", Seed = 16, HonestAccounts = 1000 });

    private static void NothingIsFlagged(RangeOptions options)
    {
        using var quiet = new ScannedRange(options);
        Assert.Empty(quiet.Result.Campaigns);
        Assert.True(quiet.Result.Scanned.ExchangeCount > 10_000);
    }

    [Fact]
    public void No_traffic_gives_no_campaign_and_says_what_was_missing()
    {
        var result = Pipeline.Detect(new MadeTraffic().Finish(), null, KeyedHash.Fixed);
        Assert.Empty(result.Campaigns);
        Assert.Empty(result.Suspected);
        Assert.Equal((null, null), (result.Scanned.From, result.Scanned.To));
        Assert.Contains("prompt", result.Scanned.Missing);
    }

    [Fact]
    public void A_log_without_prompts_yields_no_campaign_and_says_so()
    {
        // All that infrastructure can show, and no text.
        var traffic = new MadeTraffic();
        for (var i = 0; i < 3000; i++)
            traffic.Send("acct-" + MadeTraffic.Number(i % 100), null, id: MadeTraffic.Number(i), ms: i * 60_000L, ip: "203.0.113." + MadeTraffic.Number(i % 3), client: "client/1", outputTokens: 900);
        var accounts = (string id) => new AccountRecord { Account = id, Payment = "one-card" };
        var result = Stillhunt.Campaigns.Detector.Detect(traffic.Finish(), id => accounts(id.Id), KeyedHash.Fixed);
        Assert.Empty(result.Campaigns);
        Assert.Contains("prompt", result.Scanned.Missing);
        Assert.DoesNotContain("ip", result.Scanned.Missing);
        Assert.DoesNotContain("payment", result.Scanned.Missing);
        Assert.All(result.Access.Days, day => Assert.Empty(day.Techniques));
    }
}
