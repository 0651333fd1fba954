using System.Globalization;
using Stillhunt.Fingerprinting;
using Stillhunt.Profiles;

namespace Stillhunt.Campaigns;

/// <summary>How access looked by day, and what changed.</summary>
internal static class AccessReport
{
    public static AccessSummary Of(Snapshot snapshot)
    {
        var days = new SortedDictionary<int, (long Exchanges, long Accounts, long Prompts, long[] Techniques, long[] Capabilities, SortedDictionary<string, long> Models)>();
        foreach (var profile in snapshot.Accounts.Values)
        {
            foreach (var (number, day) in profile.Days)
            {
                if (!days.TryGetValue(number, out var sum))
                    sum = (0, 0, 0, new long[TechniqueIds.LearnedCount], new long[TechniqueIds.CapabilityCount], new(StringComparer.Ordinal));
                for (var t = 0; t < sum.Techniques.Length; t++) sum.Techniques[t] += day.Techniques[t];
                for (var c = 0; c < sum.Capabilities.Length; c++) sum.Capabilities[c] += day.Capabilities[c];
                foreach (var (model, count) in day.Models)
                {
                    var name = snapshot.Names.GetValueOrDefault(model, "unknown");
                    sum.Models[name] = sum.Models.GetValueOrDefault(name) + count;
                }

                days[number] = (sum.Exchanges + day.ExchangeCount, sum.Accounts + 1, sum.Prompts + day.PromptCount, sum.Techniques, sum.Capabilities, sum.Models);
            }
        }

        var list = days.Select(pair => new AccessDay
        {
            Day = Day(pair.Key),
            ExchangeCount = pair.Value.Exchanges,
            AccountCount = pair.Value.Accounts,
            Techniques = Shares(pair.Value.Techniques, pair.Value.Prompts, t => ((Technique)t).Id()),
            Capabilities = Shares(pair.Value.Capabilities, pair.Value.Prompts, c => ((Capability)c).Id()),
            Models = pair.Value.Models.OrderByDescending(m => m.Value).ThenBy(m => m.Key, StringComparer.Ordinal).Take(20)
                .ToDictionary(m => m.Key, m => Round((double)m.Value / pair.Value.Exchanges)),
        }).ToList();
        return new AccessSummary { Days = list, Changes = Changes(list) };
    }

    internal static string Day(int day) => DateTimeOffset.UnixEpoch.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static double Round(double share) => Math.Round(share, 4, MidpointRounding.AwayFromZero);

    private static Dictionary<string, double> Shares(long[] counts, long of, Func<int, string> id)
    {
        var shares = new Dictionary<string, double>();
        if (of == 0) return shares;
        for (var i = 0; i < counts.Length; i++)
            if (counts[i] > 0) shares.Add(id(i), Round((double)counts[i] / of));
        return shares;
    }

    private static List<AccessChange> Changes(List<AccessDay> days)
    {
        IEnumerable<(double, string)> Of(string what, Func<AccessDay, IReadOnlyDictionary<string, double>> shares) =>
            AccessChanges.Of(what, days.ConvertAll(day => new DayShares(day.Day, day.ExchangeCount, shares(day))));
        return [.. AccessChanges.Largest([.. Of("the technique", day => day.Techniques), .. Of("the capability", day => day.Capabilities), .. Of("the model", day => day.Models)]).Select(text => new AccessChange { Text = text })];
    }
}
