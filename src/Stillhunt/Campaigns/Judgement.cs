using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>A cluster with what was measured of it and the campaign that it would be.</summary>
internal sealed record Judgement(Campaign Campaign, GroupFacts Facts, Cluster Cluster)
{
    /// <summary>Share of a group's accounts that a stronger group has taken from which on the weaker one is the same group seen twice.</summary>
    private const double SameGroup = 0.5;

    /// <summary>Of two groups that are both convincing (16 to 1), the one that explains more traffic goes first.</summary>
    private const double Convincing = 4;

    /// <summary>
    /// Several ways of looking find one operator more than once: by phrases that recombine, by a fixed text, by what accounts share. Strongest
    /// first, a group that mostly repeats another is dropped; so an account stands in one campaign at most.
    /// </summary>
    public static List<Judgement> WithoutOverlap(IEnumerable<Judgement> judgements)
    {
        var taken = new HashSet<(string, string)>();
        var kept = new List<Judgement>();
        var ordered = judgements.OrderByDescending(j => Math.Min(j.Campaign.Bits, Convincing)).ThenByDescending(j => j.Campaign.ExtractingCount)
            .ThenBy(j => j.Campaign.Id, StringComparer.Ordinal).ToList();
        foreach (var judgement in ordered)
        {
            if (IsLoose(judgement.Campaign, ordered) || ordered.Exists(other => IsPartOf(judgement.Campaign, other.Campaign) && !IsLoose(other.Campaign, ordered))) continue;
            var accounts = judgement.Campaign.Accounts;
            var free = accounts.Where(account => !taken.Contains((account.Source, account.Id))).ToList();
            if (free.Count < accounts.Count && free.Count <= (1 - SameGroup) * accounts.Count) continue;
            foreach (var account in free) taken.Add((account.Source, account.Id));
            kept.Add(free.Count == accounts.Count ? judgement : judgement with { Campaign = Keep(judgement.Campaign, free) });
        }

        return kept;
    }

    /// <summary>
    /// Whether flagged campaigns of fewer accounts, nearly all of them in this one, account together for most of what it extracts: then it is
    /// they with strangers around them.
    /// </summary>
    private static bool IsLoose(Campaign loose, List<Judgement> all)
    {
        var seen = new HashSet<(string, string)>();
        long explained = 0;
        foreach (var core in all.Select(j => j.Campaign).Where(core => core.Confidence >= Detector.Flagged && core.Accounts.Count <= 0.8 * loose.Accounts.Count && Within(core, loose)))
            explained += core.Accounts.Where(account => seen.Add((account.Source, account.Id))).Sum(account => account.ExtractingCount);
        return explained >= 0.5 * loose.ExtractingCount;
    }

    /// <summary>Whether a group shows only a part of a flagged campaign: nearly all of its accounts are in it, with less than half of what it extracts.</summary>
    private static bool IsPartOf(Campaign part, Campaign whole) =>
        whole.Confidence >= Detector.Flagged && part.ExtractingCount < 0.5 * whole.ExtractingCount && Within(part, whole);

    private static bool Within(Campaign inner, Campaign outer)
    {
        if (ReferenceEquals(inner, outer)) return false;
        var accounts = outer.Accounts.Select(account => (account.Source, account.Id)).ToHashSet();
        return inner.Accounts.Count(account => accounts.Contains((account.Source, account.Id))) >= 0.8 * inner.Accounts.Count;
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
