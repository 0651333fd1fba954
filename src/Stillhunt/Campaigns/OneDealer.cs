using System.Globalization;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>
/// Campaigns that are parts of one: items of the one go out under accounts of the other within minutes, as they do within each. What stands in their prompts may have
/// nothing in common.
/// </summary>
internal sealed class OneDealer(Traffic traffic, WorkLists lists, CampaignBuilder builder, Func<Cluster, Judgement> judge)
{
    /// <summary>Accounts that must be left of a campaign when some have gone over to another.</summary>
    private const int LeastLeft = 5;

    /// <summary>The same judgements, flagged ones of one dealer taken together with the most convincing one's evidence.</summary>
    public List<Judgement> Joined(List<Judgement> judgements)
    {
        var joined = new List<Judgement>();
        foreach (var judgement in judgements.OrderByDescending(j => j.Campaign.Bits).ThenByDescending(j => j.Campaign.ExtractingCount).ThenBy(j => j.Campaign.Id, StringComparer.Ordinal))
        {
            var members = judgement.Cluster.Likely();
            var at = judgement.IsFlagged ? joined.FindIndex(other => other.IsFlagged && lists.HaveOneDealer(other.Cluster.Likely(), members)) : -1;
            if (at < 0)
            {
                joined.Add(judgement);
                continue;
            }

            var parts = Over(joined[at], judgement) ?? Over(judgement, joined[at]) ?? [Together(joined[at], judgement)];
            joined.RemoveAt(at);
            joined.InsertRange(at, parts);
        }

        return joined;
    }

    /// <summary>
    /// Two campaigns after accounts of the left one that deal with the right one, or with those that do, more than with the rest of their own have gone over; null where all
    /// would, or where what is left is no campaign by itself: then the two are one.
    /// </summary>
    private List<Judgement>? Over(Judgement left, Judgement right)
    {
        var stay = left.Cluster.Likely();
        var there = right.Cluster.Likely();
        for (var more = true; more && stay.Count >= LeastLeft;)
        {
            var go = stay.Where(account => lists.SoonOf(account, there) > lists.SoonOf(account, stay)).ToList();
            more = go.Count > 0;
            stay.ExceptWith(go);
            there.UnionWith(go);
        }

        if (stay.Count < LeastLeft || stay.Count == left.Cluster.Likely().Count || lists.HaveOneDealer(stay, there)) return null;
        var rest = judge(left.Cluster.Without(account => !stay.Contains(account), traffic));
        return rest.IsFlagged ? [rest, Together(right, left with { Cluster = left.Cluster.Without(stay.Contains, traffic) })] : null;
    }

    private Judgement Together(Judgement whole, Judgement part)
    {
        var members = part.Cluster.Likely();
        var dealing = lists.DealingBetween(whole.Cluster.Likely(), members);
        var probabilities = new SortedDictionary<int, double>();
        foreach (var cluster in new[] { whole.Cluster, part.Cluster })
        {
            foreach (var (account, probability) in cluster.Members.Zip(cluster.Probabilities))
                probabilities[account] = Math.Max(probabilities.GetValueOrDefault(account), probability);
        }

        var together = whole.Cluster.Holding(probabilities, whole.Cluster.Extracting.Union(part.Cluster.Extracting));
        var row = EvidenceRows.Row("content", "dealt-across", 0, string.Create(CultureInfo.InvariantCulture,
            $"{members.Count} further accounts were found in a group of confidence {part.Campaign.Confidence:0.000}: {dealing.Times} times an item went out under one of them and one of the others within {dealing.Minutes:0} minutes, where chance would give {dealing.Expected:0.0}. They have one dealer."),
            members.Count, []);
        return whole with { Campaign = builder.Build(together, [.. whole.Campaign.Evidence, row]), Cluster = together };
    }
}
