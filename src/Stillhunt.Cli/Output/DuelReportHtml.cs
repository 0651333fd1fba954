using System.Globalization;
using Stillhunt.Cli.Duels;
using Stillhunt.Proving.Duels;
using Stillhunt.Reporting;
using Stillhunt.Reporting.Html;

namespace Stillhunt.Cli.Output;

/// <summary>Duels as one file without script, network or outside parts.</summary>
internal static class DuelReportHtml
{
    public static void Write(TextWriter to, IReadOnlyList<PlayedDuel> played)
    {
        var html = new HtmlWriter(to);
        html.Write($"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">""");
        html.Write($"""<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer"><title>The range: a duel</title>""");
        html.WriteStyle();
        // Names of policies and cases are short and the range's own: they stay whole.
        html.Write($"<style>td:first-child {{ white-space: nowrap; }}</style>");
        var options = played[0].Result.Options;
        html.Write($"""</head><body><main><p class="kicker">The range</p><h1>Duel: {options.Range.Scenario}</h1>""");
        html.Write($"""<p class="note">Scale {Plain(options.Range.Scale)}, {Plain(options.Range.Days)} days, the first {Plain(options.QuietDays)} without operators, who react with {MoveNames.Of(options.Moves)}. Shares are of the extracting exchanges that an operator set out to make. Traffic and operators are made: what is said here holds for the range, and for real ones only as far as they are like it.</p>""");
        Policies(html, played);
        html.Write($"<h2>Leak against honest harm</h2><p>Each line is one duel, hour by hour from the lower left: how much of what they wanted the operators have so far, and how many of 10,000 honest requests so far were refused by a verdict or answered with less. The dot is the end.</p>");
        DuelPlot.Write(html, played);
        foreach (var duel in played)
        {
            Cases(html, duel);
            Honest(html, duel);
        }

        html.Write($"</main></body></html>\n");
    }

    private static void Policies(HtmlWriter html, IReadOnlyList<PlayedDuel> played)
    {
        Open(html, "Policies", "Policy", "Seed", "Leak before the first verdict", "Obtained in full", "Honest requests", "Met, of 10,000", "Felt, of 10,000", "Honest suspended", "Exchanges", "Detections");
        foreach (var duel in played)
        {
            var r = duel.Result;
            html.Write($"""<tr><td>{duel.Policy}<td class="num">{r.Options.Range.Seed}<td class="num">{Share(r.Leak)}<td class="num">{Share(r.ObtainedShare)}<td class="num">{r.HonestRequests}<td class="num">{Figure(r.MetPerTenThousand)}<td class="num">{Figure(r.FeltPerTenThousand)}<td class="num">{r.HonestSuspended}<td class="num">{r.ExchangeCount}<td class="num">{duel.DetectionCount}""");
            html.Write($"\n");
        }

        Close(html);
    }

    private static void Cases(HtmlWriter html, PlayedDuel duel)
    {
        if (duel.Result.Cases.Count == 0) return;
        Open(html, $"{duel.Policy}, seed {duel.Result.Options.Range.Seed.ToString(CultureInfo.InvariantCulture)}: cases",
            "Case", "Wanted", "Leak", "Before detection", "By delay", "By brake", "Obtained in full", "Hours to detection", "Hours to first verdict", "Accounts used", "Burnt", "Burnt a million");
        foreach (var c in duel.Result.Cases)
        {
            html.Write($"""<tr><td>{c.Case}<td class="num">{c.Wanted}<td class="num">{Share(c.Leak)}<td class="num">{Share(c.LeakBeforeDetection)}<td class="num">{Share(c.LeakByDelay)}<td class="num">{Share(c.LeakByBrake)}<td class="num">{Share(c.ObtainedShare)}""");
            html.Write($"""<td class="num">{Figure(c.HoursToDetection)}<td class="num">{Figure(c.HoursToVerdict)}<td class="num">{c.AccountsUsed}<td class="num">{c.AccountsBurnt}<td class="num">{Figure(c.BurntPerMillion)}""");
            html.Write($"\n");
        }

        Close(html);
        html.Write($"<ul>");
        foreach (var c in duel.Result.Cases)
        {
            foreach (var d in c.Displaced) html.Write($"<li>{DuelTables.Sentence(c, d)}");
            if (c.Moves.Count > 0) html.Write($"<li>{c.Case} answered with: {string.Join("; ", c.Moves.Select(move => move.Move))}.");
        }

        html.Write($"</ul>");
    }

    private static void Honest(HtmlWriter html, PlayedDuel duel)
    {
        html.Write($"<p>{DuelTables.HonestSentence(duel.Result)} {DuelTables.RuleSentence(duel.Result)}</p>");
        var met = duel.Result.Honest.Where(h => h.ByAction.Count > 0).OrderByDescending(h => h.Met).ThenBy(h => h.Kind, StringComparer.Ordinal).ToList();
        if (met.Count == 0) return;
        Open(html, $"{duel.Policy}: honest customers", "Kind", "Requests", "Met", "Felt", "Accounts met", "Suspended", "Requests by action");
        foreach (var h in met)
        {
            html.Write($"""<tr><td>{h.Kind}<td class="num">{h.Requests}<td class="num">{h.Met}<td class="num">{h.Felt}<td class="num">{h.AccountsMet}<td class="num">{h.AccountsSuspended}<td class="num">{string.Join(", ", h.ByAction.Select(pair => $"{pair.Key} {Figures.Count(pair.Value)}"))}""");
            html.Write($"\n");
        }

        Close(html);
    }

    private static void Open(HtmlWriter html, string heading, params string[] columns)
    {
        html.Write($"""<h2>{heading}</h2><div class="scroll" tabindex="0" role="region" aria-label="{heading}"><table><thead><tr>""");
        for (var i = 0; i < columns.Length; i++)
        {
            if (i == 0) html.Write($"""<th scope="col">{columns[i]}</th>""");
            else html.Write($"""<th scope="col" class="num">{columns[i]}</th>""");
        }

        html.Write($"</tr></thead><tbody>\n");
    }

    private static void Close(HtmlWriter html) => html.Write($"</tbody></table></div>\n");

    private static string Plain(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Share(double share) => share.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Figure(double? figure) => figure?.ToString("0.00", CultureInfo.InvariantCulture) ?? "–";
}
