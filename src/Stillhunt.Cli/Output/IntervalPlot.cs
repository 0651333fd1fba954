using Stillhunt.Reporting.Html;

namespace Stillhunt.Cli.Output;

/// <summary>A share with its interval, and a second share to set beside it.</summary>
internal sealed record IntervalPoint(string Name, double Share, double Low, double High, double Second);

/// <summary>Shares from 0 to 1 with their intervals, one row each, as inline SVG: colours are the stylesheet's, so that light and dark both work.</summary>
internal static class IntervalPlot
{
    private const int RowHeight = 22;
    private const int Left = 230;
    private const int Width = 420;
    private const int Right = 110;
    private const int Top = 22;

    /// <param name="second">What the hollow mark stands for.</param>
    public static void Write(HtmlWriter html, string label, IReadOnlyList<IntervalPoint> points, string second = "mean exchange recall")
    {
        var height = Top + (points.Count * RowHeight) + 6;
        html.Write($"""<svg viewBox="0 0 {Left + Width + Right} {height}" role="img" aria-label="{label}" style="max-width:{Left + Width + Right}px;width:100%;font-size:12px">""");
        for (var tick = 0; tick <= 4; tick++)
        {
            var x = Left + (Width * tick / 4.0);
            html.Write($"""<path d="M{x} {Top - 4}V{height - 4}" style="stroke:var(--line)"/><text x="{x}" y="12" text-anchor="middle" style="fill:var(--soft)">{tick / 4.0}</text>""");
        }

        for (var i = 0; i < points.Count; i++) Row(html, points[i], Top + (i * RowHeight) + (RowHeight / 2.0));
        html.Write($"""</svg><p class="note">Dot and bar: the share and its interval. Ring: {second}.</p>""");
        html.Write($"\n");
    }

    private static void Row(HtmlWriter html, IntervalPoint point, double y)
    {
        html.Write($"""<text x="{Left - 10}" y="{y + 4}" text-anchor="end" style="fill:var(--ink)">{point.Name}</text>""");
        if (double.IsNaN(point.Share)) return;
        html.Write($"""<path d="M{X(point.Low)} {y}H{X(point.High)}" style="stroke:var(--calm);stroke-width:3;opacity:.5"/><circle cx="{X(point.Share)}" cy="{y}" r="4.5" style="fill:var(--calm)"/>""");
        if (!double.IsNaN(point.Second)) html.Write($"""<circle cx="{X(point.Second)}" cy="{y}" r="6.5" style="fill:none;stroke:var(--extract);stroke-width:1.5"/>""");
        html.Write($"""<text x="{Left + Width + 12}" y="{y + 4}" style="fill:var(--soft)">{point.Share:0.00} ({point.Low:0.00}–{point.High:0.00})</text>""");
    }

    private static double X(double share) => Left + (Width * share);
}
