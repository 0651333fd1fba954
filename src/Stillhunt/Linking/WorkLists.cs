using System.Runtime.InteropServices;

namespace Stillhunt.Linking;

/// <summary>Two exchanges of two owners that hold one item.</summary>
/// <param name="A">Exchange of the one, and <paramref name="B"/> of the other.</param>
/// <param name="Minutes">Between the two.</param>
/// <param name="Half">Of the items (<see cref="SharedItems.HalfOf"/>).</param>
internal readonly record struct Repeat(int A, int B, double Minutes, int Half);

/// <summary>How often two accounts of a group sent one item soon after each other, over the items that had no part in grouping.</summary>
/// <param name="Minutes">What soon is.</param>
/// <param name="Times">That it was.</param>
/// <param name="Expected">Times, were the items sent at random over the hours in which the group is active.</param>
/// <param name="Accounts">That did.</param>
/// <param name="Hours">Different hours in which it was: a class that works on one sheet has few.</param>
internal readonly record struct Dealing(double Minutes, int Times, double Expected, int Accounts, int Hours)
{
    /// <summary>How much oftener than expected; expectations under one half are taken for one half.</summary>
    public double Lift => Times / Math.Max(0.5, Expected);
}

/// <summary>How often items crossed from one part of a group to another.</summary>
internal record struct Crossing(int Times, double Expected)
{
    /// <summary>
    /// Items that must be expected to cross, were all dealt out by one hand, for their absence to say anything, and the share of them that may cross all the same: some accounts stand on the wrong side.
    /// On the seed of the range that it was made on three operators came out at 0.06 to 0.12 with 330 to 490 expected (docs/decisions/0024).
    /// </summary>
    private const double LeastExpected = 8, MostOfExpected = 0.15;

    /// <summary>
    /// Whether the two work off two lists: an item that goes out again goes to another account of its own part, hardly ever to one of the other, though that was as busy at the time. Of parts that are hardly busy at the same
    /// time, or send little again, that can't be told, and they are not apart.
    /// </summary>
    public readonly bool IsApart => Expected >= LeastExpected && Times <= MostOfExpected * Expected;

    /// <summary>How much oftener than expected; near 1 where hardly any are.</summary>
    public readonly double Nearness => (Times + 1) / (Expected + 1);

    public static Crossing operator +(Crossing a, Crossing b) => new(a.Times + b.Times, a.Expected + b.Expected);
}

/// <summary>
/// Groups of accounts that work through one list, whatever their prompts look like: the same rare item goes out under two accounts within minutes, because whoever
/// deals a list out to a pool asks for several answers and tries again under another account. Strangers who draw on one public text send it days apart.
/// </summary>
internal sealed class WorkLists
{
    private const int LeastAccounts = 5;

    /// <summary>Minutes that are soon, the shortest first, and what an item that came back within them counts in grouping.</summary>
    private static readonly (double Minutes, double Weight)[] Soon = [(2, 4), (15, 2), (60, 1)];

    /// <summary>How much oftener than by chance the accounts of a group must send items soon after each other, on the testing half, to be looked at.</summary>
    private const double LeastLift = 4;

    /// <summary>Caution in bits that every account must bring, as for all members (<see cref="Membership"/>).</summary>
    private const double Caution = 2;

    /// <summary>Of coarser and finer groups each is looked at.</summary>
    private static readonly double[] Resolutions = [0.25, 1, 4];

    private readonly Traffic _traffic;
    private readonly List<Repeat> _repeats = [];

    /// <summary>For each account its <see cref="_repeats"/>.</summary>
    private readonly Dictionary<int, List<int>> _ofAccount = [];

