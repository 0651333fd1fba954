namespace Stillhunt.Linking;

/// <summary>
/// Families -> clusters of accounts with one hand behind them. Two operators may share a grammar (a public recipe) and one
/// operator may use many: accounts are clustered by which units they use, on the half that formed the families, and a
/// division is kept only if the other half confirms it.
/// </summary>
internal static class OperatorClusters
{
    /// <summary>
    /// Families below are not an operator's pool: people's habits (shared suffixes, languages) came out at 0.6 to 0.8, operators' at
    /// 0.9 to 1.05 in the study of DESIGN.md section 8; the range's figures are in docs/decisions/0003.
    /// </summary>
    public const double LeastInterchangeability = 0.7;

    private const int LeastRepeatAccounts = 3;

    /// <summary>Divides too finely on purpose; what the other half can't tell apart is joined again.</summary>
    private const double Resolution = 2.5;

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
        var labels = Divide(usage);
        Reunite(usage, labels);
        var clusters = new List<Cluster>();
        foreach (var group in labels.Where(pair => pair.Value >= 0).GroupBy(pair => pair.Value).OrderBy(group => group.Key))
        {
            var cluster = new Cluster { Members = [.. group.Select(pair => pair.Key).Order()] };
            if (cluster.Members.Count >= LeastRepeatAccounts) clusters.Add(cluster);
        }

        return clusters;
    }

    /// <summary>Communities of the account-unit graph of the forming half.</summary>
    private static Dictionary<int, int> Divide(UnitUsage usage)
    {
        var accounts = usage.Accounts(FamilyIndex.FormingHalf);
        var units = new Dictionary<int, int>();
        var holders = new Dictionary<int, int>();
        foreach (var account in accounts)
            foreach (var unit in usage.Of(FamilyIndex.FormingHalf, account).Keys)
            {
                units.TryAdd(unit, accounts.Count + units.Count);
                holders[unit] = holders.GetValueOrDefault(unit) + 1;
            }

        var graph = new WeightedGraph(accounts.Count + units.Count);
        for (var a = 0; a < accounts.Count; a++)
            foreach (var (unit, count) in usage.Of(FamilyIndex.FormingHalf, accounts[a]))
                graph.Add(a, units[unit], Math.Min(count, 3) * Math.Log2(1 + ((double)accounts.Count / holders[unit])));
        var community = Communities.Find(graph, Resolution);
        var labels = new Dictionary<int, int>();
        for (var a = 0; a < accounts.Count; a++) labels[accounts[a]] = community[a];
        return labels;
    }

    /// <summary>Joins clusters that the testing half can't tell apart, the least distinct pair first.</summary>
    private static void Reunite(UnitUsage usage, Dictionary<int, int> labels)
    {
        while (true)
        {
            var groups = labels.GroupBy(pair => pair.Value, pair => pair.Key).Where(group => group.Count() >= LeastRepeatAccounts)
                .OrderBy(group => group.Key).Select(group => (Label: group.Key, Accounts: group.Order().ToList())).ToList();
            var models = groups.Select(group => usage.Rates(FamilyIndex.FormingHalf, group.Accounts)).ToList();
            var worst = Separable;
            (int, int) join = (-1, -1);
            for (var a = 0; a < groups.Count; a++)
                for (var b = a + 1; b < groups.Count; b++)
                {
                    if (!models[a].Keys.Any(models[b].ContainsKey)) continue;
                    var accuracy = usage.Accuracy(1 - FamilyIndex.FormingHalf, groups[a].Accounts, models[a], groups[b].Accounts, models[b]);
                    if (accuracy >= worst) continue;
                    worst = accuracy;
                    join = (groups[a].Label, groups[b].Label);
                }

            if (join.Item1 < 0) return;
            foreach (var account in labels.Where(pair => pair.Value == join.Item2).Select(pair => pair.Key).ToList())
                labels[account] = join.Item1;
        }
    }
}
