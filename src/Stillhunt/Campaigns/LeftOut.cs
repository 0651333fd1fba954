using System.Globalization;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>
/// Groups that stand -> the same with the accounts that were left out while they grew (<see cref="ClusterRefinement.Unlisted"/>): operators whose accounts send a few requests each have most of them there. Customers who write
/// alike are found in the same way, so those who come in together must use the group's phrases as its members do, on the half that tests (docs/decisions/0027).
/// </summary>
internal sealed class LeftOut(Traffic traffic, Proposals proposals, CampaignBuilder builder, Shares shares)
{
    /// <summary>The kind of its rows.</summary>
    public const string Kind = "left-out";

    /// <summary>Confidence that a group must have by itself.</summary>
    private const double LeastConfidence = 0.9;

    /// <summary>Exchanges that an account sent in all, at most: of one that sent more it can be told by how much of that is the group's work, and was. Without it 75 honest accounts more were flagged on nine final sets (docs/decisions/0027).</summary>
    private const int MostExchanges = 8;

    /// <summary>Accounts that come in together, at least: of fewer it can't be said how they use phrases.</summary>
    private const int LeastAccounts = 8;

    /// <summary>
    /// Likeness (<see cref="UnitUsage.Likeness"/>) that they must have with the members. On nine development sets of three authors 8 and more that were the operator's had 0.96 to 1.04, and those that were mostly others' 0.22 to 0.94,
    /// but for two beside groups of less confidence than is asked (docs/decisions/0027). It is more than what reunites parts that were divided finely (<see cref="OperatorClusters.SamePool"/>): these were chosen by the phrases that they are now compared by.
    /// </summary>
    private const double LeastLikeness = 0.95;

    /// <summary>The same judgements; what is added to flagged ones no other flagged one holds, and its evidence stays.</summary>
    public List<Judgement> Completed(List<Judgement> standing)
    {
        var taken = standing.Where(j => j.IsFlagged).SelectMany(j => j.Cluster.Likely()).ToHashSet();
        List<Judgement> sure = [.. standing.Where(j => j.Campaign.Confidence >= LeastConfidence && !Lookalikes.IsEntitled(traffic, j.Cluster))];
        var unlisted = proposals.Unlisted([.. sure.Select(j => j.Cluster)], account => traffic.Subjects[account].ExchangeCount <= MostExchanges && !taken.Contains(account) && !EntitledTraffic.IsEntitled(traffic, account));
        // An account that several would have goes to the one whose it is most likely.
        var best = unlisted.SelectMany((found, group) => found.Select(account => (account.Account, account.Probability, Group: group))).GroupBy(account => account.Account)
            .ToDictionary(of => of.Key, of => of.OrderByDescending(account => account.Probability).ThenBy(account => account.Group).First().Group);
        var whole = shares.Of([.. Enumerable.Range(0, sure.Count)], group => Completed(sure[group], unlisted[group].FindAll(account => best[account.Account] == group)));
        return standing.ConvertAll(j => sure.FindIndex(other => ReferenceEquals(other, j)) is >= 0 and var group ? whole[group] : j);
    }

    private Judgement Completed(Judgement judgement, List<Unlisted> unlisted)
    {
        if (unlisted.Count < LeastAccounts) return judgement;
        var cluster = judgement.Cluster;
        var probabilities = new SortedDictionary<int, double>(cluster.Members.Zip(cluster.Probabilities).ToDictionary());
        foreach (var account in unlisted) probabilities[account.Account] = account.Probability;
        var completed = cluster.Holding(probabilities, cluster.Extracting.Union(unlisted.SelectMany(account => account.Exchanges)));
        var likeness = proposals.Likeness(completed, cluster.Likely(), unlisted.Select(account => account.Account));
        if (!(likeness >= LeastLikeness)) return judgement;
        var row = EvidenceRows.Row("content", Kind, 0, string.Create(CultureInfo.InvariantCulture,
            $"{unlisted.Count} further accounts do the same work, each too little of it to be listed before; they use its phrases as the others do ({likeness:0.00}; 1 = the same)."), unlisted.Count, []);
        return judgement with { Campaign = builder.Build(completed, [.. judgement.Campaign.Evidence, row]), Cluster = completed };
    }
}
