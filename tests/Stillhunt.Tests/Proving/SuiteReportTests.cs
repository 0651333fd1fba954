using Stillhunt.Proving;
using Stillhunt.Proving.Suites;

namespace Stillhunt.Tests.Proving;

public sealed class SuiteReportTests
{
    [Fact]
    public void Perfect_probabilities_lose_less_than_a_guess_and_inverted_ones_more()
    {
        Membership[] right = [.. Enumerable.Repeat(new Membership(0.95, true), 20), .. Enumerable.Repeat(new Membership(0.001, false), 80)];
        Membership[] wrong = [.. right.Select(m => m with { Extracts = !m.Extracts })];
        Assert.All(Reliability.Of(right).LogLosses, l => Assert.True(l.Bits < l.BitsOfAGuess));
        Assert.All(Reliability.Of(wrong).LogLosses, l => Assert.True(l.Bits > l.BitsOfAGuess));
        Assert.Equal(100, Reliability.Of(right).Bins.Sum(b => b.Extracting.Of));
    }

    [Fact]
    public void Where_nobody_extracts_there_is_no_log_loss() =>
        Assert.Empty(Reliability.Of([new Membership(0.5, false)]).LogLosses);

    [Fact]
    public void A_field_that_only_operators_have_is_found_to_be_a_give_away()
    {
        var watch = new TrafficWatch();
        var stream = new MemoryStream();
        using (var writer = TrafficWriter.To(stream, TrafficFormat.Native)) RangeMaker.Make(new RangeOptions { Scenario = "drizzle", HonestAccounts = 300, Seed = 2 }, writer, watch: watch);
        var rules = watch.Rules(5);
        Assert.All(rules, r => Assert.InRange(r.F1, 0, 1));
        Assert.All(rules, r => Assert.True(r.Right <= r.Flagged && r.Right <= r.Extracting));
        // Four requests an account: nothing about an account's amounts can part the sides, and payments are not shared.
        Assert.True(rules.Single(r => r is { Rule: "payment", Kind: "shared" }).F1 < 0.6);
    }

    [Fact]
    public void Items_of_one_list_recur_within_a_set_that_is_run_again_and_hardly_between_people()
    {
        var watch = new TrafficWatch();
        using (var writer = TrafficWriter.To(new MemoryStream(), TrafficFormat.Native)) RangeMaker.Make(new RangeOptions { Scenario = "awkward-quiet", HonestAccounts = 500, Seed = 2 }, writer, watch: watch);
        var kinds = watch.Recurrence().ToDictionary(r => r.Kind);
        Assert.True(kinds["evaluation-firm"].WithinKind.Share > 0.8);
        Assert.True(kinds["casual"].WithHonest.Share < 0.2);
    }

    [Fact]
    public void Every_suite_has_runs_with_valid_options_and_labels_of_its_own()
    {
        foreach (var suite in RangeSuite.All)
        {
            var runs = suite.Runs(null).ToList();
            Assert.NotEmpty(runs);
            Assert.All(runs, r => r.Options.Validate());
            Assert.Equal(runs.Count, runs.Select(r => (r.Label, r.Options.Seed)).Distinct().Count());
        }

        Assert.Equal(RangeSuite.All.Count, RangeSuite.All.Select(s => s.Id).Distinct().Count());
        Assert.Throws<RangeUsageException>(() => RangeSuite.Of("nowhere"));
    }

    [Fact]
    public void A_report_adds_runs_up()
    {
        var report = SuiteReport.Of("x", [Run(1, found: true, flagged: 10, right: 10), Run(2, found: false, flagged: 4, right: 0)]);
        Assert.Equal((1, 2), (report.Overall.Found.Hits, report.Overall.Found.Of));
        Assert.Equal((10, 14), (report.Overall.Precision.Hits, report.Overall.Precision.Of));
        Assert.Equal(1, report.Overall.RunsWithFalseCampaign.Hits);
        Assert.Equal((4, 40), (report.Overall.HonestFlagged.Hits, report.Overall.HonestFlagged.Of));
        Assert.Equal(0, report.Overall.WorstRecall);
        Assert.Equal(["share of the traffic", "accounts", "exchanges an account", "days observed"], report.Curves.Select(c => c.By));
        Assert.All(report.Curves, c => Assert.Equal(2, c.Bins.Sum(b => b.Found.Of)));
    }

    private static SuiteRun Run(long seed, bool found, int flagged, int right)
    {
        var score = new CaseScore("c", found, found ? 1 : 0, found ? 1 : 0, found ? 1 : 0, 10, 100);
        var report = new RangeReport([score], found ? 1 : 0, (double)right / flagged, flagged, 1, found ? [] : ["f"], [new TouchedKind("casual", flagged - right, 20)], [], new Reliability([], []));
        return new SuiteRun("m", new RangeOptions { Seed = seed }, 1000, 30, report, [new CaseRun(score, 0.1, 10, 5)], [new Membership(0.9, true), new Membership(0.1, false)], [], []);
    }
}
