using System.Globalization;
using Stillhunt.Fingerprinting;
using Stillhunt.Profiles;

namespace Stillhunt.Campaigns;

/// <summary>How access looked by day, and what changed.</summary>
internal static class AccessReport
{
    /// <summary>A change of share is told from this many percentage points and this factor on, with this many exchanges on both days.</summary>
    private const double LeastPoints = 0.05, LeastFactor = 1.5;

    private const long LeastExchanges = 200;

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
        var changes = new List<(double Size, string Text)>();
        for (var d = 1; d < days.Count; d++)
        {
            var (before, now) = (days[d - 1], days[d]);
            if (before.ExchangeCount < LeastExchanges || now.ExchangeCount < LeastExchanges) continue;
            Compare("the technique", before.Techniques, now.Techniques);
            Compare("the capability", before.Capabilities, now.Capabilities);
            Compare("the model", before.Models, now.Models);

            void Compare(string what, IReadOnlyDictionary<string, double> old, IReadOnlyDictionary<string, double> fresh)
            {
                foreach (var id in old.Keys.Union(fresh.Keys).Order(StringComparer.Ordinal))
                {
                    double from = old.GetValueOrDefault(id), to = fresh.GetValueOrDefault(id);
                    if (Math.Abs(to - from) < LeastPoints || Math.Max(from, to) < LeastFactor * Math.Min(from, to)) continue;
                    changes.Add((Math.Abs(to - from), string.Create(CultureInfo.InvariantCulture,
                        $"On {now.Day} the share of {what} {id} went from {from:P1} to {to:P1}.")));
                }
            }
        }

        return [.. changes.OrderByDescending(change => change.Size).ThenBy(change => change.Text, StringComparer.Ordinal).Take(12).Select(change => new AccessChange { Text = change.Text })];
    }
}
