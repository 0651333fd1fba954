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
    public static List<Family> Pools(Traffic traffic, FamilyIndex index, Shares shares) => Pools(traffic, index.Postings, index.Cut.Families, shares);

    private static List<Family> Pools(Traffic traffic, UnitPostings postings, IEnumerable<Family> families, Shares shares)
    {
        List<Family> recombining = [.. families.Where(family => family.Recombines)];
        var are = shares.Of(recombining, family => IsPool(traffic, postings, family));
        return [.. recombining.Where((_, f) => are[f])];
    }

    /// <summary>By the pool test on the forming half.</summary>
    private static bool IsPool(Traffic traffic, UnitPostings postings, Family family)
    {
        var test = PoolTest.Of(traffic, postings, family.Exchanges.Where(i => traffic.HalfOf(i) == FamilyIndex.FormingHalf), family.Units);
        return test.RepeatAccounts >= LeastRepeatAccounts && test.Interchangeability >= LeastInterchangeability;
    }

    public static List<Cluster> Find(Traffic traffic, UnitPostings postings, List<Family> pools, Shares shares)
    {
        var usage = new UnitUsage(traffic, postings, pools);
        List<int> matched = [.. pools.SelectMany(family => family.Exchanges).Distinct().Order()];
        return [.. shares.Of([.. Divided(usage, shares).Where(group => group.Count >= LeastAccounts)], group => Seed(traffic, group.ToHashSet(), matched))];
    }

    /// <summary>Each family that may be one operator's pool by itself, also where the units are cut more finely.</summary>
    public static IEnumerable<Cluster> OfFamilies(Traffic traffic, FamilyIndex index, List<Family> pools, Shares shares)
    {
        // Much is cut the same at every resolution.
        var seen = new HashSet<string>();
        foreach (var family in pools.Concat(Pools(traffic, index.Postings, index.Finer, shares)))
        {
            if (!seen.Add(string.Join(',', family.Units))) continue;
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
    private static IEnumerable<List<int>> Divided(UnitUsage usage, Shares shares)
    {
        List<(List<int> Accounts, bool IsWhole)> groups = [([.. usage.Accounts(FamilyIndex.FormingHalf)], false)];
        for (var depth = 0; depth < Depth; depth++)
        {
            var isFirst = depth == 0;
            groups = [.. shares.Of(groups, group => group.IsWhole ? [group] : Divide(usage, group.Accounts, isFirst)).SelectMany(parts => parts)];
        }

        return groups.Select(group => group.Accounts);
    }

    private static (List<int> Accounts, bool IsWhole)[] Divide(UnitUsage usage, List<int> accounts, bool isFirst)
    {
        if (accounts.Count < LeastToDivide) return [(accounts, true)];
        var groups = Reunite(usage, Communities(usage, accounts));
        // Many crumbs: the units, more numerous than the accounts, have pulled them apart; nothing was found.
        if (!isFirst && groups.Sum(group => group.Count) < MostlyKept * accounts.Count) return [(accounts, true)];
        return groups.Count < 2 ? [(accounts, true)] : [.. groups.Select(group => (group, false))];
    }

    private static List<List<int>> Communities(UnitUsage usage, List<int> accounts)
    {
        var node = new int[usage.UnitCount];
        var holders = new int[usage.UnitCount];
        var nodes = accounts.Count;
        foreach (var account in accounts)
        {
            foreach (var (unit, _) in usage.Of(FamilyIndex.FormingHalf, account))
            {
                if (holders[unit]++ == 0) node[unit] = nodes++;
            }
        }

        var graph = new WeightedGraph(nodes);
        for (var a = 0; a < accounts.Count; a++)
        {
            foreach (var (unit, count) in usage.Of(FamilyIndex.FormingHalf, accounts[a]))
                graph.Add(a, node[unit], Math.Min(count, 3) * Math.Log2(1 + ((double)accounts.Count / holders[unit])));
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
        var groups = parts.Where(part => part.Count >= LeastAccounts).ToList();
        var rates = groups.ConvertAll<GroupRates?>(group => Rates(group));
        var spread = new double[usage.UnitCount];
        // Joined anew: what stands in the queue under an older number of joins is stale.
        var joins = new int[groups.Count];
        var alike = new PriorityQueue<(int A, int B, int JoinsOfA, int JoinsOfB), (double Least, int A, int B)>();
        for (var a = 0; a < groups.Count; a++) Compare(a, a + 1);
        while (alike.TryDequeue(out var pair, out _))
        {
            var (a, b, ofA, ofB) = pair;
            if (rates[a] is null || rates[b] is null || joins[a] != ofA || joins[b] != ofB) continue;
            groups[a] = [.. groups[a].Concat(groups[b]).Order()];
            rates[a] = Rates(groups[a]);
            rates[b] = null;
            joins[a]++;
            Compare(a, 0);
        }

        return [.. groups.Where((_, g) => rates[g] is not null)];

        GroupRates Rates(List<int> group) => usage.RatesOf(1 - FamilyIndex.FormingHalf, group);

        void Compare(int group, int from)
        {
            rates[group]!.Spread(spread);
            for (var other = from; other < groups.Count; other++)
            {
                if (other == group || rates[other] is not { } rate) continue;
                var likeness = rates[group]!.Likeness(rate, spread);
                if (!(likeness >= SamePool)) continue;
                var (a, b) = (Math.Min(group, other), Math.Max(group, other));
                alike.Enqueue((a, b, joins[a], joins[b]), (-likeness, a, b));
            }

            rates[group]!.Clear(spread);
        }
    }
}
