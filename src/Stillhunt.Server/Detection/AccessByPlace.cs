using System.Globalization;
using Stillhunt.Ingest;
using Stillhunt.Profiles;

namespace Stillhunt.Server.Detection;

/// <summary>One UTC day of access by where requests came from and by the tier of who sent them: shares of the exchanges for which that is known.</summary>
internal sealed record PlaceDay(string Day, IReadOnlyDictionary<string, double> Regions, IReadOnlyDictionary<string, double> Tiers);

/// <param name="Changes">Plain sentences: what moved from one day to the next.</param>
internal sealed record AccessByPlace(IReadOnlyList<PlaceDay> Days, IReadOnlyList<string> Changes)
{
    /// <summary>As the report of techniques and models counts them: five points, and half as much again.</summary>
    private const double LeastPoints = 0.05, LeastFactor = 1.5;

    private const int MostChanges = 12, MostNames = 20;

    /// <summary>Exchanges below which a day's shares say nothing about a change.</summary>
    private const double LeastExchanges = 200;

    public static AccessByPlace Of(Snapshot state, Func<string, AccountRecord?> record)
    {
        var days = new SortedDictionary<int, (Dictionary<string, double> Regions, Dictionary<string, double> Tiers)>();
        foreach (var profile in state.Accounts.Values)
        {
            var tier = record(profile.Id.Id)?.Tier;
            foreach (var (number, day) in profile.Days)
            {
                if (!days.TryGetValue(number, out var sums)) days.Add(number, sums = ([], []));
                if (tier is not null) Add(sums.Tiers, tier, day.ExchangeCount);
                // The country is kept of sampled exchanges; each stands for as many as its day has.
                foreach (var print in day.Sample.Where(print => print.Country != 0))
                    if (state.Names.TryGetValue(print.Country, out var country)) Add(sums.Regions, country, (double)day.ExchangeCount / day.Sample.Count);
            }
        }

        var changes = new List<(double Size, string Text)>();
        foreach (var (before, now) in days.Zip(days.Skip(1)))
        {
            Compare("region", before.Value.Regions, now.Value.Regions, Name(now.Key), changes);
            Compare("tier", before.Value.Tiers, now.Value.Tiers, Name(now.Key), changes);
        }

        return new AccessByPlace(
            [.. days.Select(pair => new PlaceDay(Name(pair.Key), Shares(pair.Value.Regions), Shares(pair.Value.Tiers)))],
            [.. changes.OrderByDescending(change => change.Size).ThenBy(change => change.Text, StringComparer.Ordinal).Take(MostChanges).Select(change => change.Text)]);
    }

    private static void Compare(string what, Dictionary<string, double> before, Dictionary<string, double> now, string day, List<(double Size, string Text)> changes)
    {
        var (ofBefore, ofNow) = (before.Values.Sum(), now.Values.Sum());
        if (ofBefore < LeastExchanges || ofNow < LeastExchanges) return;
        foreach (var name in before.Keys.Union(now.Keys))
        {
            double from = before.GetValueOrDefault(name) / ofBefore, to = now.GetValueOrDefault(name) / ofNow;
            if (Math.Abs(to - from) < LeastPoints || Math.Max(from, to) < LeastFactor * Math.Min(from, to)) continue;
            changes.Add((Math.Abs(to - from), string.Create(CultureInfo.InvariantCulture, $"On {day} the share of the {what} {name} went from {from:P1} to {to:P1}.")));
        }
    }

    private static Dictionary<string, double> Shares(Dictionary<string, double> counts)
    {
        var all = counts.Values.Sum();
        return counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Take(MostNames)
            .ToDictionary(pair => pair.Key, pair => Math.Round(pair.Value / all, 4), StringComparer.Ordinal);
    }

    private static void Add(Dictionary<string, double> counts, string name, double by) => counts[name] = counts.GetValueOrDefault(name) + by;

    private static string Name(int day) => DateTimeOffset.UnixEpoch.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
