using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>Of the proposals that overlap, those that stand.</summary>
internal sealed class Choice
{
    /// <summary>Share of a core's accounts that must stand in a group for the group to hold the core.</summary>
    private const double Within = 0.8;

    /// <summary>A group at most so much larger than its core is the core.</summary>
    private const double Larger = 0.9;

    /// <summary>Share of a group's accounts, or of what it extracts, that cores unlike the rest must explain for the group to be they with strangers around them.</summary>
    private const double Explained = 0.5;

    /// <summary>Accounts of a group that its operator's templates must account for together, and that one of them may at most; and the share of those that independent draws would give two of them that they must have in common.</summary>
    private const double NearlyAll = 0.9, MostOfOneTemplate = 0.75, AsDrawn = 0.5;

    /// <summary>Share of a group's accounts that a stronger group has taken from which on the weaker one is the same group seen twice.</summary>
    private const double SameGroup = 0.5;

    /// <summary>Of two groups that are both convincing (16 to 1), the one that explains more traffic goes first.</summary>
    private const double Convincing = 4;

    /// <summary>Bits from which on a dropped group's accounts and exchanges are believed: nearly all of its accounts are known to be the operator's.</summary>
    private const double Repeating = 0;

    /// <summary>An account that only such a group knows must be its member beyond doubt.</summary>
    private const double Sure = 0.95;

    /// <summary>Share of its accounts from which on a group that others have taken them from is judged anew: it was weighed with them.</summary>
    private const double MuchTaken = 0.2;

    private readonly Func<Cluster, Judgement> _judge;
    private readonly Traffic _traffic;
    private readonly Resemblance _resemblance;
    private readonly WorkLists _lists;
    private readonly CampaignBuilder _builder;
    private readonly Shares _shares;
    private readonly List<Judgement> _all;
    private readonly List<HashSet<int>> _members;
    private readonly bool[] _loose;

    /// <param name="proposals">Each judged by itself.</param>
    /// <param name="judge">Weighs what is left of a group.</param>
    public Choice(Traffic traffic, Resemblance resemblance, WorkLists lists, CampaignBuilder builder, IEnumerable<Judgement> proposals, Func<Cluster, Judgement> judge, Shares shares)
    {
        _judge = judge;
        _lists = lists;
        _builder = builder;
        _shares = shares;
        _traffic = traffic;
        _resemblance = resemblance;
        _all = [.. Ordered(proposals, j => j.Campaign)];
        _members = [.. _all.Select(j => j.Cluster.Likely())];
        _loose = shares.Of([.. Enumerable.Range(0, _all.Count)], group => IsLoose(group) || IsTwo(group));
    }

    /// <summary>
    /// The most convincing first. A group is dropped if it is smaller ones with strangers around them, if it shows only a part of another, or if
    /// most of its accounts are taken; so an account stands in one campaign at most. What a dropped group of nearly the same accounts saw of
    /// their work is added: another recipe of the same operator.
    /// </summary>
    public List<Judgement> Standing()
    {
        var takenBy = new Dictionary<int, int>();
        var kept = new List<int>();
        var additions = new Dictionary<int, List<int>>();
        for (var j = 0; j < _all.Count; j++)
        {
            if (_loose[j] || IsPart(j)) continue;
            var free = _members[j].Where(account => !takenBy.ContainsKey(account)).ToList();
            if (IsTaken(free.Count, _members[j].Count)) continue;
            foreach (var account in free) takenBy.Add(account, j);
            kept.Add(j);
            additions.Add(j, []);
        }

        for (var j = 0; j < _all.Count; j++)
        {
            if (_loose[j] || additions.ContainsKey(j) || _all[j].Campaign.Bits < Repeating) continue;
            var holder = _members[j].Where(takenBy.ContainsKey).GroupBy(account => takenBy[account]).OrderByDescending(accounts => accounts.Count())
                .ThenBy(accounts => accounts.Key).FirstOrDefault();
            if (holder is null || holder.Count() < Within * _members[j].Count) continue;
            additions[holder.Key].Add(j);
            foreach (var (account, probability) in _all[j].Cluster.Members.Zip(_all[j].Cluster.Probabilities))
                if (probability >= Sure) takenBy.TryAdd(account, holder.Key);
        }

        return [.. _shares.Of(kept, j => Whole(j, additions[j], takenBy))];
    }

    /// <summary>The group with what was added to it, less the accounts that another has. Its evidence was measured on itself, and stays, unless much of it was those.</summary>
    private Judgement Whole(int group, List<int> additions, Dictionary<int, int> takenBy)
    {
        var judgement = _all[group];
        var lost = _members[group].Count(account => takenBy[account] != group);
        if (lost == 0 && additions.Count == 0) return judgement;
        if (lost >= MuchTaken * _members[group].Count && judgement.Cluster.Without(account => takenBy.TryGetValue(account, out var holder) && holder != group, _traffic) is { Extracting.Count: > 0 } rest)
            judgement = _judge(rest);
        var probabilities = new SortedDictionary<int, double>();
        foreach (var cluster in additions.Prepend(group).Select(j => _all[j].Cluster))
        {
            for (var m = 0; m < cluster.Members.Count; m++)
            {
                var account = cluster.Members[m];
                if (takenBy.TryGetValue(account, out var holder) && holder == group)
                    probabilities[account] = Math.Max(probabilities.GetValueOrDefault(account), cluster.Probabilities[m]);
            }
        }

        var whole = judgement.Cluster.Holding(probabilities,
            additions.Prepend(group).SelectMany(j => _all[j].Cluster.Extracting).Distinct().Where(i => probabilities.ContainsKey(_traffic.SubjectOf[i])));
        return judgement with { Campaign = _builder.Build(whole, [.. judgement.Campaign.Evidence]), Cluster = whole };
    }

