using Stillhunt.Linking;
using Stillhunt.Profiles;
using Stillhunt.Sketches;

namespace Stillhunt.Campaigns;

/// <summary>One look at the traffic: groups are proposed, measured and chosen among, over one way of cutting exchanges into subjects.</summary>
internal sealed class Look(Snapshot snapshot, Traffic traffic, KeyedHash hash, int threads, IReadOnlySet<string> leaveOut)
{
    private readonly Shares _shares = new(threads);

    public Traffic Traffic => traffic;

    /// <summary>What the accounts share beside wording.</summary>
    public SharedValues Values { get; } = new(traffic, hash, leaveOut, new Shares(threads));

    /// <summary>All groups, cleared ones included; those that are reported with all that a reader wants to know.</summary>
    /// <param name="again">Whether they are sought again with the halves of the exchanges exchanged.</param>
    public List<Judgement> Judged(Action<string>? step, bool again)
    {
        var judging = Prepared(step, again);
        step?.Invoke("clustering accounts");
        var clusters = judging.Clusters();
        step?.Invoke("weighing evidence");
        var standing = judging.Settle(clusters);
        var judged = again ? Again(judging, standing, turned => turned.Clusters(), step) : judging.Described(standing);
        return Told(Ordered([.. Parted(judged), .. judging.Alone(judged)]));
    }

    /// <summary>The same of some of the proposed groups, without heavy accounts by themselves, and not <see cref="Told"/>.</summary>
    /// <param name="of">What is looked at of the proposed groups.</param>
    public List<Judgement> JudgedOf(Func<List<Cluster>, List<Cluster>> of)
    {
        var judging = Prepared(null, again: false);
        var clusters = of(judging.Clusters());
        return clusters.Count == 0 ? [] : Ordered(judging.Described(judging.Settle(clusters)));
    }

    /// <summary>The same of the groups that a condition holds for, sought again with the halves exchanged if any of them is flagged.</summary>
    /// <param name="among">Of the families, which may become such a group.</param>
    public List<Judgement> JudgedOf(Func<Cluster, bool> of, Func<Cluster, bool> among, bool again)
    {
        var judging = Prepared(null, again);
        var standing = judging.Settle(Those(judging));
        return Ordered(Parted(again && standing.Exists(j => j.IsFlagged) ? Again(judging, standing, Those) : judging.Described(standing)));

        List<Cluster> Those(Judging one) => [.. one.Clusters(among).Where(of)];
    }

    private Judging Prepared(Action<string>? step, bool again)
    {
        var replayed = new ReplayedHandles(traffic, leaveOut);
        step?.Invoke("finding prompt families");
        var proposals = new Proposals(traffic, hash, _shares, again);
        var builder = new CampaignBuilder(traffic, snapshot, proposals.Index, Values, replayed, hash);
        return new Judging(traffic, Values, replayed, proposals, builder, _shares, leaveOut);
    }

    private static List<Judgement> Again(Judging judging, List<Judgement> standing, Func<Judging, List<Cluster>> clusters, Action<string>? step = null)
    {
        step?.Invoke("seeking again with the halves exchanged");
        var turned = judging.Turned();
        return new FoundAgain(judging, turned).Joined(standing, turned.Settle(clusters(turned)));
    }

    private static List<Judgement> Parted(List<Judgement> judged) => [.. judged.SelectMany(j => j.By?.Parted(j) ?? [j])];

    /// <summary>The most convincing first.</summary>
    private static List<Judgement> Ordered(List<Judgement> judged) =>
        [.. judged.OrderByDescending(j => j.Campaign.Bits).ThenByDescending(j => j.Campaign.ExtractingCount).ThenBy(j => j.Campaign.Id, StringComparer.Ordinal)];

    /// <summary>A group less some of its members, judged anew as it was judged; null where too little is left.</summary>
    public static Judgement? Without(Judgement judgement, Func<int, bool> leaves) => judgement.By?.Without(judgement, leaves);

    /// <summary>With what the operators could be recognised by elsewhere.</summary>
    public List<Judgement> Told(List<Judgement> judged) =>
    [
        .. new IndicatorFinding(traffic, snapshot, leaveOut, _shares).Add([.. judged.Where(j => j.Campaign.Confidence >= Detector.Suspected)]),
        .. judged.Where(j => j.Campaign.Confidence < Detector.Suspected),
    ];
}