    public WorkLists(Traffic traffic, SharedItems items)
    {
        _traffic = traffic;
        // What two exchanges have in common often stands in more than one item, because of its ends more of it is shared with a third: that they met counts once, by the item of most exchanges,
        // or one meeting would group accounts on one half and speak for them on the other.
        var met = new HashSet<(int, int)>();
        foreach (var item in Enumerable.Range(0, items.Count).OrderByDescending(item => items[item].Length))
        {
            var exchanges = items[item];
            for (var a = 0; a < exchanges.Length; a++)
            {
                for (var b = a + 1; b < exchanges.Length; b++)
                {
                    if (traffic.OwnerOf(exchanges[a]) == traffic.OwnerOf(exchanges[b]) || !met.Add((exchanges[a], exchanges[b]))) continue;
                    var minutes = Math.Abs(traffic.Exchanges[exchanges[a]].TimeMs - traffic.Exchanges[exchanges[b]].TimeMs) / 60_000.0;
                    foreach (var exchange in new[] { exchanges[a], exchanges[b] })
                    {
                        ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(_ofAccount, traffic.SubjectOf[exchange], out _);
                        (own ??= []).Add(_repeats.Count);
                    }

                    _repeats.Add(new Repeat(exchanges[a], exchanges[b], minutes, traffic.IsTurned ? 1 - items.HalfOf(item) : items.HalfOf(item)));
                }
            }
        }
    }

    /// <param name="taken">Accounts that stand in a campaign already.</param>
    public List<Cluster> Find(HashSet<int> taken, Shares shares)
    {
        double[] soon = [Soon[^1].Minutes, Soon[0].Minutes];
        var graphs = shares.Of(soon, minutes => Graph(repeat => repeat.Half == FamilyIndex.FormingHalf && repeat.Minutes <= minutes, account => !taken.Contains(account)));
        var cuts = shares.Of([.. graphs.SelectMany(graph => Resolutions.Select(resolution => (Graph: graph, Resolution: resolution)))], cut => Communities(cut.Graph, cut.Resolution));
        // Much is cut the same at every resolution.
        var seen = new HashSet<string>();
        List<List<int>> groups = [.. cuts.SelectMany(cut => cut).Where(group => group.Count >= LeastAccounts && seen.Add(string.Join(',', group)))];
        return [.. shares.Of(groups, Found).OfType<Cluster>()];
    }

    /// <summary>What a group of accounts comes to; null where the testing half does not show that it works off one list.</summary>
    private Cluster? Found(List<int> group)
    {
        var tested = Likely([.. group], half => half == FamilyIndex.FormingHalf);
        if (tested.Count < LeastAccounts || DealingOf(tested, isGrouped: true).Lift < LeastLift) return null;
        var cluster = Cluster(tested);
        return cluster.Likely().Count >= LeastAccounts ? cluster : null;
    }

    /// <summary>Accounts, joined by the items that went out under both of them soon after each other.</summary>
    private WeightedGraph Graph(Func<Repeat, bool> counts, Func<int, bool> isOf)
    {
        var weights = new SortedDictionary<(int, int), double>();
        foreach (var repeat in _repeats)
        {
            var pair = (_traffic.SubjectOf[repeat.A], _traffic.SubjectOf[repeat.B]);
            if (Weight(repeat) is not (> 0 and var weight) || !counts(repeat) || !isOf(pair.Item1) || !isOf(pair.Item2)) continue;
            weights[pair] = weights.GetValueOrDefault(pair) + weight;
        }

        var graph = new WeightedGraph(_traffic.Subjects.Count);
        foreach (var ((a, b), weight) in weights) graph.Add(a, b, weight);
        return graph;
    }

    private static List<List<int>> Communities(WeightedGraph graph, double resolution)
    {
        var community = Linking.Communities.Find(graph, resolution);
        return [.. Enumerable.Range(0, graph.Count).Where(s => graph.Edges(s).Length > 0).GroupBy(s => community[s]).Select(group => group.ToList())];
    }

    private static double Weight(Repeat repeat) => Class(repeat) is var k && k < Soon.Length ? Soon[k].Weight : 0;

