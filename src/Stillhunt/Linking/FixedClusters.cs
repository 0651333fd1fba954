namespace Stillhunt.Linking;

/// <summary>
/// Clusters around texts that never change: one wrapper in every request, an app's system prompt, a class's assignment, a prompt that
/// went round. Families that the same accounts use are one cluster. Most are honest; the tests decide.
/// </summary>
internal static class FixedClusters
{
    /// <summary>Accounts that must use a text in two conversations or more for it to be somebody's tool rather than a quotation.</summary>
    private const int LeastRepeatAccounts = 3;

    /// <summary>And this share of all that ever used it: a tool is come back to, a phrase is met.</summary>
    private const double RepeatShare = 0.4;

    /// <summary>A text that more than this share of all owners uses is common language.</summary>
    private const double MostOwners = 0.25;

    /// <summary>Share (Jaccard) of their accounts that two texts must have in common to be one cluster's.</summary>
    private const double SameAccounts = 0.3;

    /// <summary>Share of a text's accounts that make it an existing cluster's.</summary>
    private const double Taken = 0.5;

    /// <summary>And share of the cluster's accounts that must use the text.</summary>
    private const double Mutual = 0.8;

    /// <summary>Phrase prints of a text that is a tool rather than a turn of speech: about eight words.</summary>
    private const int LeastPrints = 2;

    /// <summary>
    /// Groups around every system prompt that stands word for word in the requests of several owners. Where most of its accounts and exchanges
    /// are a cluster's already, the text is that cluster's and adds the others; texts with the same accounts are one group.
    /// </summary>
    public static List<Cluster> OfSystemPrompts(Traffic traffic, IReadOnlyList<Cluster> clusters)
    {
        var texts = new List<(Dictionary<int, int> Accounts, List<int> Exchanges)>();
        foreach (var text in Enumerable.Range(0, traffic.Exchanges.Length).Where(i => traffic.Exchanges[i].System != 0)
                     .GroupBy(i => traffic.Exchanges[i].System).OrderBy(text => text.Key))
        {
            var exchanges = text.ToList();
            var accounts = exchanges.GroupBy(i => traffic.SubjectOf[i]).ToList();
            if (accounts.Count < LeastRepeatAccounts || accounts.Count > MostOwners * traffic.Subjects.Count) continue;
            var of = accounts.ToDictionary(account => account.Key, account => account.Count());
            if (Absorb(traffic, clusters, of, exchanges)) continue;
            var repeats = accounts.Count(account => Repeats(traffic, account));
            if (repeats >= LeastRepeatAccounts && repeats >= RepeatShare * accounts.Count) texts.Add((of, exchanges));
        }

        var groups = new List<(HashSet<int> Accounts, List<int> Exchanges)>();
        foreach (var (accounts, exchanges) in texts.OrderByDescending(text => text.Accounts.Count).ThenBy(text => text.Exchanges[0]))
        {
            var same = groups.FindIndex(group => group.Accounts.Count(accounts.ContainsKey) is var common &&
                common >= SameAccounts * (group.Accounts.Count + accounts.Count - common));
            if (same < 0)
            {
                groups.Add(([.. accounts.Keys], exchanges));
                continue;
            }

            groups[same].Accounts.UnionWith(accounts.Keys);
            groups[same].Exchanges.AddRange(exchanges);
        }

        return [.. groups.Select(group => new Cluster
        {
            Members = [.. group.Accounts.Order()],
            Probabilities = [.. group.Accounts.Select(_ => 1.0)],
            Extracting = [.. group.Exchanges.Distinct().Order()],
        })];
    }

    private static bool Absorb(Traffic traffic, IReadOnlyList<Cluster> clusters, Dictionary<int, int> accounts, List<int> exchanges)
    {
        foreach (var cluster in clusters)
        {
            var members = cluster.Members.Where((_, m) => cluster.Probabilities[m] >= 0.5).ToHashSet();
            if (accounts.Keys.Count(members.Contains) <= Taken * accounts.Count) continue;
            var own = cluster.Extracting.ToHashSet();
            if (exchanges.Count(own.Contains) <= Taken * exchanges.Count || accounts.Keys.Count(members.Contains) < Mutual * members.Count) continue;
            cluster.Extracting = [.. cluster.Extracting.Union(exchanges.Where(i => members.Contains(traffic.SubjectOf[i]))).Order()];
            return true;
        }

        return false;
    }

