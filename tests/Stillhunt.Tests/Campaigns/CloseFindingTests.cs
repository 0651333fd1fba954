using Stillhunt.Campaigns;
using Stillhunt.Profiles;
using Stillhunt.Proving;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

/// <summary>Work that is a twentieth of what accounts send shows in larger samples, and nothing else changes with them.</summary>
public sealed class CloseFindingTests
{
    [Fact]
    public void Work_under_much_cover_is_found_and_its_evidence_says_how()
    {
        using var range = Made("language-lock", 3, Evasions.Dilution95);
        var campaign = Assert.Single(range.Result.Campaigns);
        var row = Assert.Single(campaign.Evidence, row => row.Kind == CloseFinding.Kind);
        Assert.Equal((-1, campaign.Accounts.Count), (row.Bits, row.AccountCount ?? 0));
        Assert.StartsWith("What the group asks in common is ", row.Text, StringComparison.Ordinal);
        Assert.Empty(range.Report.FalseCampaigns);
        Assert.Empty(Without(range).Campaigns);
    }

    [Fact]
    [Trait("takes", "minutes")]
    public void What_was_found_in_part_is_replaced_by_the_whole()
    {
        using var range = Made("drizzle", 5, Evasions.Dilution90);
        var (whole, part) = (Pool(range.Result), Pool(Without(range)));
        Assert.InRange(whole.Accounts.Count, 1.2 * part.Accounts.Count, 10 * part.Accounts.Count);
        var all = range.Result.Campaigns.Concat(range.Result.Suspected).SelectMany(campaign => campaign.Accounts).ToList();
        Assert.Equal(all.Count, all.Select(account => account.Id).Distinct().Count());
    }

    [Fact]
    [Trait("takes", "minutes")]
    public void Without_it_a_result_is_that_of_ordinary_samples()
    {
        using var range = Made("language-lock", 3, Evasions.Dilution95);
        var closely = Without(range);
        range.Snapshot.CapSamples(AccountDay.SampleSize);
        Assert.Equal(ScannedRange.Json(closely), ScannedRange.Json(Without(range)));
        Assert.Equal(ScannedRange.Json(closely with { Scanned = closely.Scanned with { LeftOut = null } }), ScannedRange.Json(Pipeline.Detect(range.Snapshot, range.Accounts, KeyedHash.Fixed)));
    }

    /// <summary>The campaign of many accounts; one that sends much may stand by itself.</summary>
    private static Campaign Pool(ScanResult result) => Assert.Single(result.Campaigns, campaign => campaign.Accounts.Count > 1);

    private static ScannedRange Made(string scenario, long seed, Evasions cover) => new(new RangeOptions { Scenario = scenario, Seed = seed, HonestAccounts = 800, Evasions = cover });

    private static ScanResult Without(ScannedRange range) => Pipeline.Detect(range.Snapshot, range.Accounts, KeyedHash.Fixed, leaveOut: new HashSet<string> { CloseFinding.Kind });
}
