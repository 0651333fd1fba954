using System.Globalization;

namespace Stillhunt.Campaigns;

/// <summary>One day's shares of one kind: of techniques, models, regions and so on.</summary>
/// <param name="Weight">Exchanges of the day for which the kind is known.</param>
internal readonly record struct DayShares(string Day, double Weight, IReadOnlyDictionary<string, double> Shares);

/// <summary>What stands out of how access was before. Each day is set against the days before it together, so that a slow drift is seen as well as a leap.</summary>
internal static class AccessChanges
{
    /// <summary>A week: whatever the day, all its kinds of days are in what it is compared with.</summary>
    private const int BaselineDays = 7;

    /// <summary>A change of share is told from this many percentage points and this factor on, with this many exchanges on the day and before it.</summary>
    private const double LeastPoints = 0.05, LeastFactor = 1.5, LeastExchanges = 200;

    /// <summary>Changes in one report.</summary>
    private const int Most = 12;

    /// <summary>The largest changes, largest first.</summary>
    public static IReadOnlyList<string> Largest(IEnumerable<(double Size, string Text)> changes) =>
        [.. changes.OrderByDescending(change => change.Size).ThenBy(change => change.Text, StringComparer.Ordinal).Take(Most).Select(change => change.Text)];

    /// <summary>What changed of one kind. What stays changed is told on its first day only.</summary>
    /// <param name="what">As in "the share of WHAT NAME".</param>
    /// <param name="days">In order of time.</param>
    public static IEnumerable<(double Size, string Text)> Of(string what, IReadOnlyList<DayShares> days)
    {
        Dictionary<string, int> told = [];
        for (var d = 1; d < days.Count; d++)
        {
            var before = days.Take(d).TakeLast(BaselineDays).ToList();
            var weight = before.Sum(day => day.Weight);
            Dictionary<string, int> now = [];
            if (weight >= LeastExchanges && days[d].Weight >= LeastExchanges)
            {
                foreach (var name in before.SelectMany(day => day.Shares.Keys).Union(days[d].Shares.Keys).Order(StringComparer.Ordinal))
                {
                    double from = before.Sum(day => day.Weight * day.Shares.GetValueOrDefault(name)) / weight, to = days[d].Shares.GetValueOrDefault(name);
                    if (Math.Abs(to - from) < LeastPoints || Math.Max(from, to) < LeastFactor * Math.Min(from, to)) continue;
                    now.Add(name, Math.Sign(to - from));
                    if (told.GetValueOrDefault(name) == now[name]) continue;
                    yield return (Math.Abs(to - from), string.Create(CultureInfo.InvariantCulture,
                        $"On {days[d].Day} the share of {what} {name} was {to:P1}, against {from:P1} {(before.Count == 1 ? "on the day" : $"in the {before.Count} days")} before."));
                }
            }

            told = now;
        }
    }
}
