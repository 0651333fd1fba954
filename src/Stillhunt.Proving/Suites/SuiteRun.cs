namespace Stillhunt.Proving.Suites;

/// <summary>One case of one run: how it fared, and how hard it was.</summary>
/// <param name="AttackerShare">Extracting exchanges of this case / all exchanges of the run.</param>
/// <param name="ExchangesAnAccount">Extracting exchanges an account that extracts.</param>
public sealed record CaseRun(CaseScore Score, double AttackerShare, double ExchangesAnAccount, double Days);

/// <summary>One run of a suite: what was made, and how the result fared.</summary>
public sealed record SuiteRun(
    string Label,
    RangeOptions Options,
    long ExchangeCount,
    int AccountCount,
    RangeReport Score,
    IReadOnlyList<CaseRun> Cases,
    IReadOnlyList<Membership> Memberships,
    IReadOnlyList<RuleScore> Rules,
    IReadOnlyList<KindRecurrence> Recurrence)
{
    public static SuiteRun Of(string label, RangeOptions options, RangeRun made, TrafficWatch watch, RangeTruth truth, RangeResult result)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(made);
        ArgumentNullException.ThrowIfNull(watch);
        var score = RangeScore.Score(truth, result);
        return new SuiteRun(label, options, made.ExchangeCount, made.AccountCount, score,
            [.. score.Cases.Select(c => new CaseRun(c, (double)c.ExtractingCount / made.ExchangeCount, (double)c.ExtractingCount / Math.Max(1, c.AccountCount), options.Days))],
            Membership.Of(truth, result), watch.Rules(options.Days), watch.Recurrence());
    }
}