    /// <summary>In the order in which groups take their accounts: the most convincing first.</summary>
    public static IEnumerable<T> Ordered<T>(IEnumerable<T> groups, Func<T, Campaign> campaign) =>
        groups.OrderByDescending(group => Math.Min(campaign(group).Bits, Convincing)).ThenByDescending(group => campaign(group).ExtractingCount).ThenBy(group => campaign(group).Id, StringComparer.Ordinal);

    /// <summary>Whether a group is one seen twice: more convincing ones have taken so many of its accounts.</summary>
    /// <param name="free">Accounts that are left.</param>
    public static bool IsTaken(int free, int all) => free < all && free <= (1 - SameGroup) * all;

    private bool Holds(int whole, int core) =>
        whole != core && _all[core].IsFlagged && _members[core].Count <= Larger * _members[whole].Count &&
        _members[core].Count(_members[whole].Contains) >= Within * _members[core].Count;

    /// <summary>
    /// Whether most of what the group extracts is that of flagged groups inside it which the rest does not resemble; or most of its accounts are
    /// those of several such groups.
    /// </summary>
    private bool IsLoose(int whole)
    {
        // What is cleared anyway need not be taken apart; that is most of what is proposed.
        if (_all[whole].Campaign.Confidence < Detector.Suspected) return false;
        var exchanges = new HashSet<int>();
        var accounts = new HashSet<int>();
        var unlike = new List<HashSet<int>>();
        var cores = 0;
        for (var core = 0; core < _all.Count; core++)
        {
            if (!Holds(whole, core) || _resemblance.AreAlike(_all[whole].Cluster, _all[core].Cluster)) continue;
            unlike.Add(_members[core]);
            exchanges.UnionWith(_all[core].Cluster.Extracting);
            // Another look at accounts that were counted is no second group.
            if (!Explains(accounts, _members[core])) cores++;
            accounts.UnionWith(_members[core]);
        }

        return ((cores > 0 && Explains(exchanges, _all[whole].Cluster.Extracting)) || (cores > 1 && Explains(accounts, _members[whole]))) && !AreTemplatesOfOne(_members[whole], unlike);
    }

    /// <summary>
    /// Whether cores with different wordings are one operator's templates and not operators side by side, nor one among strangers: nearly all accounts of the whole are in some of them, none of them is nearly the whole,
    /// and they have as many accounts in common as draws of one hand give them. An account that sends four requests has not drawn most of the templates, and looks unlike those that have.
    /// </summary>
    internal static bool AreTemplatesOfOne(HashSet<int> whole, List<HashSet<int>> cores)
    {
        List<HashSet<int>> templates = [.. cores.Where(core => core.Count <= MostOfOneTemplate * whole.Count)];
        if (templates.Count < 2 || whole.Count(account => templates.Exists(template => template.Contains(account))) < NearlyAll * whole.Count) return false;
        var reached = new HashSet<int> { 0 };
        var next = new Queue<int>(reached);
        while (next.TryDequeue(out var from))
        {
            for (var to = 0; to < templates.Count; to++)
            {
                var common = templates[to].Count(templates[from].Contains);
                if (common >= AsDrawn * templates[from].Count * templates[to].Count / whole.Count && reached.Add(to)) next.Enqueue(to);
            }
        }

        return reached.Count == templates.Count;
    }

    /// <summary>
    /// Whether a flagged group is two that stand side by side: one inside it, another that is the rest, which the testing half tells apart and between whom no items go to and fro.
    /// </summary>
    private bool IsTwo(int whole)
    {
        if (!_all[whole].IsFlagged) return false;
        for (var core = 0; core < _all.Count; core++)
        {
            if (!Holds(whole, core)) continue;
            var rest = _members[whole].Except(_members[core]).ToHashSet();
            if (Enumerable.Range(0, _all.Count).Any(other => other != whole && Is(other, rest)) && !_resemblance.AreAlike(_all[whole].Cluster, _all[core].Cluster) && !_lists.HaveOneDealer(_members[core], rest)) return true;
        }

        return false;
    }

    /// <summary>Whether a flagged group is these accounts, give or take a few.</summary>
    private bool Is(int group, HashSet<int> accounts) =>
        _all[group].IsFlagged && _members[group].Count(accounts.Contains) is var common && common >= Within * accounts.Count && common >= Within * _members[group].Count;

    private static bool Explains(HashSet<int> part, IReadOnlyCollection<int> whole) => whole.Count(part.Contains) >= Explained * whole.Count;

    private bool IsPart(int part)
    {
        for (var whole = 0; whole < _all.Count; whole++)
            if (!_loose[whole] && _all[whole].IsFlagged && Holds(whole, part)) return true;
        return false;
    }
}