    /// <summary>Members by all that they sent, and what they sent for it.</summary>
    private Cluster Cluster(HashSet<int> tested)
    {
        var probabilities = Probabilities(tested, _ => true);
        var cluster = new Cluster
        {
            Members = [.. probabilities.Keys],
            Probabilities = [.. probabilities.Values],
            Tested = tested,
            IsWorkList = true,
        };
        var likely = cluster.Likely();
        var forming = new HashSet<int>();
        foreach (var account in likely.Order()) cluster.Extracting.AddRange(Work(account, likely, forming));
        cluster.Test = [.. cluster.Extracting.Where(i => tested.Contains(_traffic.SubjectOf[i]) && !forming.Contains(i))];
        return cluster;
    }

    private HashSet<int> Likely(HashSet<int> accounts, Func<int, bool> half) => [.. Probabilities(accounts, half).Where(pair => pair.Value >= 0.5).Select(pair => pair.Key)];

    /// <summary>
    /// P(works on the list), for each account that sent an item of the group's: how often soon after or before one of the group, as the group does among itself, and how often
    /// at any other time, as strangers do.
    /// </summary>
    private SortedDictionary<int, double> Probabilities(HashSet<int> group, Func<int, bool> half)
    {
        var near = new SortedDictionary<int, int[]>();
        foreach (var member in group)
        {
            foreach (var r in _ofAccount[member])
            {
                if (!half(_repeats[r].Half)) continue;
                if (!near.TryGetValue(Other(r, member), out var counts)) near.Add(Other(r, member), counts = new int[Soon.Length + 1]);
                counts[Class(_repeats[r])]++;
            }
        }

        var within = new double[Soon.Length + 1];
        foreach (var account in group.Where(near.ContainsKey))
            for (var k = 0; k < within.Length; k++) within[k] += near[account][k];
        var chance = Chances(group);
        var all = within.Sum();
        var bits = within.Select((count, k) => Math.Log2((count + chance[k]) / (all + 1) / chance[k])).ToArray();
        var prior = Math.Log2((group.Count + 1.0) / (_traffic.Subjects.Count + 1)) - Caution;
        return new(near.Where(pair => pair.Value.Sum() > pair.Value[^1]).ToDictionary(pair => pair.Key, pair => 1 / (1 + Math.Pow(2, -prior - pair.Value.Select((count, k) => count * bits[k]).Sum()))));
    }

    /// <summary>P(an item comes back within each of <see cref="Soon"/>, and later), were it sent at random over the group's hours.</summary>
    private double[] Chances(HashSet<int> group)
    {
        var hour = Math.Clamp(SameHour(group), 1e-4, 0.9);
        var chances = Soon.Select((soon, k) => hour * (soon.Minutes - (k == 0 ? 0 : Soon[k - 1].Minutes)) / 60).ToList();
        return [.. chances, 1 - chances.Sum()];
    }

    /// <summary>Which of <see cref="Soon"/> a repeat is, or one more than there are.</summary>
    private static int Class(Repeat repeat)
    {
        var k = 0;
        while (k < Soon.Length && repeat.Minutes > Soon[k].Minutes) k++;
        return k;
    }

    private int Other(int repeat, int account) =>
        _traffic.SubjectOf[_repeats[repeat].A] == account ? _traffic.SubjectOf[_repeats[repeat].B] : _traffic.SubjectOf[_repeats[repeat].A];

    /// <summary>What items say of a group that had no part in grouping it.</summary>
    public Dealing DealingOf(Cluster cluster) => DealingOf(cluster.Tested, cluster.IsWorkList);

    /// <param name="isGrouped">Whether the forming half of the items has grouped it.</param>
    private Dealing DealingOf(HashSet<int> group, bool isGrouped) => Measure(group, Pairs(group, group).Where(repeat => repeat.Half != FamilyIndex.FormingHalf || !isGrouped));

