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
            if (ordered.Exists(other => IsCoreOf(other.Campaign, judgement.Campaign) || IsPartOf(judgement.Campaign, other.Campaign))) continue;
            var accounts = judgement.Campaign.Accounts;
            var free = accounts.Where(account => !taken.Contains((account.Source, account.Id))).ToList();
            if (free.Count < accounts.Count && free.Count <= (1 - SameGroup) * accounts.Count) continue;
            foreach (var account in free) taken.Add((account.Source, account.Id));
            kept.Add(free.Count == accounts.Count ? judgement : judgement with { Campaign = Keep(judgement.Campaign, free) });
        }

        return kept;
    }

    /// <summary>
    /// Whether a flagged campaign is the heart of a looser one: fewer accounts, nearly all of them in the other, and most of what it extracts.
    /// </summary>
    private static bool IsCoreOf(Campaign core, Campaign loose) =>
        core.Confidence >= Detector.Flagged && core.Accounts.Count <= 0.8 * loose.Accounts.Count &&
        core.ExtractingCount >= 0.5 * loose.ExtractingCount && Within(core, loose);

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
