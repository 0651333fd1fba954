using System.Globalization;

namespace Stillhunt.Reporting.Html;

/// <summary>
/// Bars over days. The picture holds no text and stretches with the page; the words around it are HTML, so that they
/// keep their size on a telephone. One path per chart: a year of bars stays small.
/// </summary>
internal static class BarChart
{
    private const int Height = 100;

    /// <summary>Values are one per bin, NaN where nothing is known, which is drawn as a stub; the label is for screen readers.</summary>
    public static void Write(HtmlWriter html, DayBins bins, double[] values, string label, string style)
    {
        var most = values.Where(v => !double.IsNaN(v)).DefaultIfEmpty().Max();
        html.Write($"""<svg class="bars {style}" viewBox="0 0 {bins.Count} {Height}" preserveAspectRatio="none" role="img" aria-label="{label}">""");
        html.Write($"""<path class="grid" d="M0 0.5H{bins.Count}M0 50H{bins.Count}"/>""");
        WriteBars(html, values, most);
        WriteUnknown(html, values);
        html.Write($"""<path class="base" d="M0 99.5H{bins.Count}"/></svg>""");
    }

    /// <summary>First, middle and last day under a chart.</summary>
    public static void WriteDays(HtmlWriter html, DayBins bins)
    {
        html.Write($"""<div class="axis" aria-hidden="true"><span>{Label(bins, bins.DateOf(0))}</span>""");
        // With years there is no room for a third on a telephone.
        if (bins.Count > 4 && bins.DateOf(0).Year == bins.Last.Year)
            html.Write($"<span>{Label(bins, bins.DateOf(bins.Count / 2))}</span>");
        if (bins.Count > 1)
            html.Write($"<span>{Label(bins, bins.Last)}</span>");
        html.Write($"</div>");
    }

    /// <summary>"1 Feb", with the year where the chart shows more than one.</summary>
    public static string Label(DayBins bins, DateOnly day) =>
        day.ToString(bins.DateOf(0).Year == bins.Last.Year ? "d MMM" : "d MMM yyyy", CultureInfo.InvariantCulture);

    private static void WriteBars(HtmlWriter html, double[] values, double most)
    {
        if (most <= 0)
            return;
        // A lone day should not fill the page: the bar keeps a margin of a sixth on both sides.
        const double width = 0.72;
        html.Write($"""<path class="bar" d=" """);
        for (var bin = 0; bin < values.Length; bin++)
        {
            if (double.IsNaN(values[bin]) || values[bin] <= 0)
                continue;
            // At least one per cent high, so that little is told from nothing.
            var height = Math.Max(1, values[bin] / most * Height);
            html.Write($"M{bin + ((1 - width) / 2)} {Height}v{-height}h{width}v{height}z");
        }

        html.Write($""" "/>""");
    }

    private static void WriteUnknown(HtmlWriter html, double[] values)
    {
        if (!values.Any(double.IsNaN))
            return;
        html.Write($"""<path class="unknown" d=" """);
        for (var bin = 0; bin < values.Length; bin++)
        {
            if (double.IsNaN(values[bin]))
                html.Write($"M{bin + 0.14} {Height}v-6h0.72v6z");
        }

        html.Write($""" "/>""");
    }
}
