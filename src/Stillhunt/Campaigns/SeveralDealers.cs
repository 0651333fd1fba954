using System.Globalization;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>
/// Campaigns that are several: operators who follow one public recipe, or one grammar at each request, write alike, and grouping by wording puts them together. Their accounts are divided by what they have in common beside wording,
/// and the division stands where items say the same: what goes out again stays on its own side (<see cref="Crossing.IsApart"/>). The one made it, the other tests it, and neither looks at wording.
/// </summary>
internal sealed class SeveralDealers(SharedValues values, WorkLists lists)
{
    /// <summary>The kind of its rows.</summary>
    public const string Kind = "dealt-apart";

    /// <summary>Accounts of a part, at least.</summary>
    private const int LeastPart = 8;

    /// <summary>Means that leave more parts than these divide nobody: each few accounts have some of their own.</summary>
    private const int MostParts = 64;

    /// <summary>Of the accounts that the whole lists, the share that its parts must list, each by itself: who is in which campaign is not worth accounts that are lost.</summary>
    private const double LeastKept = 0.99;

    private static readonly double[] Resolutions = [0.25, 0.5, 1];

    /// <summary>All but handles, by which accounts are found to pass something on, and not what they are.</summary>
    private static readonly ValueKind[] Kinds = [.. Enum.GetValues<ValueKind>().Where(kind => kind != ValueKind.ReasoningRef)];

    /// <summary>A flagged judgement, or those of its parts where it is of several dealers: each part a campaign by itself, and no account lost by it.</summary>
    /// <param name="judgement">Described.</param>
    /// <param name="without">Less some of its members, judged anew and described; null where too little is left.</param>
    public List<Judgement> Parted(Judgement judgement, Func<Judgement, Func<int, bool>, Judgement?> without)
    {
        if (!judgement.IsFlagged) return [judgement];
        var members = judgement.Cluster.Likely();
        if (members.Count < 2 * LeastPart) return [judgement];
        // The division into most parts, the coarsest of these: all of them stand the test.
        var parts = ByMeans([.. members.Order()]).Where(parts => parts.Count <= MostParts).Select(Reunited).MaxBy(parts => parts.Count);
        if (parts is not { Count: > 1 }) return [judgement];
        Adopt(members, parts);
        var judged = parts.ConvertAll(part => without(judgement, account => !part.Contains(account)));
        return judged.TrueForAll(part => part is { IsFlagged: true }) && judged.Sum(part => part!.Accounts.Count) >= LeastKept * judgement.Accounts.Count
            ? [.. judged.Select((part, p) => Told(part!, parts, p))] : [judgement];
    }

    /// <summary>Accounts that have means in common, as communities over the values that more than one of them holds, from coarse to fine: crews may have cards or addresses by threes.</summary>
    private IEnumerable<List<HashSet<int>>> ByMeans(List<int> accounts)
    {
        var nodes = accounts.Count;
        var edges = new List<(int Account, int Value, double Weight)>();
        foreach (var kind in Kinds)
        {
            var holders = new SortedDictionary<ulong, List<int>>();
            for (var a = 0; a < accounts.Count; a++)
            {
                foreach (var value in values.Of(accounts[a], kind))
                {
                    if (!holders.TryGetValue(value, out var own)) holders.Add(value, own = []);
                    own.Add(a);
                }
            }

            foreach (var own in holders.Values.Where(own => own.Count > 1))
            {
                // What all of them hold divides nobody.
                var weight = Math.Log2((double)accounts.Count / own.Count);
                if (weight > 0) edges.AddRange(own.Select(account => (account, nodes, weight)));
                nodes++;
            }
        }

        var graph = new WeightedGraph(nodes);
        foreach (var (account, value, weight) in edges) graph.Add(account, value, weight);
        foreach (var resolution in Resolutions)
        {
            var community = Communities.Find(graph, resolution);
            yield return [.. Enumerable.Range(0, accounts.Count).GroupBy(a => community[a], a => accounts[a]).Select(group => group.ToHashSet()).Where(part => part.Count >= LeastPart)];
        }
    }

    /// <summary>Parts that items do not tell apart, put together again, those between which most goes over first.</summary>
    private List<HashSet<int>> Reunited(List<HashSet<int>> parts)
    {
        // What crossed between two and a third crossed between each of them and the third.
        var crossings = lists.Crossings(parts);
        var left = Enumerable.Range(0, parts.Count).ToList();
        while (true)
        {
            var (nearest, a, b) = (0.0, -1, -1);
            foreach (var p in left)
            {
                foreach (var q in left)
                    if (q > p && !crossings[p, q].IsApart && crossings[p, q].Nearness > nearest) (nearest, a, b) = (crossings[p, q].Nearness, p, q);
            }

            if (a < 0) return left.ConvertAll(p => parts[p]);
            parts[a].UnionWith(parts[b]);
            left.Remove(b);
            foreach (var p in left.Where(p => p != a)) crossings[Math.Min(a, p), Math.Max(a, p)] += crossings[Math.Min(b, p), Math.Max(b, p)];
        }
    }

    /// <summary>Who is in no part goes to the one that it deals with most, or else has most in common with, by the account.</summary>
    private void Adopt(HashSet<int> members, List<HashSet<int>> parts)
    {
        List<HashSet<int>> before = [.. parts.Select(part => part.ToHashSet())];
        var held = before.ConvertAll(part => part.SelectMany(account => Kinds.SelectMany(kind => values.Of(account, kind).ToArray().Select(value => (kind, value)))).CountBy(value => value).ToDictionary());
        foreach (var account in members.Where(account => !before.Exists(part => part.Contains(account))).Order())
        {
            var best = Enumerable.Range(0, parts.Count).MaxBy(p => (lists.SoonOf(account, before[p]), InCommon(account, held[p]) / before[p].Count));
            parts[best].Add(account);
        }
    }

    /// <summary>Values of an account, each as often as others hold it.</summary>
    private double InCommon(int account, Dictionary<(ValueKind, ulong), int> held)
    {
        double common = 0;
        foreach (var kind in Kinds)
        {
            foreach (var value in values.Of(account, kind)) common += held.GetValueOrDefault((kind, value));
        }

        return common;
    }

    private Judgement Told(Judgement judgement, List<HashSet<int>> parts, int own)
    {
        HashSet<int> others = [.. parts.Where((_, p) => p != own).SelectMany(part => part)];
        var (times, expected) = lists.Crossings([parts[own], others])[0, 1];
        return judgement.With(EvidenceRows.Row("content", Kind, 0, string.Create(CultureInfo.InvariantCulture,
            $"{others.Count} further accounts write alike, and were found and sought again as one group with these. They stand in {(parts.Count > 2 ? "other campaigns" : "another campaign")}: they have other means, and items that went out again crossed between them {times} times, where {expected:0} would be expected of one dealer."),
            others.Count, []));
    }
}
