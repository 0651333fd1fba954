using Stillhunt.Proving;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

/// <summary>The bars that a scan is held to, on seeds other than the demo's. They take minutes, so only <c>./test.sh --all</c> runs them.</summary>
[Trait("takes", "minutes")]
public sealed class SeedBarsTests
{
    [Theory]
    [InlineData(78)]
    [InlineData(80)]
    [InlineData(81)]
    public void All_eight_are_found_nearly_whole_in_two_pieces_at_most_and_nobody_else(int seed)
    {
        using var range = new ScannedRange(new RangeOptions { Seed = seed });
        var report = range.Report;
        Assert.Equal(8, report.Cases.Count);
        Assert.Multiple(
            [
                .. report.Cases.Select<CaseScore, Action>(planted => () => Assert.True(planted is { Found: true, Pieces: <= 2 }, $"{planted.Case}: found {planted.Found}, {planted.Pieces} pieces")),
                () => Assert.True(report.ExchangeRecall >= 0.95, $"exchange recall {report.ExchangeRecall:0.0000}"),
                () => Assert.True(report.AccountPrecision >= 0.99, $"account precision {report.AccountPrecision:0.0000}"),
                () => Assert.Empty(report.FalseCampaigns),
                () => Assert.Empty(report.UnknownAccounts),
            ]);
    }
}
