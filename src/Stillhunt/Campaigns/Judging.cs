using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>Proposed groups -> those that stand, each with its evidence.</summary>
internal sealed class Judging
{
    /// <summary>Sampled exchanges that a group must have to be judged at all: below it shares are known to no better than a quarter.</summary>
    private const int LeastExchanges = 30;

    private readonly Traffic _traffic;
    private readonly SharedValues _values;
    private readonly Proposals _proposals;
    private readonly CampaignBuilder _builder;

    /// <summary>Against everybody, campaigns included, as accounts by themselves are measured (docs/decisions/0025).</summary>
    private readonly GroupMeasuring _againstAll;

    private GroupMeasuring _measuring;
    private readonly Weighing _weighing;
    private readonly Resemblance _resemblance;
    private readonly Shares _shares;
    private readonly IReadOnlySet<string> _leftOut;

    public Judging(Traffic traffic, SharedValues values, ReplayedHandles replayed, Proposals proposals, CampaignBuilder builder, Shares shares, IReadOnlySet<string> leftOut)
    {
        _shares = shares;
        _leftOut = leftOut;
        _resemblance = new Resemblance(traffic, proposals.Postings);
        _traffic = traffic;
        _values = values;
        _proposals = proposals;
        _builder = builder;
        _measuring = _againstAll = new GroupMeasuring(traffic, proposals.Postings, replayed, proposals.WorkLists, shares);
        _weighing = new Weighing(traffic, values, builder.ExampleId, leftOut);
    }

    private Judging(Judging other, Traffic turned)
    {
        (_traffic, _values, _weighing, _shares, _leftOut) = (turned, other._values, other._weighing, other._shares, other._leftOut);
        _proposals = other._proposals.Turned(turned);
        _builder = other._builder.Turned(_proposals.Index);
        _resemblance = new Resemblance(turned, _proposals.Postings);
        _measuring = other._measuring.Turned(_proposals.Postings, _proposals.WorkLists);
        _againstAll = other._againstAll.Turned(_proposals.Postings, _proposals.WorkLists);
    }

    /// <summary>The same with the halves of the exchanges the other way round: what tested groups.</summary>
    public Judging Turned() => new(this, _traffic.Turned());

    /// <summary>What is proposed and large enough to be judged; accounts that hold an entitlement stand apart.</summary>
    /// <param name="among">Of the families, which are looked at; null for all.</param>
    public List<Cluster> Clusters(Func<Cluster, bool>? among = null) =>
        Apart(_proposals.Find(_values, among));

    private List<Cluster> Apart(IReadOnlyList<Cluster> clusters) =>
        [.. _shares.Of(clusters, cluster => Lookalikes.Apart(_traffic, cluster)).SelectMany(parts => parts).Where(IsLargeEnough)];

    /// <summary>
    /// Each by itself, then as it grows, then those that stand of them, then what is found among the accounts that are left, one campaign for each dealer, and the accounts that were left out; the same accounts may stand in several until then.
    /// </summary>
    public List<Judgement> Settle(List<Cluster> clusters)
    {
        var judged = Each(clusters);
        var standing = Standing(judged);
        if (!_measuring.IsLessCampaigns && LeavesOutCampaigns(standing))
        {
            judged = Each(clusters);
            standing = Standing(judged);
        }

        var rests = Rests(judged, standing);
        if (rests.Count > 0) standing = Standing([.. judged, .. rests]);
        var lists = OfLists(standing);
        if (lists.Count > 0) standing = Standing([.. judged, .. rests, .. lists]);
        standing = [.. _shares.Of(standing, Own)];
        if (!_leftOut.Contains("dealt-across")) standing = new OneDealer(_traffic, _proposals.WorkLists, _builder, Judge).Joined(standing);
        return _leftOut.Contains(LeftOut.Kind) ? standing : new LeftOut(_traffic, _proposals, _builder, _shares).Completed(standing);
    }

    /// <summary>
    /// From now on measures against everybody but the accounts of what is surely a campaign, where these send enough to make unusual things look usual; says whether it does.
    /// </summary>
    private bool LeavesOutCampaigns(List<Judgement> standing)
    {
        var known = standing.Where(j => j.Campaign.Confidence >= Surely && !Lookalikes.IsEntitled(_traffic, j.Cluster)).SelectMany(j => j.Cluster.Likely()).ToHashSet();
        if (known.Sum(s => (double)_traffic.Subjects[s].SampleCount) >= LeastKnown * _traffic.Exchanges.Length) _measuring = _measuring.Less(known);
        return _measuring.IsLessCampaigns;
    }

    /// <summary>The confidence of such campaigns, and the share of all exchanges that must be theirs (docs/decisions/0025).</summary>
    private const double Surely = 0.9, LeastKnown = 0.05;

    /// <summary>Heavy accounts by themselves, of those that no flagged group holds.</summary>
    public List<Judgement> Alone(List<Judgement> standing) => Described([.. new LoneAccounts(_traffic, JudgeAlone).Find(standing, _shares)]);

    /// <summary>Among the accounts that no campaign has taken, flagged groups that work through one list, whatever their prompts look like.</summary>
    private List<Judgement> OfLists(List<Judgement> standing)
    {
        if (_leftOut.Contains("dealt-twice")) return [];
        var taken = standing.Where(j => j.IsFlagged).SelectMany(j => j.Cluster.Likely()).ToHashSet();
        return [.. _shares.Of(Apart(_proposals.WorkLists.Find(taken, _shares)), Judge).Where(j => j.IsFlagged)];
    }

