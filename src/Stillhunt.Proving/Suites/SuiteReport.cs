namespace Stillhunt.Proving.Suites;

/// <summary>Several runs of one mixture, or of all of a suite, together.</summary>
/// <param name="WorstRecall">The lowest exchange recall of a run; NaN without operators.</param>
/// <param name="MeanRecall">The mean exchange recall of the runs' cases.</param>
/// <param name="WorstCaseRecall">The lowest exchange recall of a case in any run.</param>
/// <param name="Precision">Flagged accounts that extract, of all flagged.</param>
/// <param name="AccountRecall">Flagged accounts that extract, of all that extract.</param>
/// <param name="RunsWithFalseCampaign">Runs in which at least one campaign was false.</param>
/// <param name="HonestFlagged">Honest accounts in a flagged campaign, of all honest ones.</param>
public sealed record MixtureSummary(
    string Label, int Runs, Proportion Found, int MostPieces, double WorstRecall, double MeanRecall, double WorstCaseRecall,
    Proportion Precision, Proportion AccountRecall, int FalseCampaigns, Proportion RunsWithFalseCampaign, Proportion HonestFlagged);

/// <summary>Cases whose hardness by one measure lies between two bounds.</summary>
public sealed record DetectionBin(double From, double To, Proportion Found, double MeanRecall);

/// <summary>Detection as a function of one measure.</summary>
public sealed record DetectionCurve(string By, IReadOnlyList<DetectionBin> Bins);

/// <summary>One kind of honest customer over all runs.</summary>
public sealed record TouchedSummary(string Kind, Proportion Touched, int RunsTouched);

/// <summary>All that a suite's runs say, as k of n with intervals.</summary>
public sealed record SuiteReport(
    string Suite,
    IReadOnlyList<SuiteRun> Runs,
    IReadOnlyList<MixtureSummary> Mixtures,
    MixtureSummary Overall,
    IReadOnlyList<(string Case, Proportion Found, double MeanRecall)> Cases,
    IReadOnlyList<TouchedSummary> Touched,
    Reliability Reliability,
    IReadOnlyList<DetectionCurve> Curves,
    IReadOnlyList<RuleScore> Rules,
    IReadOnlyList<KindRecurrence> Recurrence)
{
    public static SuiteReport Of(string suite, IReadOnlyList<SuiteRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var cases = runs.SelectMany(r => r.Cases).ToList();
        return new SuiteReport(suite, runs,
            [.. runs.GroupBy(r => r.Label).Select(g => Summarise(g.Key, [.. g]))],
            Summarise("all", runs),
            [.. cases.GroupBy(c => c.Score.Case).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, Found(g), g.Average(c => c.Score.ExchangeRecall)))],
            [.. runs.SelectMany(r => r.Score.Touched).GroupBy(t => t.Kind).OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new TouchedSummary(g.Key, new Proportion(g.Sum(t => t.Touched), g.Sum(t => t.AccountCount)), g.Count(t => t.Touched > 0)))],
            Reliability.Of([.. runs.SelectMany(r => r.Memberships)]),
            [
                Curve("share of the traffic", cases, c => c.AttackerShare, [0, 0.003, 0.01, 0.02, 0.04, 0.08, 1]),
                Curve("accounts", cases, c => c.Score.AccountCount, [0, 16, 40, 60, 100, 300, 1e9]),
                Curve("exchanges an account", cases, c => c.ExchangesAnAccount, [0, 6, 15, 30, 60, 150, 1e9]),
                Curve("days observed", cases, c => c.Days, [0, 2.5, 4, 7, 14, 1e9]),
            ],
            [.. runs.SelectMany(r => r.Rules).GroupBy(r => (r.Rule, r.Kind)).Select(g => new RuleScore(g.Key.Rule, g.Key.Kind, g.Sum(r => r.Right), g.Sum(r => r.Flagged), g.Sum(r => r.Extracting)))
                .OrderByDescending(r => double.IsNaN(r.F1) ? -1 : r.F1)],
            [.. runs.SelectMany(r => r.Recurrence).GroupBy(r => (r.Kind, r.Extracts)).OrderByDescending(g => g.Key.Extracts).ThenBy(g => g.Key.Kind, StringComparer.Ordinal)
                .Select(g => new KindRecurrence(g.Key.Kind, g.Key.Extracts, g.Sum(r => r.ExchangeCount), Sum(g.Select(r => r.WithinKind)), Sum(g.Select(r => r.WithHonest))))]);
    }

    private static MixtureSummary Summarise(string label, IReadOnlyList<SuiteRun> runs)
    {
        var cases = runs.SelectMany(r => r.Cases).ToList();
        var recalls = runs.Where(r => r.Score.ExchangeRecall is not null).Select(r => r.Score.ExchangeRecall!.Value).ToList();
        return new MixtureSummary(label, runs.Count, Found(cases), cases.Count == 0 ? 0 : cases.Max(c => c.Score.Pieces),
            recalls.Count == 0 ? double.NaN : recalls.Min(),
            cases.Count == 0 ? double.NaN : cases.Average(c => c.Score.ExchangeRecall),
            cases.Count == 0 ? double.NaN : cases.Min(c => c.Score.ExchangeRecall),
            Sum(runs.Select(r => r.Score.Precision)),
            Sum(runs.Select(r => r.Score.AccountRecall)),
            runs.Sum(r => r.Score.FalseCampaigns.Count),
            new Proportion(runs.Count(r => r.Score.FalseCampaigns.Count > 0), runs.Count),
            Sum(runs.Select(r => r.Score.HonestFlagged)));
    }

    private static Proportion Found(IEnumerable<CaseRun> cases)
    {
        var list = cases.ToList();
        return new Proportion(list.Count(c => c.Score.Found), list.Count);
    }

    private static Proportion Sum(IEnumerable<Proportion> parts) => parts.Aggregate(default(Proportion), (sum, part) => sum + part);

    private static DetectionCurve Curve(string by, List<CaseRun> cases, Func<CaseRun, double> measure, double[] bounds) => new(by,
        [.. bounds.Zip(bounds.Skip(1), (from, to) => (From: from, To: to, Inside: cases.Where(c => measure(c) >= from && measure(c) < to).ToList()))
            .Where(b => b.Inside.Count > 0).Select(b => new DetectionBin(b.From, b.To, Found(b.Inside), b.Inside.Average(c => c.Score.ExchangeRecall)))]);
}
