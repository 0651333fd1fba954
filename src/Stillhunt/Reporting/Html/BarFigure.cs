namespace Stillhunt.Reporting.Html;

/// <summary>A bar chart with its name, its peak and its days.</summary>
internal static class BarFigure
{
    /// <summary>A bar wider than this says nothing more, so a chart of few days stays narrow.</summary>
    private const int WidestBar = 56;

    /// <summary>Room for the name and the peak on one line.</summary>
    private const int NarrowestFigure = 280;

    public static void Write(HtmlWriter html, DayBins bins, string name, double[] values, Func<double, string> figure, string style)
    {
        var peak = -1;
        for (var bin = 0; bin < values.Length; bin++)
        {
            if (!double.IsNaN(values[bin]) && (peak < 0 || values[bin] > values[peak]))
                peak = bin;
        }

        var most = peak < 0 ? "unknown" : figure(values[peak]);
        var when = peak < 0 ? "" : BarChart.Label(bins, bins.DateOf(peak));
        var unknown = values.Any(double.IsNaN) ? " Short outlined bars: not known." : "";
        html.Write($"""<figure class="chart" style="max-width:{Math.Max(NarrowestFigure, bins.Count * WidestBar)}px"><figcaption><span class="name">{name}</span> <span class="peak">peak <b>{most}</b>{(when.Length > 0 ? $", {when}" : "")}</span></figcaption>""");
        html.Write($"""<div style="max-width:{bins.Count * WidestBar}px">""");
        BarChart.Write(html, bins, values, $"{name}: {bins.Count} bars, one per {bins.Unit}; peak {most} {when}; last {(double.IsNaN(values[^1]) ? "unknown" : figure(values[^1]))}.{unknown}", style);
        BarChart.WriteDays(html, bins);
        html.Write($"</div></figure>");
    }
}
