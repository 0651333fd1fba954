using Stillhunt.Proving.Suites;
using Stillhunt.Reporting;
using Stillhunt.Reporting.Html;

namespace Stillhunt.Cli.Output;

/// <summary>A suite's report as one file without script, network or outside parts. Names come out of a truth that anybody may have written, and are encoded like log text.</summary>
internal static class RangeReportHtml
{
    public static void Write(TextWriter to, SuiteReport report)
    {
        var html = new HtmlWriter(to);
        html.Write($"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">""");
        html.Write($"""<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer"><title>The range: {report.Suite}</title>""");
        html.WriteStyle();
        html.Write($"""</head><body><main><p class="kicker">The range</p><h1>Suite {report.Suite}</h1>""");
        var all = report.Overall;
        html.Write($"""<p class="headline">{Headline(report)}</p><p class="note">{report.Runs.Count} runs, {report.Runs.Sum(r => r.ExchangeCount)} exchanges, {report.Runs.Sum(r => (long)r.AccountCount)} accounts. Intervals are exact at 95 % (Clopper and Pearson). Traffic is made: what is said here holds for the range, and for real traffic only as far as the range is like it.</p>""");
        Mixtures(html, report);
        Cases(html, report);
        Honest(html, report);
        Curves(html, report);
        Probabilities(html, report);
        Rules(html, report, all);
        Recurrence(html, report);
        Runs(html, report);
        html.Write($"</main></body></html>\n");
    }

    private static string Headline(SuiteReport report)
    {
        var all = report.Overall;
        var found = all.Found.Of == 0 ? "No campaign was planted" : $"{RangeTables.Rate(all.Found)} planted cases found";
        return $"{found}; {Figures.Counted(all.FalseCampaigns, "false campaign")}; {Figures.Count(all.HonestFlagged.Hits)} of {Figures.Counted(all.HonestFlagged.Of, "honest account")} flagged.";
    }

    private static void Mixtures(HtmlWriter html, SuiteReport report)
    {
        Open(html, "Mixtures", "Mixture", "Runs", "Found", "Most pieces", "Exchange recall, worst run", "Mean of the cases", "Worst case", "Account precision", "Account recall", "False campaigns", "Honest flagged");
        foreach (var m in report.Mixtures.Count > 1 ? report.Mixtures.Append(report.Overall) : report.Mixtures)
        {
            html.Write($"""<tr><td>{m.Label}<td class="num">{m.Runs}<td class="num">{RangeTables.Rate(m.Found)}<td class="num">{m.MostPieces}<td class="num">{Share(m.WorstRecall)}<td class="num">{Share(m.MeanRecall)}""");
            html.Write($"""<td class="num">{Share(m.WorstCaseRecall)}<td class="num">{Share(m.Precision.Share)}<td class="num">{Share(m.AccountRecall.Share)}<td class="num">{m.FalseCampaigns}<td class="num">{RangeTables.Rate(m.HonestFlagged)}""");
            html.Write($"\n");
        }

        Close(html);
    }

    private static void Cases(HtmlWriter html, SuiteReport report)
    {
        if (report.Cases.Count == 0) return;
        html.Write($"<h2>Cases</h2><p>Found, of the runs that the case was planted in.</p>");
        IntervalPlot.Write(html, "Cases found", [.. report.Cases.Select(c => new IntervalPoint(c.Case, c.Found.Share, c.Found.Low, c.Found.High, c.MeanRecall))]);
    }

    private static void Honest(HtmlWriter html, SuiteReport report)
    {
        Open(html, "Honest accounts in flagged campaigns", "Kind", "Accounts flagged", "Runs");
        foreach (var t in report.Touched.OrderByDescending(t => t.Touched.Hits).ThenBy(t => t.Kind, StringComparer.Ordinal))
            html.Write($"""<tr><td>{t.Kind}<td class="num">{RangeTables.Rate(t.Touched)}<td class="num">{t.RunsTouched}""");
        Close(html);
    }

    private static void Curves(HtmlWriter html, SuiteReport report)
    {
        if (report.Cases.Count == 0) return;
        html.Write($"<h2>What makes a case hard</h2><p>All cases of all mixtures, evasions included, sorted by one measure at a time: the mixture of evasions may differ between two points.</p>");
        foreach (var curve in report.Curves)
        {
            html.Write($"<h3>By {curve.By}</h3>");
            IntervalPlot.Write(html, "Found by " + curve.By, [.. curve.Bins.Select(b => new IntervalPoint(Bounds(b.From, b.To), b.Found.Share, b.Found.Low, b.Found.High, b.MeanRecall))]);
        }
    }

