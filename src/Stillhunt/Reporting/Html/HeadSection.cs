using Stillhunt.Campaigns;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Reporting.Html;

/// <summary>What was found in one sentence, what was looked at, and what detection lacked.</summary>
internal static class HeadSection
{
    public static void Write(HtmlWriter html, ScanResult result, ReportContext context)
    {
        html.Write($"""<header class="top"><p class="kicker">Stillhunt report</p><h1>{context.Title}</h1><p class="headline">{Wording.Headline(result)}</p>""");
        if (result.Campaigns.Count == 0)
            html.Write($"<p>{Wording.NothingFound(result)}</p>");
        html.Write($"</header>");

        var scanned = result.Scanned;
        html.Write($"""<section id="scanned"><h2>What was looked at</h2><dl class="tiles"><div><dt>Exchanges read</dt><dd>{scanned.ExchangeCount}</dd></div><div><dt>Accounts</dt><dd>{scanned.AccountCount}</dd></div><div><dt>Period</dt><dd>{Figures.Span(scanned.From, scanned.To)}</dd></div><div><dt>Records refused</dt><dd>{scanned.Rejected.Values.Sum()}</dd></div></dl>""");
        if (scanned.From is not null && scanned.To is not null)
            html.Write($"""<p class="note">From {Figures.Time(scanned.From)} to {Figures.Time(scanned.To)}. Days are days in UTC.</p>""");
        if (context.Inputs.Count > 0)
            html.Write($"""<p class="note">Logs: {Wording.Listed(context.Inputs.Take(20).Select(i => OutputText.Terminal(i, 160)))}{(context.Inputs.Count > 20 ? $" and {context.Inputs.Count - 20} more" : "")}.</p>""");
        foreach (var loss in Wording.Losses(scanned, name => OutputText.Terminal(name, 160)))
            html.Write($"<p><b>{loss}</b></p>");
        html.Write($"""<div class="pair">""");
        WriteRefused(html, scanned);
        WriteMissing(html, scanned);
        html.Write($"</div></section>\n");
    }

    private static void WriteRefused(HtmlWriter html, ScannedSummary scanned)
    {
        html.Write($"<div><h3>Records that were not used</h3>");
        if (scanned.Rejected.Count == 0 && scanned.DuplicateCount == 0 && scanned.DroppedFields.Count == 0)
            html.Write($"<p>{(scanned.Unread is null && scanned.MissingShardCount == 0 ? "Every record was read." : "Of what could be read every record was.")}</p>");
        else
        {
            html.Write($"""<div class="scroll"><table><thead><tr><th scope="col">Reason</th><th scope="col" class="num">Records</th></tr></thead><tbody>""");
            foreach (var (reason, count) in scanned.Rejected.OrderByDescending(r => r.Value).Take(20))
                html.Write($"""<tr><td>refused: {Wording.Spoken(reason)}<td class="num">{count}""");
            if (scanned.DuplicateCount > 0)
                html.Write($"""<tr><td>repeats the id of an earlier record<td class="num">{scanned.DuplicateCount}""");
            foreach (var (field, count) in scanned.DroppedFields.OrderByDescending(f => f.Value).Take(20))
                html.Write($"""<tr><td>kept without <code>{OutputText.Terminal(field, 60)}</code>, which had the wrong type<td class="num">{count}""");
            if (scanned.DroppedFields.Count > 20)
                html.Write($"""<tr><td>kept without one of {scanned.DroppedFields.Count - 20} more fields, each in fewer records<td class="num">""");
            html.Write($"</tbody></table></div>");
        }

        html.Write($"</div>");
    }

    private static void WriteMissing(HtmlWriter html, ScannedSummary scanned)
    {
        var missing = scanned.Missing;
        html.Write($"<div><h3>What detection lacked</h3>");
        if (missing.Count == 0)
            html.Write($"<p>Every kind of field was present in at least one record.</p>");
        else
        {
            html.Write($"<p>No record held these fields. What is absent counts as unknown, neither for nor against anyone.</p><ul>");
            foreach (var field in missing.Take(40))
                html.Write($"<li><code>{OutputText.Terminal(field, 60)}</code>: {Glossary.Absence(field)}</li>");
            html.Write($"</ul>");
        }

        if (scanned.LeftOut is { } leftOut)
            html.Write($"<p>Left out on request, so it played no part: {Wording.Listed(leftOut.Select(kind => OutputText.Terminal(kind, 40)))}.</p>");

        foreach (var shortcut in Wording.Shortcuts(scanned))
            html.Write($"<p>{shortcut}</p>");

        html.Write($"</div>");
    }
}
