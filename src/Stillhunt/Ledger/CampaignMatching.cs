using Stillhunt.Campaigns;

namespace Stillhunt.Ledger;

/// <summary>How a detected campaign stands to a known one.</summary>
/// <param name="Detected">Position among the detected.</param>
/// <param name="Known">Position among the known.</param>
/// <param name="Accounts">Accounts that both hold.</param>
/// <param name="OfDetected">Share of the detected one's accounts that are the known one's.</param>
/// <param name="OfKnown">Share of the known one's current accounts that are in the detected one.</param>
/// <param name="Families">Share of the smaller one's families that the other has too.</param>
internal readonly record struct CampaignMatch(int Detected, int Known, int Accounts, double OfDetected, double OfKnown, double Families)
{
    /// <summary>Overlap by which two are taken for one. A third: a pool that was half replaced between two looks still holds half of its accounts.</summary>
    public const double OneCampaign = 1.0 / 3;

    /// <summary>Share of families that makes a campaign of other accounts the same operator's next pool.</summary>
    private const double SameRecipe = 0.5;

    public bool ByAccounts => Accounts > 0 && Math.Max(OfDetected, OfKnown) >= OneCampaign;

    /// <summary>No account in common, and the same prompts.</summary>
    public bool ByRecipe => Accounts == 0 && Families >= SameRecipe;

    public double Strength => Math.Max(OfDetected, OfKnown) + Families / 2;
}

internal static class CampaignMatching
{
    /// <summary>Words two skeletons must share to be one family; a family's id changes as it grows, its words stay.</summary>
    private const double SameWords = 0.6;

    /// <summary>Words of a skeleton below which its words say nothing.</summary>
    private const int LeastWords = 4;

    /// <summary>All pairs that have anything to do with each other, strongest first.</summary>
    public static List<CampaignMatch> Of(IReadOnlyList<Campaign> detected, IReadOnlyList<TrackedCampaign> known)
    {
        var holders = new Dictionary<MemberId, List<int>>();
        for (var k = 0; k < known.Count; k++)
        {
            foreach (var member in known[k].Members)
            {
                if (!holders.TryGetValue(member.Member, out var of)) holders.Add(member.Member, of = []);
                of.Add(k);
            }
        }

        var dismissed = known.Select(LookedAt).ToList();
        var words = known.Select(campaign => campaign.Latest.Families.Select(Words).ToList()).ToList();
        var matches = new List<CampaignMatch>();
        for (var d = 0; d < detected.Count; d++)
        {
            var common = new int[known.Count];
            var current = new int[known.Count];
            foreach (var account in detected[d].Accounts)
                foreach (var k in holders.GetValueOrDefault(MemberId.Of(account)) ?? []) common[k]++;
            var theirs = detected[d].Accounts.Select(MemberId.Of).ToHashSet();
            var ours = detected[d].Families.Select(Words).ToList();
            for (var k = 0; k < known.Count; k++)
            {
                var families = Families(detected[d].Families, ours, known[k].Latest.Families, words[k]);
                if (common[k] == 0 && families == 0) continue;
                if (dismissed[k] is { } lookedAt && (double)theirs.Count(lookedAt.Contains) / Math.Max(1, detected[d].Accounts.Count) < CampaignMatch.OneCampaign) continue;
                current[k] = known[k].Members.Count(member => member.Current);
                var still = known[k].Members.Count(member => member.Current && theirs.Contains(member.Member));
                matches.Add(new CampaignMatch(d, k, common[k], (double)common[k] / Math.Max(1, detected[d].Accounts.Count), (double)still / Math.Max(1, current[k]), families));
            }
        }

        return [.. matches.Where(match => match.ByAccounts || match.ByRecipe)
            .OrderByDescending(match => match.ByAccounts).ThenByDescending(match => match.Strength).ThenByDescending(match => match.Accounts)
            .ThenBy(match => known[match.Known].FirstSeenMs).ThenBy(match => known[match.Known].Id, StringComparer.Ordinal).ThenBy(match => match.Detected)];
    }

    /// <summary>
    /// Of a dismissed campaign the accounts that the person could look at; null of any other. That they are honest is no word for a larger group in which they turn up, nor for others who send the same: else a
    /// small group that was cleared would hide whoever it is once taken together with.
    /// </summary>
    private static HashSet<MemberId>? LookedAt(TrackedCampaign campaign) =>
        campaign.Review is { Outcome: ReviewOutcome.Dismissed } review ? [.. campaign.Members.Where(member => member.SinceMs <= review.AtMs).Select(member => member.Member)] : null;

    private static double Families(IReadOnlyList<CampaignFamily> a, List<HashSet<string>> wordsOfA, IReadOnlyList<CampaignFamily> b, List<HashSet<string>> wordsOfB)
    {
        if (a.Count == 0 || b.Count == 0) return 0;
        var shared = 0;
        for (var i = 0; i < a.Count; i++)
            if (Enumerable.Range(0, b.Count).Any(j => a[i].Id == b[j].Id || Alike(wordsOfA[i], wordsOfB[j]))) shared++;
        return Math.Min(1, (double)shared / Math.Min(a.Count, b.Count));
    }

    private static bool Alike(HashSet<string> a, HashSet<string> b)
    {
        if (a.Count < LeastWords || b.Count < LeastWords) return false;
        var common = a.Count(b.Contains);
        return common >= SameWords * (a.Count + b.Count - common);
    }

    private static HashSet<string> Words(CampaignFamily family) =>
        [.. family.Skeleton.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => !word.Contains('…', StringComparison.Ordinal))];
}