    /// <summary>What items say of two groups: whether they have one dealer.</summary>
    public Dealing DealingBetween(HashSet<int> a, HashSet<int> b) => Measure([.. a, .. b], Pairs(a, b));

    /// <summary>
    /// How much oftener than by chance, and how often, items must go from one to the other. Between parts of one operator it was 20 to 100 times on the range and on another
    /// author's traffic, between operators 0.2 to 3.
    /// </summary>
    private const double OneDealerLift = 8;

    private const int OneDealerTimes = 6;

    /// <summary>Accounts of either that must deal with the other, as a share of those that deal at all: a campaign may hold a few accounts of another's dealer.</summary>
    private const double LeastAcross = 0.4;

    /// <summary>Whether items of the one go out under accounts of the other as they do within each.</summary>
    public bool HaveOneDealer(HashSet<int> a, HashSet<int> b)
    {
        var dealing = DealingBetween(a, b);
        return dealing.Lift >= OneDealerLift && dealing.Times >= OneDealerTimes && Across(a, b) >= LeastAcross && Across(b, a) >= LeastAcross;
    }

    /// <summary>For each two of a group's parts, the lower number first, how often an item that went out again soon crossed from the one to the other, and how often it would if whoever of the group was busy at the time had got it.</summary>
    /// <param name="parts">Disjoint.</param>
    public Crossing[,] Crossings(IReadOnlyList<HashSet<int>> parts)
    {
        var crossings = new Crossing[parts.Count, parts.Count];
        var partOf = new SortedDictionary<int, int>();
        var busy = new Dictionary<long, double[]>();
        for (var p = 0; p < parts.Count; p++)
        {
            foreach (var account in parts[p]) partOf.Add(account, p);
            // Busy within an hour: in the hour itself, or in one beside it.
            foreach (var (hour, sent) in Hours(parts[p]))
            {
                for (var near = hour - 1; near <= hour + 1; near++)
                {
                    ref var at = ref CollectionsMarshal.GetValueRefOrAddDefault(busy, near, out _);
                    (at ??= new double[parts.Count])[p] += sent;
                }
            }
        }

        foreach (var (account, part) in partOf)
        {
            foreach (var r in _ofAccount.GetValueOrDefault(account) ?? [])
            {
                // Each is met from both sides.
                if (Weight(_repeats[r]) == 0 || account > Other(r, account) || !partOf.TryGetValue(Other(r, account), out var other)) continue;
                if (part != other) crossings[Math.Min(part, other), Math.Max(part, other)].Times++;
                Expect(_repeats[r].A);
                Expect(_repeats[r].B);
            }
        }

        return crossings;

        // The other account is any that is busy: half of what the one says of it, and half of what the other says.
        void Expect(int exchange)
        {
            var own = partOf[_traffic.SubjectOf[exchange]];
            var at = busy[_traffic.Exchanges[exchange].TimeMs / HourMs];
            var all = at.Sum();
            for (var p = 0; p < at.Length; p++)
                if (p != own) crossings[Math.Min(p, own), Math.Max(p, own)].Expected += at[p] / all / 2;
        }
    }

    /// <summary>Of the accounts of a group that deal with any of two, the share that deals with the other.</summary>
    private double Across(HashSet<int> group, HashSet<int> other)
    {
        var across = group.Count(account => SoonOf(account, other) > 0);
        return across / (double)Math.Max(1, group.Count(account => SoonOf(account, other) > 0 || SoonOf(account, group) > 0));
    }

    /// <summary>Times that an account sent an item soon before or after one of a group.</summary>
    public int SoonOf(int account, HashSet<int> group) =>
        _ofAccount.TryGetValue(account, out var repeats) ? repeats.Count(r => Weight(_repeats[r]) > 0 && group.Contains(Other(r, account))) : 0;

