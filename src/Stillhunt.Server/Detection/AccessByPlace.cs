using System.Globalization;
using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Profiles;

namespace Stillhunt.Server.Detection;

/// <summary>One UTC day of access by where requests came from and by the tier of who sent them: shares of the exchanges for which that is known.</summary>
internal sealed record PlaceDay(string Day, IReadOnlyDictionary<string, double> Regions, IReadOnlyDictionary<string, double> Tiers);

/// <param name="Changes">Plain sentences: what stands out of the days before (<see cref="AccessChanges"/>).</param>
internal sealed record AccessByPlace(IReadOnlyList<PlaceDay> Days, IReadOnlyList<string> Changes)
{
    private const int MostNames = 20;

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

        IEnumerable<(double, string)> Changes(string what, Func<(Dictionary<string, double> Regions, Dictionary<string, double> Tiers), Dictionary<string, double>> counts) =>
            AccessChanges.Of(what, [.. days.Select(pair => new DayShares(Name(pair.Key), counts(pair.Value).Values.Sum(), Shares(counts(pair.Value))))]);
        return new AccessByPlace(
            [.. days.Select(pair => new PlaceDay(Name(pair.Key), Shares(pair.Value.Regions), Shares(pair.Value.Tiers)))],
            AccessChanges.Largest([.. Changes("the region", sums => sums.Regions), .. Changes("the tier", sums => sums.Tiers)]));
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
