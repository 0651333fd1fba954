using Stillhunt.Campaigns;

namespace Stillhunt.Tests.Campaigns;

/// <summary>What makes up for it that wording is all that speaks for one hand.</summary>
public sealed class WordingOnlyTests
{
    [Theory]
    [InlineData(30, 1.0, false, -2)]
    // Large groups do, where techniques show: users of one popular tool are many, too.
    [InlineData(80, 1.0, false, 0)]
    [InlineData(80, 0.0, false, -2)]
    [InlineData(80, -0.9, false, -2)]
    // Where members and strangers came to look alike, nothing does.
    [InlineData(80, 1.0, true, -2)]
    public void Size_makes_up_for_it_where_techniques_show(int accounts, double technique, bool isToldAnew, double bits) =>
        Assert.Equal(bits, ContraryEvidence.WordingOnly(OpennessTests.Facts() with { Accounts = accounts }, Apart(-1), isToldAnew, technique)?.Bits ?? 0);

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, -2)]
    public void Even_loads_make_up_for_it(bool isToldAnew, double bits)
    {
        var facts = OpennessTests.Facts() with { Accounts = 30, InterestAccounts = 30, OwnInterests = 0, OwnInterestsError = 0, LoadSpread = 0.1, LoadSpreadElsewhere = 1 };
        Assert.Equal(1, facts.EvenShares);
        Assert.Equal(bits, ContraryEvidence.WordingOnly(facts, Apart(-1), isToldAnew, technique: 0)?.Bits ?? 0);
    }

    [Fact]
    public void Means_in_common_are_more_than_wording() => Assert.Null(ContraryEvidence.WordingOnly(OpennessTests.Facts() with { Accounts = 30 }, Apart(0.5), isToldAnew: true, technique: 0));

    private static List<EvidenceRow> Apart(double bits) => [EvidenceRows.Row("registration", "payment", bits, "As if.", null, [])];
}
