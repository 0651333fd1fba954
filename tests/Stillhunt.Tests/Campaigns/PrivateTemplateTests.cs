using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Proving;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

/// <summary>A template of its own for each account leaves no wording in common: the list of work does.</summary>
[Trait("takes", "minutes")]
public sealed class PrivateTemplateTests(PrivateTemplateTests.Range range) : IClassFixture<PrivateTemplateTests.Range>
{
    public sealed class Range() : ScannedRange(new RangeOptions { Seed = 921, HonestAccounts = 1200, Evasions = Evasions.PrivateTemplates });

    [Fact]
    public void Most_operators_are_found_by_what_they_deal_out_twice_and_no_honest_account_with_them()
    {
        Assert.True(range.Report.Cases.Count(found => found.Found) >= 5, string.Join(", ", range.Report.Cases.Where(found => !found.Found).Select(found => found.Case)));
        Assert.True(range.Report.AccountPrecision >= 0.99, $"{range.Report.AccountPrecision:P2}");
        Assert.Empty(range.Report.FalseCampaigns);
        Assert.Contains(range.Result.Campaigns, campaign => campaign.Evidence.Any(row => row is { Kind: "dealt-twice", Bits: >= 4 }));
    }

    [Fact]
    public void Without_that_evidence_fewer_are()
    {
        var result = Pipeline.Detect(range.Snapshot, range.Accounts, KeyedHash.Fixed, leaveOut: new HashSet<string> { "dealt-twice", "dealt-across" });
        Assert.True(result.Campaigns.Count < range.Result.Campaigns.Count, $"{result.Campaigns.Count} campaigns of {range.Result.Campaigns.Count}");
        Assert.DoesNotContain(result.Campaigns.SelectMany(campaign => campaign.Evidence), row => row.Kind.StartsWith("dealt", StringComparison.Ordinal));
    }
}
