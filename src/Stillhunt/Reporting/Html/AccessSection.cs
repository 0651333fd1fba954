using Stillhunt.Campaigns;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Reporting.Html;

/// <summary>How access looked over the days: volume, then one small chart per technique, capability and model.</summary>
internal static class AccessSection
{
    /// <summary>Charts per group; the rest is named with its peak.</summary>
    private const int MostPanels = 12;

    public static void Write(HtmlWriter html, AccessSummary access)
    {
        html.Write($"""<section id="access"><h2>How access looked over the days</h2>""");
        var bins = DayBins.Over(access.Days.Select(day => day.Day));
        if (bins is null)
        {
            html.Write($"""<p class="note">No day of access is known, so there is nothing to draw.</p></section>""");
            return;
        }

        WriteChanges(html, access.Changes);

        var exchanges = new double[bins.Count];
        var mostAccounts = new double[bins.Count];
        foreach (var day in access.Days)
        {
            if (bins.IndexOf(day.Day) is var bin and >= 0)
            {
                exchanges[bin] += day.ExchangeCount;
                mostAccounts[bin] = Math.Max(mostAccounts[bin], day.AccountCount);
            }
        }

        html.Write($"""<div class="pair">""");
        BarFigure.Write(html, bins, $"Exchanges per {bins.Unit}", exchanges, v => Figures.Count((long)v), "volume");
        BarFigure.Write(html, bins, bins.DaysPerBin == 1 ? "Accounts per day" : $"Accounts on the busiest day of each {bins.Unit}", mostAccounts, v => Figures.Count((long)v), "volume");
        html.Write($"</div>");
        html.Write($"""<p class="note">Each small chart below has its own scale; the figure beside its name is its peak. Shares are of the {bins.Unit}'s exchanges; one exchange can show several techniques.</p>""");
        WriteGroup(html, bins, access.Days, "Techniques", day => day.Techniques, "technique", spoken: true, absentIsUnknown: true);
        WriteGroup(html, bins, access.Days, "Capabilities", day => day.Capabilities, "capability", spoken: true, absentIsUnknown: false);
        WriteGroup(html, bins, access.Days, "Models", day => day.Models, "model", spoken: false, absentIsUnknown: false);
        html.Write($"</section>\n");
    }

    private static void WriteChanges(HtmlWriter html, IReadOnlyList<AccessChange> changes)
    {
        html.Write($"<h3>What changed</h3>");
        if (changes.Count == 0)
        {
            html.Write($"<p>Nothing stood out: the shares of techniques, capabilities and models stayed about the same.</p>");
            return;
        }

        html.Write($"<ul>");
        foreach (var change in changes)
            html.Write($"<li>{OutputText.Terminal(change.Text, 600)}</li>");
        html.Write($"</ul>");
    }

    private static void WriteGroup(
        HtmlWriter html,
        DayBins bins,
        IReadOnlyList<AccessDay> days,
        string heading,
        Func<AccessDay, IReadOnlyDictionary<string, double>> shares,
        string style,
        bool spoken,
        bool absentIsUnknown)
    {
        var series = days.SelectMany(day => shares(day).Keys).Distinct(StringComparer.Ordinal)
            .Select(id => (Id: id, Values: Series(bins, days, shares, id, absentIsUnknown)))
            .Select(s => (s.Id, s.Values, Peak: s.Values.Where(v => !double.IsNaN(v)).DefaultIfEmpty().Max()))
            .Where(s => s.Peak > 0)
            .OrderByDescending(s => s.Peak).ThenBy(s => s.Id, StringComparer.Ordinal)
            .ToArray();
        string Name(string id) => spoken ? Wording.Spoken(id) : OutputText.Terminal(id, 60);
        html.Write($"<h3>{heading}</h3>");
        if (series.Length == 0)
        {
            html.Write($"""<p class="note">None was recognised{(absentIsUnknown ? "; where no prompt text was logged, none can be" : "")}.</p>""");
            return;
        }

        html.Write($"""<div class="panels">""");
        foreach (var (id, values, _) in series.Take(MostPanels))
            BarFigure.Write(html, bins, Name(id), values, Figures.Percent, style);
        html.Write($"</div>");
        if (series.Any(s => s.Values.Any(double.IsNaN)))
            html.Write($"""<p class="note">A low dotted outline stands where nothing is known, because no prompt text was logged.</p>""");
        if (series.Length > MostPanels)
        {
            var rest = series.Skip(MostPanels).Take(40).Select(s => $"{Name(s.Id)} ({Figures.Percent(s.Peak)})");
            html.Write($"""<p class="note">With a lower peak: {Wording.Listed(rest)}{(series.Length > MostPanels + 40 ? " and others" : "")}.</p>""");
        }
    }

    /// <summary>The share in every bin, weighted by exchanges; NaN where it was not known on any day.</summary>
    private static double[] Series(
        DayBins bins, IReadOnlyList<AccessDay> days, Func<AccessDay, IReadOnlyDictionary<string, double>> shares, string id, bool absentIsUnknown)
    {
        var hits = new double[bins.Count];
        var weights = new double[bins.Count];
        var present = new bool[bins.Count];
        foreach (var day in days)
        {
            if (bins.IndexOf(day.Day) is var bin and >= 0)
            {
                present[bin] = true;
                if (shares(day).TryGetValue(id, out var share))
                    hits[bin] += share * day.ExchangeCount;
                // A day without a single technique had no prompt text; one that lacks this technique only did not show it.
                if (!absentIsUnknown || shares(day).Count > 0)
                    weights[bin] += day.ExchangeCount;
            }
        }

        return [.. hits.Select((hit, bin) => weights[bin] > 0 ? hit / weights[bin] : present[bin] ? double.NaN : 0)];
    }
}
