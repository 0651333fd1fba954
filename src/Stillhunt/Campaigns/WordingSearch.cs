using System.Runtime.InteropServices;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>
/// <c>technique-search</c>: a group that tried many wordings, of which many requests were refused, and came to those that pass. A rule over refusals and times, whatever the words are.
/// </summary>
internal static class WordingSearch
{
    /// <summary>Wordings that must have been given up, each with so many requests: fewer are a change of mind.</summary>
    private const int LeastWordings = 5, LeastRequests = 3;

    /// <summary>Given up: not used any more when this share of the group's time had passed.</summary>
    private const double GivenUp = 0.75;

    /// <summary>
    /// Share of the requests of what was given up that must have been refused, and how much smaller it must be in what followed. Judgement: "many" is all that any source says
    /// of attempts. On the range the documented cases are refused 2 to 18 % of the time, evenly, and none of them comes out as a search (docs/measured.md).
    /// </summary>
    private const double LeastRefused = 0.15, MostRefusedLater = 0.5;

    /// <summary>And the difference must be so many times its standard error: about one in thirty thousand by chance.</summary>
    private const double LeastErrors = 4;

    /// <summary>The exchanges in which the wordings were tried that were given up; none where the group did not search.</summary>
    /// <param name="extracting">The group's own exchanges of its accounts.</param>
    public static List<int> Trials(Traffic traffic, UnitPostings postings, Cluster cluster, List<int> extracting)
    {
        if (extracting.Count == 0 || cluster.UnitBits.Count < LeastWordings) return [];
        var wordings = new Dictionary<int, Wording>();
        foreach (var i in extracting)
        {
            foreach (var unit in postings.UnitsOf(i))
            {
                if (!cluster.UnitBits.ContainsKey(unit)) continue;
                ref var wording = ref CollectionsMarshal.GetValueRefOrAddDefault(wordings, unit, out _);
                wording.Requests++;
                wording.LastMs = Math.Max(wording.LastMs, traffic.Exchanges[i].TimeMs);
            }
        }

        long first = extracting.Min(i => traffic.Exchanges[i].TimeMs), last = extracting.Max(i => traffic.Exchanges[i].TimeMs);
        // Whether refused or not: to pick those that met refusals would find some in every large pool.
        var givenUp = wordings.Where(pair => pair.Value.Requests >= LeastRequests && pair.Value.LastMs <= first + (GivenUp * (last - first))).ToDictionary();
        if (givenUp.Count < LeastWordings) return [];
        var settledMs = givenUp.Values.Max(wording => wording.LastMs);
        var trials = extracting.Where(i => Holds(postings, i, givenUp)).ToList();
        var later = extracting.Where(i => traffic.Exchanges[i].TimeMs > settledMs).ToList();
        return later.Count >= LeastWordings * LeastRequests && AreMoreRefused(traffic, trials, later) ? trials : [];
    }

    private static bool AreMoreRefused(Traffic traffic, List<int> trials, List<int> later)
    {
        double n = trials.Count, m = later.Count, refused = trials.Count(i => traffic.Exchanges[i].Declined), refusedLater = later.Count(i => traffic.Exchanges[i].Declined);
        if (refused < LeastRefused * n || refusedLater / m > MostRefusedLater * refused / n) return false;
        var share = (refused + refusedLater) / (n + m);
        return (refused / n) - (refusedLater / m) >= LeastErrors * Math.Sqrt(share * (1 - share) * ((1 / n) + (1 / m)));
    }

    private static bool Holds(UnitPostings postings, int exchange, Dictionary<int, Wording> wordings)
    {
        foreach (var unit in postings.UnitsOf(exchange))
            if (wordings.ContainsKey(unit)) return true;
        return false;
    }

    private struct Wording
    {
        public int Requests;
        public long LastMs;
    }
}