    /// <param name="pools">Families that were looked through for operators already.</param>
    /// <param name="taken">Clusters found already: a text that is used by their accounts is theirs.</param>
    public static List<Cluster> Find(Traffic traffic, FamilyIndex index, IReadOnlyCollection<Family> pools, IReadOnlyList<Cluster> taken)
    {
        var inCluster = new HashSet<int>(taken.SelectMany(cluster => cluster.Members.Where((_, m) => cluster.Probabilities[m] >= 0.5)));
        var texts = new List<(Family Family, List<int> Accounts)>();
        var prints = new int[index.Units.Count];
        foreach (var unit in index.Units.UnitOf.Values) prints[unit]++;
        foreach (var family in index.Families.Except(pools))
        {
            if (family.Units.Sum(unit => prints[unit]) < LeastPrints) continue;
            if (family.Units.Any(unit => index.Units.Owners[unit] > MostOwners * traffic.OwnerCount)) continue;
            var users = family.Exchanges.GroupBy(i => traffic.SubjectOf[i]).ToList();
            var accounts = users.Where(group => Repeats(traffic, group)).Select(group => group.Key).ToList();
            if (accounts.Count < RepeatShare * users.Count) continue;
            if (accounts.Count < LeastRepeatAccounts || accounts.Count > MostOwners * traffic.Subjects.Count) continue;
            if (accounts.Count(inCluster.Contains) > Taken * accounts.Count) continue;
            texts.Add((family, accounts));
        }

        var parent = Enumerable.Range(0, texts.Count).ToArray();
        var common = new Dictionary<(int, int), int>();
        var ofAccount = new Dictionary<int, List<int>>();
        for (var t = 0; t < texts.Count; t++)
        {
            foreach (var account in texts[t].Accounts)
            {
                if (!ofAccount.TryGetValue(account, out var list)) ofAccount.Add(account, list = []);
                // An account with very many repeated texts is a busy one; its pairs say nothing about others.
                if (list.Count < 32)
                    foreach (var other in list) common[(other, t)] = common.GetValueOrDefault((other, t)) + 1;
                list.Add(t);
            }
        }

        foreach (var ((a, b), count) in common.OrderBy(pair => pair.Key))
        {
            // A family that recombines, though not like one operator's pool, stands alone: it would tie everything to itself.
            if (texts[a].Family.Recombines || texts[b].Family.Recombines || count < LeastRepeatAccounts || count < SameAccounts * (texts[a].Accounts.Count + texts[b].Accounts.Count - count)) continue;
            parent[RecurringUnits.Root(parent, b)] = RecurringUnits.Root(parent, a);
        }

        var clusters = new List<Cluster>();
        foreach (var group in Enumerable.Range(0, texts.Count).GroupBy(t => RecurringUnits.Root(parent, t)).OrderBy(group => group.Key))
        {
            var exchanges = group.SelectMany(t => texts[t].Family.Exchanges).Distinct().Order().ToList();
            var members = exchanges.Select(i => traffic.SubjectOf[i]).Distinct().Order().ToList();
            clusters.Add(new Cluster
            {
                Members = members,
                Probabilities = [.. members.Select(_ => 1.0)],
                Extracting = exchanges,
                UnitBits = group.SelectMany(t => texts[t].Family.Units).Distinct().ToDictionary(unit => unit, _ => 1.0),
            });
        }

        return clusters;
    }

    private static bool Repeats(Traffic traffic, IEnumerable<int> exchanges)
    {
        uint first = 0;
        var any = false;
        foreach (var i in exchanges)
        {
            var exchange = traffic.Exchanges[i];
            var conversation = exchange.Thread;
            if (any && conversation != first) return true;
            first = conversation;
            any = true;
        }

        return false;
    }
}