    /// <summary>With all that a reader wants to know, if it may be reported.</summary>
    public List<Judgement> Described(List<Judgement> judged) => [.. _shares.Of(judged, Described)];

    private Judgement Described(Judgement judgement)
    {
        if (judgement.Campaign.Confidence < Detector.Suspected) return judgement;
        var campaign = _builder.Describe(judgement.Campaign, judgement.Cluster, out var listed);
        return judgement with { Campaign = campaign, Listed = listed };
    }

    private List<Judgement> Standing(List<Judgement> judged) => new Choice(_traffic, _resemblance, _proposals.WorkLists, _builder, judged, Judge, _shares).Standing();

    /// <summary>
    /// What is left of flagged groups that fell because another stood inside them: an operator whom grouping had put together with a second one. Those that are flagged by themselves.
    /// </summary>
    private List<Judgement> Rests(List<Judgement> judged, List<Judgement> standing)
    {
        var taken = standing.Where(j => j.IsFlagged).SelectMany(j => j.Cluster.Likely()).ToHashSet();
        var rests = new List<Cluster>();
        var seen = new List<HashSet<int>>();
        foreach (var group in judged.Where(j => j.IsFlagged).OrderByDescending(j => j.Campaign.Bits).ThenBy(j => j.Campaign.Id, StringComparer.Ordinal))
        {
            var members = group.Cluster.Likely();
            var free = members.Count(account => !taken.Contains(account));
            if (free == members.Count || free < LeastRest * members.Count) continue;
            var rest = group.Cluster.Without(taken.Contains, _traffic);
            var left = rest.Likely();
            if (left.Count < LeastRestAccounts || !IsLargeEnough(rest) || seen.Exists(left.SetEquals)) continue;
            seen.Add(left);
            rests.Add(rest);
        }

        return [.. _shares.Of(rests, Judge).Where(j => j.IsFlagged)];
    }

    /// <summary>Share of a group's accounts that must be left, and how many, to be looked at again.</summary>
    private const double LeastRest = 0.3;

    private const int LeastRestAccounts = 5;

    /// <summary>Every group that was found, grown or not, with what was measured of it.</summary>
    internal List<Judgement> Each(List<Cluster> clusters)
    {
        List<Judgement> judged = [.. _shares.Of(clusters, Judge)];
        var growth = new Growth(_traffic, _proposals, [.. judged.Where(j => j.IsFlagged).Select(j => j.Cluster)]);
        judged.AddRange(_shares.Of(Apart([.. growth.Find()]), Judge));
        return judged;
    }

    private Judgement Judge(Cluster cluster)
    {
        var facts = _measuring.Measure(cluster);
        return new Judgement(_builder.Build(cluster, _weighing.Rows(facts, cluster)), facts, cluster) { By = this };
    }

    private Judgement JudgeAlone(Cluster account)
    {
        var facts = _againstAll.Measure(account);
        return new Judgement(_builder.Build(account, _weighing.RowsOfOne(facts, account, Wordings.Of(_traffic, account.Extracting))), facts, account) { By = this };
    }

    /// <summary>
    /// Less the accounts that come with subjects of their own where the others work off one list: they borrowed the wording. Judged anew without them.
    /// </summary>
    private Judgement Own(Judgement judgement)
    {
        if (!judgement.IsFlagged) return judgement;
        var strays = OwnSubjects.Of(_measuring.InterestsOf(judgement.Cluster));
        if (strays.Count == 0) return judgement;
        var rest = judgement.Cluster.Without(strays.Contains, _traffic);
        return IsLargeEnough(rest) ? Judge(rest) : judgement;
    }

    /// <summary>A group less some of its members, judged anew; null where too little is left.</summary>
    public Judgement? Without(Judgement judgement, Func<int, bool> leaves)
    {
        var rest = judgement.Cluster.Without(leaves, _traffic);
        return IsLargeEnough(rest) ? Described(Anew(judgement, rest)) : null;
    }

    /// <summary>The same of what is described, flagged ones of several dealers divided into those.</summary>
    public List<Judgement> Parted(Judgement judgement) =>
        _leftOut.Contains(SeveralDealers.Kind) ? [judgement] : new SeveralDealers(_values, _proposals.WorkLists).Parted(judgement, Without);

    /// <summary>That it was found again, or was not, stays.</summary>
    private Judgement Anew(Judgement judgement, Cluster rest) =>
        judgement.Campaign.Evidence.LastOrDefault(row => row.Kind == FoundAgain.Kind) is { } again ? Judge(rest).With(again) : Judge(rest);

    /// <summary>A group less some of its members, judged anew and not described yet; null where too little is left.</summary>
    public Judgement? Rest(Judgement judgement, Func<int, bool> leaves)
    {
        var rest = judgement.Cluster.Without(leaves, _traffic);
        return IsLargeEnough(rest) && rest.Likely().Count >= LeastRestAccounts ? Anew(judgement, rest) : null;
    }

    /// <summary>Whether two groups are two operators': the half that tests tells them apart, and no items go to and fro.</summary>
    public bool AreApart(Cluster a, Cluster b) => !_proposals.WorkLists.HaveOneDealer(a.Likely(), b.Likely()) && !_resemblance.AreAlike(Cluster.Both(a, b), a);

    private static bool IsLargeEnough(Cluster cluster) => cluster.Extracting.Count >= LeastExchanges;
}
