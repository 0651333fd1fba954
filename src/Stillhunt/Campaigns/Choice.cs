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

    /// <summary>Share of a group's accounts that a stronger group has taken from which on the weaker one is the same group seen twice.</summary>
    private const double SameGroup = 0.5;

    /// <summary>Of two groups that are both convincing (16 to 1), the one that explains more traffic goes first.</summary>
    private const double Convincing = 4;

    private readonly Traffic _traffic;
    private readonly UnitPostings _postings;
    private readonly List<Judgement> _all;
    private readonly List<HashSet<int>> _members;
    private readonly bool[] _loose;

    /// <param name="proposals">Each judged by itself.</param>
    public Choice(Traffic traffic, UnitPostings postings, IEnumerable<Judgement> proposals)
    {
        _traffic = traffic;
        _postings = postings;
        _all = [.. proposals.OrderByDescending(j => Math.Min(j.Campaign.Bits, Convincing)).ThenByDescending(j => j.Campaign.ExtractingCount)
            .ThenBy(j => j.Campaign.Id, StringComparer.Ordinal)];
        _members = [.. _all.Select(j => j.Cluster.Likely())];
        _loose = [.. Enumerable.Range(0, _all.Count).Select(IsLoose)];
    }

    /// <summary>
    /// The most convincing first. A group is dropped if it is smaller ones with strangers around them, if it shows only a part of another, or if
    /// most of its accounts are taken; so an account stands in one campaign at most.
    /// </summary>
    public List<Judgement> Standing()
    {
        var taken = new HashSet<(string, string)>();
        var kept = new List<Judgement>();
        for (var j = 0; j < _all.Count; j++)
        {
            if (_loose[j] || IsPart(j)) continue;
            var accounts = _all[j].Campaign.Accounts;
            var free = accounts.Where(account => !taken.Contains((account.Source, account.Id))).ToList();
            if (free.Count < accounts.Count && free.Count <= (1 - SameGroup) * accounts.Count) continue;
            foreach (var account in free) taken.Add((account.Source, account.Id));
            kept.Add(free.Count == accounts.Count ? _all[j] : _all[j] with { Campaign = Keep(_all[j].Campaign, free) });
        }

        return kept;
    }

    private bool Holds(int whole, int core) =>
        whole != core && _all[core].Campaign.Confidence >= Detector.Flagged && _members[core].Count <= Larger * _members[whole].Count &&
        _members[core].Count(_members[whole].Contains) >= Within * _members[core].Count;

    /// <summary>
    /// Whether most of what the group extracts is that of flagged groups inside it which the rest does not resemble; or most of its accounts are
    /// those of several such groups.
    /// </summary>
    private bool IsLoose(int whole)
    {
        var exchanges = new HashSet<int>();
        var accounts = new HashSet<int>();
        var cores = 0;
        for (var core = 0; core < _all.Count; core++)
        {
            if (!Holds(whole, core) || AreAlike(whole, core)) continue;
            exchanges.UnionWith(_all[core].Cluster.Extracting);
            // Another look at accounts that were counted is no second group.
            if (!Explains(accounts, _members[core])) cores++;
            accounts.UnionWith(_members[core]);
        }

        return (cores > 0 && Explains(exchanges, _all[whole].Cluster.Extracting)) || (cores > 1 && Explains(accounts, _members[whole]));
    }

    private static bool Explains(HashSet<int> part, IReadOnlyCollection<int> whole) => whole.Count(part.Contains) >= Explained * whole.Count;

    private bool IsPart(int part)
    {
        for (var whole = 0; whole < _all.Count; whole++)
            if (!_loose[whole] && _all[whole].Campaign.Confidence >= Detector.Flagged && Holds(whole, part)) return true;
        return false;
    }

    /// <summary>Whether the testing half can't tell the core's accounts from the others of the group by the phrases that they use.</summary>
    private bool AreAlike(int whole, int core)
    {
        var units = _all[whole].Cluster.UnitBits.Keys.Union(_all[core].Cluster.UnitBits.Keys).ToHashSet();
        var usage = new UnitUsage(_traffic, _postings, _all[whole].Cluster.Extracting.Union(_all[core].Cluster.Extracting), units);
        var likeness = usage.Likeness(1 - FamilyIndex.FormingHalf, [.. _members[core].Order()], [.. _members[whole].Except(_members[core]).Order()]);
        return double.IsNaN(likeness) || likeness >= OperatorClusters.SamePool;
    }

    /// <summary>The campaign without the accounts that another has. Its evidence was measured with them, and stays.</summary>
    private static Campaign Keep(Campaign campaign, List<CampaignAccount> accounts)
    {
        var position = new Dictionary<int, int>();
        var kept = accounts.Select(account => (account.Source, account.Id)).ToHashSet();
        for (var i = 0; i < campaign.Accounts.Count; i++)
            if (kept.Contains((campaign.Accounts[i].Source, campaign.Accounts[i].Id))) position.Add(i, position.Count);
        return campaign with
        {
            Accounts = accounts,
            ExchangeCount = accounts.Sum(account => account.ExchangeCount),
            ExtractingCount = accounts.Sum(account => account.ExtractingCount),
            Shared = [.. campaign.Shared.Select(value => value with
            {
                Accounts = [.. value.Accounts.Where(position.ContainsKey).Select(at => position[at])],
                AccountCount = Math.Min(value.AccountCount, accounts.Count),
            }).Where(value => value.Accounts.Count >= 2)],
        };
    }
}
