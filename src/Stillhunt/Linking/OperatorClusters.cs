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

    private const int Depth = 3, LeastToDivide = 20, LeastAccounts = 5;

    /// <summary>Share of accounts that the other half must put on the right side for a division to stand.</summary>
    private const double Separable = 0.85;

    /// <summary>The families that may be one operator's pool.</summary>
    public static List<Family> Pools(Traffic traffic, FamilyIndex index) =>
        [.. index.Families.Where(family => family.Recombines)
            .Select(family => (family, test: FamilyTest.Of(traffic, index.Units, family)))
            .Where(pair => pair.test.RepeatAccounts >= LeastRepeatAccounts && pair.test.Interchangeability >= LeastInterchangeability)
            .Select(pair => pair.family)];

    public static List<Cluster> Find(Traffic traffic, FamilyIndex index, List<Family> pools)
    {
        var usage = new UnitUsage(traffic, index.Units, pools);
        return [.. Divide(usage, usage.Accounts(FamilyIndex.FormingHalf), 0).Where(group => group.Count >= LeastAccounts)
            .Select(group => new Cluster { Members = [.. group.Order()] })];
    }

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
    /// Joins groups that the testing half can't tell apart, the least distinct pair first. What is smaller than
    /// <see cref="LeastAccounts"/> can't be tested and is left to the refinement, which gives every account a home.
    /// </summary>
    private static List<List<int>> Reunite(UnitUsage usage, List<List<int>> parts)
    {
        var groups = new SortedDictionary<int, (List<int> Accounts, SortedDictionary<int, double> Rates)>();
        foreach (var part in parts.Where(part => part.Count >= LeastAccounts))
            groups.Add(groups.Count, (part, usage.Rates(FamilyIndex.FormingHalf, part)));
        var accuracy = new SortedDictionary<(int, int), double>();
        foreach (var a in groups.Keys)
            foreach (var b in groups.Keys.Where(b => b > a)) Compare(a, b);
        while (accuracy.Count > 0)
        {
            var ((a, b), least) = accuracy.MinBy(pair => pair.Value);
            if (least >= Separable) break;
            List<int> joined = [.. groups[a].Accounts.Concat(groups[b].Accounts).Order()];
            groups.Remove(b);
            groups[a] = (joined, usage.Rates(FamilyIndex.FormingHalf, joined));
            foreach (var pair in accuracy.Keys.Where(pair => pair.Item1 == a || pair.Item2 == a || pair.Item1 == b || pair.Item2 == b).ToList())
                accuracy.Remove(pair);
            foreach (var other in groups.Keys.Where(other => other != a).ToList()) Compare(Math.Min(a, other), Math.Max(a, other));
        }

        return [.. groups.Values.Select(group => group.Accounts)];

        void Compare(int a, int b)
        {
            if (!Touch(groups[a].Rates, groups[b].Rates)) return;
            accuracy[(a, b)] = usage.Accuracy(1 - FamilyIndex.FormingHalf, groups[a].Accounts, groups[a].Rates, groups[b].Accounts, groups[b].Rates);
        }
    }

    private static bool Touch(SortedDictionary<int, double> a, SortedDictionary<int, double> b) =>
        a.Count < b.Count ? a.Keys.Any(b.ContainsKey) : b.Keys.Any(a.ContainsKey);
}
