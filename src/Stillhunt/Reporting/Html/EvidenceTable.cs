using Stillhunt.Campaigns;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Reporting.Html;

/// <summary>The evidence as a waterfall: every row starts where the one before it ended, from the prior to the confidence.</summary>
internal static class EvidenceTable
{
    private const int MostExamples = 4;

    public static void Write(HtmlWriter html, Campaign campaign)
    {
        var rows = campaign.Evidence;
        if (rows.Count == 0)
        {
            html.Write($"""<p class="note">The result lists no evidence rows for this campaign.</p>""");
            return;
        }

        var sum = rows.Sum(row => row.Bits);
        var scale = Scale.Of(rows);
        html.Write($"""<div class="waterfall" style="--zero:{scale.At(0)}%" role="table" aria-label="Evidence, in bits"><div class="row head" role="row"><span role="columnheader">Finding</span><span role="columnheader" class="wf">From the prior to the sum</span><span role="columnheader" class="num">Bits</span><span role="columnheader" class="num">Sum</span></div>""");
        double before = 0;
        var shown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            WriteRow(html, row, [.. row.Examples.Where(shown.Add)], before, before + row.Bits, scale);
            before += row.Bits;
        }

        html.Write($"""<div class="row total" role="row"><span role="cell"><b>Sum of {rows.Count} rows</b></span><span role="cell" class="wf">""");
        WriteBar(html, 0, sum, scale, "sum");
        html.Write($"""</span><span role="cell" class="num"></span><span role="cell" class="num"><b>{Figures.Bits(sum)}</b></span></div></div>""");
        html.Write($"""<p class="formula">{Figures.Bits(sum)} bits are odds of {Wording.Odds(sum)}. <span>Confidence = 1 / (1 + 2<sup>−bits</sup>)</span> <span>= 1 / (1 + 2<sup>{Figures.Bits(-sum)}</sup>)</span> <span>= <b>{Figures.Probability(campaign.Confidence)}</b>.</span></p><p class="note">The vertical line marks 0 bits, which is even odds. Filled bars speak for the finding, outlined ones against it.</p>""");
        if (!EvidenceSum.Agrees(campaign))
        {
            html.Write($"""<p class="warning"><b>The rows do not add up.</b> The result states {Figures.Bits(campaign.Bits)} bits and a confidence of {Figures.Probability(campaign.Confidence)}. Do not rely on this finding before that is explained.</p>""");
        }
    }

    private static void WriteRow(HtmlWriter html, EvidenceRow row, IReadOnlyList<string> examples, double from, double to, Scale scale)
    {
        html.Write($"""<div class="row" role="row"><span role="cell" class="finding"><span class="block">{Glossary.Block(row.Block)}</span> {OutputText.Terminal(row.Text, 800)}""");
        if (row.AccountCount is { } accounts)
            html.Write($""" <span class="meta">{Figures.Counted(accounts, "account")}.</span>""");
        WriteExamples(html, examples);
        html.Write($"""</span><span role="cell" class="wf">""");
        WriteBar(html, from, to, scale, to >= from ? "for" : "against");
        html.Write($"""</span><span role="cell" class="num">{Figures.Bits(row.Bits)}</span><span role="cell" class="num sum">{Figures.Bits(to)}</span></div>""");
    }

    /// <summary>Those that no row before has shown: rows measured on the same exchanges name the same ones.</summary>
    private static void WriteExamples(HtmlWriter html, IReadOnlyList<string> examples)
    {
        if (examples.Count == 0)
            return;
        html.Write($"""<span class="examples">Exchanges to look up: """);
        for (var i = 0; i < Math.Min(examples.Count, MostExamples); i++)
            html.Write($"""{(i > 0 ? ", " : "")}<code>{OutputText.Terminal(examples[i], 48)}</code>""");
        html.Write($"{(examples.Count > MostExamples ? $" and {Figures.Count(examples.Count - MostExamples)} more in campaigns.json" : "")}</span>");
    }

    private static void WriteBar(HtmlWriter html, double from, double to, Scale scale, string style)
    {
        var left = scale.At(Math.Min(from, to));
        var width = Math.Max(0.6, scale.At(Math.Max(from, to)) - left);
        html.Write($"""<svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true"><rect class="{style}" x="{left}" y="2" width="{width}" height="8"/></svg>""");
    }

    /// <summary>Where a number of bits lies between 0 and 100 across the picture.</summary>
    private readonly record struct Scale(double Least, double Most)
    {
        public static Scale Of(IReadOnlyList<EvidenceRow> rows)
        {
            double sum = 0, least = 0, most = 0;
            foreach (var row in rows)
            {
                sum += row.Bits;
                least = Math.Min(least, sum);
                most = Math.Max(most, sum);
            }

            return new Scale(least, most);
        }

        public double At(double bits) => Most > Least ? 1 + ((bits - Least) / (Most - Least) * 98) : 1;
    }
}
