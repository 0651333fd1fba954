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

    /// <summary>Phrase prints of a text that is a tool rather than a turn of speech: some fourteen words.</summary>
    private const int LeastPrints = 4;

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
            var accounts = exchanges.Where(i => IsForming(traffic, i)).GroupBy(i => traffic.SubjectOf[i]).ToList();
            if (accounts.Count < LeastRepeatAccounts || accounts.Count > MostOwners * traffic.Subjects.Count || CommonPrints(traffic, accounts) < LeastPrintsOfSystem) continue;
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

        return [.. groups.Select(group => Of(traffic, group.Exchanges, group.Accounts, []))];
    }

    /// <summary>Everybody who uses the texts is listed; those whom the forming half showed are tested, on the other half.</summary>
    private static Cluster Of(Traffic traffic, IEnumerable<int> exchanges, HashSet<int> tested, Dictionary<int, double> unitBits)
    {
        List<int> extracting = [.. exchanges.Distinct().Order()];
        List<int> members = [.. extracting.Select(i => traffic.SubjectOf[i]).Distinct().Order()];
        return new Cluster
        {
            Members = members,
            Probabilities = [.. members.Select(_ => 1.0)],
            Tested = tested,
            Extracting = extracting,
            Test = [.. extracting.Where(i => !IsForming(traffic, i) && tested.Contains(traffic.SubjectOf[i]))],
            UnitBits = unitBits,
        };
    }

    private static bool IsForming(Traffic traffic, int exchange) => traffic.HalfOf(exchange) == FamilyIndex.FormingHalf;

    private static bool Absorb(Traffic traffic, IReadOnlyList<Cluster> clusters, Dictionary<int, int> accounts, List<int> exchanges)
    {
        foreach (var cluster in clusters)
        {
            var common = accounts.Keys.Count(cluster.Tested.Contains);
            if (common <= Taken * accounts.Count || common < Mutual * cluster.Tested.Count) continue;
            var own = cluster.Extracting.ToHashSet();
            var forming = exchanges.Where(i => IsForming(traffic, i)).ToList();
            if (forming.Count(own.Contains) <= Taken * forming.Count) continue;
            var members = cluster.Members.Where((_, m) => cluster.Probabilities[m] >= 0.5).ToHashSet();
            cluster.Extracting = [.. cluster.Extracting.Union(exchanges.Where(i => members.Contains(traffic.SubjectOf[i]))).Order()];
            cluster.Test = [.. cluster.Test.Union(exchanges.Where(i => !IsForming(traffic, i) && cluster.Tested.Contains(traffic.SubjectOf[i]))).Order()];
            return true;
        }

        return false;
    }

    /// <summary>Groups around every passage that stands unchanged in the prompts of several owners; passages of the same accounts are one group.</summary>
    public static List<Cluster> OfPassages(Traffic traffic, RecurringUnits units, UnitPostings postings)
    {
        var prints = new int[units.Count];
        foreach (var unit in units.UnitOf.Values) prints[unit]++;
        var texts = new List<(int Unit, List<int> Accounts)>();
        for (var unit = 0; unit < units.Count; unit++)
        {
            if (prints[unit] < LeastPrints) continue;
            var forming = postings.ExchangesWith(unit).ToArray().Where(i => IsForming(traffic, i)).ToList();
            var owners = Owners(traffic, forming);
            if (owners < LeastRepeatAccounts || owners > MostOwners * traffic.OwnerCount) continue;
            var users = forming.GroupBy(i => traffic.SubjectOf[i]).ToList();
            var accounts = users.Where(group => Repeats(traffic, group)).Select(group => group.Key).ToList();
            if (accounts.Count < RepeatShare * users.Count || accounts.Count < LeastRepeatAccounts || accounts.Count > MostOwners * traffic.Subjects.Count) continue;
            texts.Add((unit, accounts));
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
                if (list.Count < MostTexts)
                    foreach (var other in list) common[(other, t)] = common.GetValueOrDefault((other, t)) + 1;
                list.Add(t);
            }
        }

        foreach (var ((a, b), count) in common.OrderBy(pair => pair.Key))
        {
            if (count < LeastRepeatAccounts || count < SameUsers * (texts[a].Accounts.Count + texts[b].Accounts.Count - count)) continue;
            parent[RecurringUnits.Root(parent, b)] = RecurringUnits.Root(parent, a);
        }

        var clusters = new List<Cluster>();
        foreach (var group in Enumerable.Range(0, texts.Count).GroupBy(t => RecurringUnits.Root(parent, t)).OrderBy(group => group.Key))
        {
            List<int> exchanges = [.. group.SelectMany(t => postings.ExchangesWith(texts[t].Unit).ToArray()).Distinct().Order()];
            clusters.Add(Of(traffic, exchanges, exchanges.Where(i => IsForming(traffic, i)).Select(i => traffic.SubjectOf[i]).ToHashSet(),
                group.ToDictionary(t => texts[t].Unit, _ => 1.0)));
        }

        return clusters;
    }

    /// <param name="exchanges">Ascending: an owner's stand together.</param>
    private static int Owners(Traffic traffic, List<int> exchanges)
    {
        var owners = 0;
        for (var k = 0; k < exchanges.Count; k++)
            if (k == 0 || traffic.OwnerOf(exchanges[k]) != traffic.OwnerOf(exchanges[k - 1])) owners++;
        return owners;
    }

    private const int MostTexts = 32;

    /// <summary>Share (Jaccard) of their accounts that two passages must have in common to be one text; a lower one would chain texts together.</summary>
    private const double SameUsers = 0.8;

    /// <summary>Phrase prints that stand in the requests of all of several accounts with one system prompt: how long it is.</summary>
    private static int CommonPrints(Traffic traffic, IEnumerable<IGrouping<int, int>> accounts)
    {
        HashSet<uint>? common = null;
        foreach (var account in accounts.Take(5))
        {
            if (common is null) common = [.. traffic.Exchanges[account.First()].Prints];
            else common.IntersectWith(traffic.Exchanges[account.First()].Prints);
        }

        return common?.Count ?? 0;
    }

    /// <summary>The same of a system prompt: below some ten words it is what everybody writes.</summary>
    private const int LeastPrintsOfSystem = 3;

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
