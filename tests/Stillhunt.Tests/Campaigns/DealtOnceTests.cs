using Stillhunt.Campaigns;
using Stillhunt.Proving;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

/// <summary>A template of its own for each account and no item twice leaves neither wording nor a list: cards or addresses in common and hours that are no people's do (docs/decisions/0026).</summary>
[Trait("takes", "minutes")]
public sealed class DealtOnceTests(DealtOnceTests.Range range) : IClassFixture<DealtOnceTests.Range>
{
    public sealed class Range() : ScannedRange(new RangeOptions { Seed = 1401, HonestAccounts = 1200, Evasions = Evasions.PrivateTemplates | Evasions.DealtOnce });

    [Fact]
    public void Who_shares_means_and_sends_round_the_clock_is_found()
    {
        Assert.All<string>(["reward-model", "few-heavy"], name => Assert.True(range.Report.Cases.Single(planted => planted.Case == name).Found, name));
        Assert.True(range.Report.AccountPrecision >= 0.98, $"{range.Report.AccountPrecision:P2}");
        Assert.Empty(range.Report.FalseCampaigns);
        Assert.Contains(range.Result.Campaigns, campaign => campaign.Evidence.Any(row => row is { Kind: OneHand.Kind, Bits: >= 4 }));
    }

    [Fact]
    public void Without_that_evidence_they_are_not()
    {
        var result = Pipeline.Detect(range.Snapshot, range.Accounts, KeyedHash.Fixed, leaveOut: new HashSet<string> { OneHand.Kind });
        Assert.DoesNotContain("reward-model", range.Score(result).Cases.Where(found => found.Found).Select(found => found.Case));
    }
}
