namespace Stillhunt.Linking;

/// <summary>
/// Families -> clusters of accounts with one hand behind them. Two operators may share a grammar (a public recipe) and one
/// operator may use many: accounts are clustered by which units they use, on the half that formed the families, and a
/// division is kept only if the other half confirms it.
/// </summary>
internal static class OperatorClusters
{
    /// <summary>
    /// Families below are not an operator's pool: on the range honest families came out at 0.4 to 0.8 and those with operators in them at
    /// 0.75 to 1.05 (docs/decisions/0003). Low on purpose: what passes is tested again as a cluster.
    /// </summary>
    public const double LeastInterchangeability = 0.7;

    private const int LeastRepeatAccounts = 3;

    /// <summary>Divides too finely on purpose; what the other half can't tell apart is joined again.</summary>
    private const double Resolution = 2;

    /// <summary>Share of the accounts that must stand in parts large enough to be tested for a division to count.</summary>
    private const double MostlyKept = 0.8;

    private const int Depth = 3, LeastToDivide = 20, LeastAccounts = 5, LeastExchanges = 30;

    /// <summary>Likeness (<see cref="UnitUsage.Likeness"/>) on the other half from which on two parts draw from one pool.</summary>
    public const double SamePool = 0.8;

    /// <summary>The families that may be one operator's pool.</summary>
    public static List<Family> Pools(Traffic traffic, FamilyIndex index) => Pools(traffic, index.Units, index.Families);

    private static List<Family> Pools(Traffic traffic, RecurringUnits units, IEnumerable<Family> families) =>
        [.. families.Where(family => family.Recombines)
            .Select(family => (family, test: Test(traffic, units, family)))
            .Where(pair => pair.test.RepeatAccounts >= LeastRepeatAccounts && pair.test.Interchangeability >= LeastInterchangeability)
            .Select(pair => pair.family)];

    /// <summary>A family's pool test on the forming half.</summary>
    private static PoolTest Test(Traffic traffic, RecurringUnits units, Family family)
    {
        var own = family.Units.ToHashSet();
        var buffer = RecurringUnits.Buffer();
        return PoolTest.Of([.. family.Exchanges.Where(i => traffic.Exchanges[i].Half == FamilyIndex.FormingHalf).GroupBy(i => traffic.SubjectOf[i])
            .Select(account => account.GroupBy(i => traffic.Exchanges[i].Thread).Select(conversation => Held(conversation.First())).ToList())]);

        int[] Held(int exchange) => [.. buffer[..units.Of(traffic.Exchanges[exchange].Prints, buffer)].Where(own.Contains)];
    }

    public static List<Cluster> Find(Traffic traffic, UnitPostings postings, List<Family> pools)
    {
        var usage = new UnitUsage(traffic, postings, pools);
        List<int> matched = [.. pools.SelectMany(family => family.Exchanges).Distinct().Order()];
        return [.. Divide(usage, usage.Accounts(FamilyIndex.FormingHalf), 0).Where(group => group.Count >= LeastAccounts)
            .Select(group => Seed(traffic, group.ToHashSet(), matched))];
    }

    /// <summary>Each family that may be one operator's pool by itself, also where the units are cut more finely.</summary>
    public static IEnumerable<Cluster> OfFamilies(Traffic traffic, FamilyIndex index, List<Family> pools)
    {
        foreach (var family in pools.Concat(Pools(traffic, index.Units, index.Finer)))
        {
            var accounts = family.Exchanges.Select(i => traffic.SubjectOf[i]).ToHashSet();
            if (accounts.Count >= LeastAccounts && family.Exchanges.Count >= LeastExchanges) yield return Seed(traffic, accounts, family.Exchanges);
        }
    }

    private static Cluster Seed(Traffic traffic, HashSet<int> accounts, IReadOnlyList<int> exchanges) => new()
    {
        Members = [.. accounts.Order()],
        Extracting = [.. exchanges.Where(i => accounts.Contains(traffic.SubjectOf[i]))],
    };

    /// <summary>
    /// Divides by the forming half, joins again what the testing half can't tell apart, and tries the same inside each part, because what is
    /// rare in it may be common outside and one small operator drowns among many people.
    /// </summary>
    private static List<List<int>> Divide(UnitUsage usage, List<int> accounts, int depth)
    {
        if (depth == Depth || accounts.Count < LeastToDivide) return [accounts];
        var groups = Reunite(usage, Communities(usage, accounts));
        // Many crumbs: the units, more numerous than the accounts, have pulled them apart; nothing was found.
        if (depth > 0 && groups.Sum(group => group.Count) < MostlyKept * accounts.Count) return [accounts];
        return groups.Count < 2 ? [accounts] : [.. groups.SelectMany(group => Divide(usage, group, depth + 1))];
    }

    private static List<List<int>> Communities(UnitUsage usage, List<int> accounts)
    {
        var units = new Dictionary<int, int>();
        var holders = new Dictionary<int, int>();
        foreach (var account in accounts)
        {
            foreach (var unit in usage.Of(FamilyIndex.FormingHalf, account).Keys)
            {
                units.TryAdd(unit, accounts.Count + units.Count);
                holders[unit] = holders.GetValueOrDefault(unit) + 1;
            }
        }

        var graph = new WeightedGraph(accounts.Count + units.Count);
        for (var a = 0; a < accounts.Count; a++)
        {
            foreach (var (unit, count) in usage.Of(FamilyIndex.FormingHalf, accounts[a]))
                graph.Add(a, units[unit], Math.Min(count, 3) * Math.Log2(1 + ((double)accounts.Count / holders[unit])));
        }

        var community = Linking.Communities.Find(graph, Resolution);
        return [.. Enumerable.Range(0, accounts.Count).GroupBy(a => community[a], a => accounts[a]).OrderBy(group => group.Key).Select(group => group.ToList())];
    }

    /// <summary>
    /// Joins groups that the testing half can't tell apart, the most alike first. What is smaller than <see cref="LeastAccounts"/> can't be
    /// tested and is left to the refinement, which gives every account a home.
    /// </summary>
    private static List<List<int>> Reunite(UnitUsage usage, List<List<int>> parts)
    {
        var groups = new SortedDictionary<int, List<int>>();
        foreach (var part in parts.Where(part => part.Count >= LeastAccounts)) groups.Add(groups.Count, part);
        var alike = new SortedDictionary<(int, int), double>();
        foreach (var a in groups.Keys)
            foreach (var b in groups.Keys.Where(b => b > a)) Compare(a, b);
        while (alike.Count > 0)
        {
            var ((a, b), most) = alike.MaxBy(pair => pair.Value);
            if (most < SamePool) break;
            List<int> joined = [.. groups[a].Concat(groups[b]).Order()];
            groups.Remove(b);
            groups[a] = joined;
            foreach (var pair in alike.Keys.Where(pair => pair.Item1 == a || pair.Item2 == a || pair.Item1 == b || pair.Item2 == b).ToList())
                alike.Remove(pair);
            foreach (var other in groups.Keys.Where(other => other != a).ToList()) Compare(Math.Min(a, other), Math.Max(a, other));
        }

        return [.. groups.Values];

        void Compare(int a, int b)
        {
            var likeness = usage.Likeness(1 - FamilyIndex.FormingHalf, groups[a], groups[b]);
            if (!double.IsNaN(likeness)) alike[(a, b)] = likeness;
        }
    }
}