    private static void Probabilities(HtmlWriter html, SuiteReport report)
    {
        if (report.Reliability.LogLosses.Count == 0) return;
        html.Write($"<h2>Do probabilities mean what they say?</h2><p>Accounts by the probability that the result gives them (confidence of the campaign times probability of the account), and the share that extracts. Those that no campaign names count as {Membership.Floor:0.0000}.</p>");
        IntervalPlot.Write(html, "Share that extracts", [.. report.Reliability.Bins.Where(b => b.Extracting.Of > 0).Select(b => new IntervalPoint(Bounds(b.From, b.To), b.Extracting.Share, b.Extracting.Low, b.Extracting.High, b.Said))], "said, on average");
        Open(html, "Log loss, bits an account", "Were this share extracting", "Result", "Saying that share of each");
        foreach (var loss in report.Reliability.LogLosses)
            html.Write($"""<tr><td>{Figures.Percent(loss.Prevalence)}<td class="num">{loss.Bits:0.0000}<td class="num">{loss.BitsOfAGuess:0.0000}""");
        Close(html);
    }

    private static void Rules(HtmlWriter html, SuiteReport report, MixtureSummary all)
    {
        if (all.AccountRecall.Of == 0) return;
        Open(html, "One field as a detector", "Field", "As", "Precision", "Recall", "F1", "Flagged");
        var own = new RuleScore("the result scored", "", all.AccountRecall.Hits, all.Precision.Of, all.AccountRecall.Of);
        foreach (var rule in report.Rules.Prepend(own))
            html.Write($"""<tr><td>{rule.Rule}<td>{rule.Kind}<td class="num">{Share(rule.Precision)}<td class="num">{Share(rule.Recall)}<td class="num">{Share(rule.F1)}<td class="num">{rule.Flagged}""");
        Close(html);
        html.Write($"""<p class="note">Accounts are judged. Each rule has the threshold, and each list of values the half of the accounts, that the truth chose: the most that such a rule can reach. A rule near 1 would mean that the generator gives its answer away.</p>""");
    }

    private static void Recurrence(HtmlWriter html, SuiteReport report)
    {
        Open(html, "Items that come back", "Case or kind", "Exchanges with an item (sample)", "Also from another account of it", "Also from an honest account elsewhere");
        foreach (var r in report.Recurrence)
            html.Write($"""<tr><td>{r.Kind}<td class="num">{r.ExchangeCount}<td class="num">{Share(r.WithinKind.Share)}<td class="num">{Share(r.WithHonest.Share)}""");
        Close(html);
        html.Write($"""<p class="note">The item alone, without the template around it, letter for letter.</p>""");
    }

    private static void Runs(HtmlWriter html, SuiteReport report)
    {
        Open(html, "Run by run", "Mixture", "Seed", "Exchanges", "Accounts", "Found", "Exchange recall", "Flagged", "Precision", "False campaigns", "Missed");
        foreach (var run in report.Runs)
        {
            var score = run.Score;
            html.Write($"""<tr><td>{run.Label}<td class="num">{run.Options.Seed}<td class="num">{run.ExchangeCount}<td class="num">{run.AccountCount}<td class="num">{score.Cases.Count(c => c.Found)} of {score.Cases.Count}<td class="num">{Share(score.ExchangeRecall ?? double.NaN)}""");
            html.Write($"""<td class="num">{score.FlaggedAccounts}<td class="num">{Share(score.AccountPrecision ?? double.NaN)}<td class="num">{score.FalseCampaigns.Count}<td>{string.Join(", ", score.Cases.Where(c => !c.Found).Select(c => c.Case))}""");
            html.Write($"\n");
        }

        Close(html);
    }

    private static void Open(HtmlWriter html, string heading, params string[] columns)
    {
        html.Write($"""<h2>{heading}</h2><div class="scroll" tabindex="0" role="region" aria-label="{heading}"><table><thead><tr>""");
        for (var i = 0; i < columns.Length; i++)
        {
            if (i == 0 || columns[i] is "As" or "Missed") html.Write($"""<th scope="col">{columns[i]}</th>""");
            else html.Write($"""<th scope="col" class="num">{columns[i]}</th>""");
        }

        html.Write($"</tr></thead><tbody>\n");
    }

    private static void Close(HtmlWriter html) => html.Write($"</tbody></table></div>\n");

    private static string Bounds(double from, double to) => to >= 1e9 ? $"{Plain(from)} or more" : $"{Plain(from)} to {Plain(to)}";

    private static string Plain(double number) => number.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture);

    private static string Share(double share) => double.IsNaN(share) ? "–" : share.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture);
}