    private IEnumerable<Repeat> Pairs(HashSet<int> a, HashSet<int> b)
    {
        foreach (var account in a.Where(_ofAccount.ContainsKey).Order())
        {
            foreach (var r in _ofAccount[account])
                // Within one group each pair is met from both sides.
                if (b.Contains(Other(r, account)) && (!a.Contains(Other(r, account)) || account < Other(r, account))) yield return _repeats[r];
        }
    }

    /// <summary>By the minutes that say most.</summary>
    private Dealing Measure(HashSet<int> group, IEnumerable<Repeat> repeats)
    {
        var pairs = repeats.ToList();
        if (pairs.Count == 0) return default;
        var hour = SameHour(group);
        Dealing best = default;
        foreach (var (minutes, _) in Soon)
        {
            var soon = pairs.FindAll(repeat => repeat.Minutes <= minutes);
            var found = new Dealing(minutes, soon.Count, Math.Min(1, hour * minutes / 60) * pairs.Count,
                soon.SelectMany(repeat => new[] { _traffic.SubjectOf[repeat.A], _traffic.SubjectOf[repeat.B] }).Distinct().Count(),
                soon.Select(repeat => _traffic.Exchanges[repeat.A].TimeMs / HourMs).Distinct().Count());
            if (best.Minutes == 0 || found.Lift > best.Lift) best = found;
        }

        return best;
    }

    /// <summary>P(two of the group's exchanges lie within an hour), by the hours in which they were sent.</summary>
    private double SameHour(HashSet<int> group)
    {
        var hours = Hours(group);
        var all = hours.Values.Sum();
        // Within an hour of a time in the middle of an hour: all of that hour, and half of each beside it.
        return all == 0 ? 0 : hours.Sum(pair => pair.Value * (pair.Value + ((hours.GetValueOrDefault(pair.Key - 1) + hours.GetValueOrDefault(pair.Key + 1)) / 2))) / (all * all);
    }

    /// <summary>What the accounts of a group sent in each hour.</summary>
    private SortedDictionary<long, double> Hours(HashSet<int> group)
    {
        var hours = new SortedDictionary<long, double>();
        foreach (var account in group)
        {
            var subject = _traffic.Subjects[account];
            for (var i = subject.First; i < subject.End; i++) hours[_traffic.Exchanges[i].TimeMs / HourMs] = hours.GetValueOrDefault(_traffic.Exchanges[i].TimeMs / HourMs) + 1;
        }

        return hours;
    }

    private const long HourMs = 3_600_000;

    /// <summary>An account's exchanges that hold an item of the list, and those that are worded as these are.</summary>
    private IEnumerable<int> Work(int account, HashSet<int> group, HashSet<int> forming)
    {
        var items = new HashSet<int>();
        foreach (var r in _ofAccount[account])
        {
            if (!group.Contains(Other(r, account))) continue;
            var own = _traffic.SubjectOf[_repeats[r].A] == account ? _repeats[r].A : _repeats[r].B;
            items.Add(own);
            if (_repeats[r].Half == FamilyIndex.FormingHalf && Weight(_repeats[r]) > 0) forming.Add(own);
        }

        var subject = _traffic.Subjects[account];
        var uses = new Dictionary<uint, int>();
        for (var i = subject.First; i < subject.End; i++)
            foreach (var print in _traffic.Exchanges[i].Prints) uses[print] = uses.GetValueOrDefault(print) + 1;
        // What comes back in this account beside the items is its template.
        var template = items.SelectMany(i => _traffic.Exchanges[i].Prints).Where(print => uses[print] > 1).ToHashSet();
        for (var i = subject.First; i < subject.End; i++)
        {
            var prints = _traffic.Exchanges[i].Prints;
            if (items.Contains(i) || prints.Count(template.Contains) >= Math.Max(LeastOfTemplate, ShareOfTemplate * prints.Length)) yield return i;
        }
    }

    /// <summary>Phrases, and the share of its phrases, that an exchange must have in common with its account's items to be worded as they are.</summary>
    private const double LeastOfTemplate = 2, ShareOfTemplate = 0.25;
}
