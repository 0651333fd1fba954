using Stillhunt.Linking;
using Stillhunt.Profiles;
using Stillhunt.Sketches;

namespace Stillhunt.Campaigns;

/// <summary>One look at the traffic: groups are proposed, measured and chosen among, over one way of cutting exchanges into subjects.</summary>
internal sealed class Look(Snapshot snapshot, Traffic traffic, KeyedHash hash, int threads, IReadOnlySet<string> leaveOut)
{
    private readonly Shares _shares = new(threads);

    private Judging? _judging;

    public Traffic Traffic => traffic;

    /// <summary>What the accounts share beside wording.</summary>
    public SharedValues Values { get; } = new(traffic, hash, leaveOut, new Shares(threads));

    /// <summary>All groups, cleared ones included; those that are reported with all that a reader wants to know.</summary>
    /// <param name="of">What is looked at of the proposed groups; null for all.</param>
    public List<Judgement> Judged(Action<string>? step, Func<List<Cluster>, List<Cluster>>? of = null)
    {
        var replayed = new ReplayedHandles(traffic, leaveOut);
        step?.Invoke("finding prompt families");
        var proposals = new Proposals(traffic, hash, _shares);
        var builder = new CampaignBuilder(traffic, snapshot, proposals.Index, Values, replayed, hash);
        _judging = new Judging(traffic, Values, replayed, proposals, builder, _shares, leaveOut);
        step?.Invoke("clustering accounts");
        var clusters = _judging.Clusters();
        if (of is not null) clusters = of(clusters);
        if (of is not null && clusters.Count == 0) return [];
        step?.Invoke("weighing evidence");
        var judged = _judging.Settle(clusters, alone: of is null);
        return of is null ? Told(judged) : judged;
    }

    /// <summary>A group less some of its members, judged anew; null where too little is left. Only after <see cref="Judged"/>.</summary>
    public Judgement? Without(Judgement judgement, Func<int, bool> leaves) => _judging!.Without(judgement, leaves);

    /// <summary>With what the operators could be recognised by elsewhere.</summary>
    public List<Judgement> Told(List<Judgement> judged) =>
    [
        .. new IndicatorFinding(traffic, snapshot, leaveOut, _shares).Add([.. judged.Where(j => j.Campaign.Confidence >= Detector.Suspected)]),
        .. judged.Where(j => j.Campaign.Confidence < Detector.Suspected),
    ];
}
