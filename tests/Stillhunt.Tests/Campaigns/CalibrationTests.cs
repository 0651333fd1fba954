using System.Globalization;
using Stillhunt.Campaigns;

namespace Stillhunt.Tests.Campaigns;

public sealed class CalibrationTests
{
    [Fact]
    public void A_prevalence_that_nobody_stated_is_the_reference_to_the_last_digit()
    {
        var summary = Calibration.Reference.Summary(44);
        Assert.Equal(summary.ReferencePrevalence, summary.Prevalence);
        Assert.True(new Calibration(0.002).Summary(44).Prevalence < summary.ReferencePrevalence);
    }

    [Fact]
    public void The_correction_is_monotone_and_leaves_what_is_flagged_and_suspected_where_it_is()
    {
        var last = double.NegativeInfinity;
        for (var bits = -20.0; bits <= 12; bits += 0.01)
        {
            var worth = Calibration.Worth(bits);
            Assert.True(worth >= last && worth <= bits);
            Assert.Equal(Calibration.Confidence(bits) >= 0.5, Calibration.Confidence(worth) >= 0.5);
            Assert.Equal(Calibration.Confidence(bits) >= 0.1, Calibration.Confidence(worth) >= 0.1);
            last = worth;
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(3.27)]
    [InlineData(2)]
    [InlineData(0)]
    [InlineData(-3.1)]
    public void Its_rows_can_be_added_up_by_hand_at_any_prevalence(double bits)
    {
        foreach (var prevalence in new[] { Calibration.ReferencePrevalence, 0.01, 0.001 })
        {
            var told = new Calibration(prevalence).Of(Group(bits));
            Assert.Equal(told.Bits, told.Evidence.Sum(row => row.Bits), 6);
            Assert.Equal(1 / (1 + Math.Pow(2, -told.Bits)), told.Confidence, 6);
            Assert.True(Stillhunt.Reporting.EvidenceSum.Agrees(told));
            Assert.Equal(prevalence < Calibration.ReferencePrevalence, told.Evidence.Any(row => row.Kind == "prevalence"));
        }
    }

    [Fact]
    public void A_rarer_prevalence_takes_off_the_bits_that_it_is_rarer_by()
    {
        var row = Assert.Single(new Calibration(1.0 / 1000).Of(Group(0)).Evidence, row => row.Kind == "prevalence");
        Assert.Equal(Math.Log2(1.0 / 999) - Math.Log2(1.0 / 8), row.Bits, 2);
        Assert.Contains("one in 1,000 of the groups", row.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_weak_group_at_the_reference_is_left_as_it_is()
    {
        var group = Group(-1);
        Assert.Same(group, Calibration.Reference.Of(group));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(0.2)]
    [InlineData(double.NaN)]
    public void A_prevalence_that_nothing_was_calibrated_at_is_refused(double prevalence) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Calibration(prevalence));

    [Fact]
    public void The_documents_state_the_numbers_that_are_used()
    {
        foreach (var document in new[] { "docs/measured.md", "docs/decisions/0010-a-confidence-is-measured.md" })
        {
            var text = File.ReadAllText(Path.Combine(Architecture.Repository.Root, document));
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"first {Calibration.FullBits:0} bits in favour count in full, each further one {Calibration.FurtherShare:0.00}"), text, StringComparison.Ordinal);
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"one in {1 / Calibration.ReferencePrevalence:0}"), text, StringComparison.Ordinal);
        }
    }

    private static Campaign Group(double bits) => new()
    {
        Id = "c", Bits = bits, Confidence = Calibration.Confidence(bits), First = "", Last = "", ExchangeCount = 0, ExtractingCount = 0, Accounts = [], Techniques = [], Capabilities = [], Models = [],
        Families = [], Exposure = new Exposure { OutputTokens = null, ReasoningTokens = null, ByCapability = new Dictionary<string, long>(), ByModel = new Dictionary<string, long>() },
        Evidence = [EvidenceRows.Row("prior", "prior", bits, "all", null, [])], Days = [], Shared = [],
    };
}
