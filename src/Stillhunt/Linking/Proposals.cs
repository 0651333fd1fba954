using Stillhunt.Sketches;

namespace Stillhunt.Linking;

/// <summary>
/// Every group that may have one operator, from several ways of looking: accounts divided by what they use, families by themselves, texts
/// that never change, and what accounts share beside wording. One operator may be proposed more than once; each proposal is
/// judged by itself, and of those that overlap the most convincing stays.
/// </summary>
internal sealed class Proposals
{
    /// <summary>Share (Jaccard) of their accounts from which on two proposals by wording are one.</summary>
    private const double SameAccounts = 0.8;

    /// <summary>Share (Jaccard) of their accounts from which on two proposals may be two recipes of one operator, if they share at most so many exchanges.</summary>
    private const double SomeAccounts = 0.4, SameExchanges = 0.5;

    /// <summary>Share of what a group sends up to which a part of it is looked at by itself: of an honest batch job over several accounts nearly all is alike.</summary>
    private const double SmallPart = 0.5;

    /// <summary>Share of a group by addresses that must say one thing for those who do not to be strangers; by judgement, what it did is measured in docs/decisions/0005.</summary>
    private const double NearlyAll = 0.8;

    private readonly Traffic _traffic;
    private readonly KeyedHash _hash;

    /// <summary>What only <see cref="Turned"/> needs, which is large; null where it will not be asked for.</summary>
    private readonly (PhraseRows Rows, SharedItems Items)? _again;
    private readonly List<Family> _pools;
    private readonly ClusterRefinement _refinement;
    private readonly Shares _shares;

    /// <param name="again">Whether <see cref="Turned"/> may be asked for.</param>
    public Proposals(Traffic traffic, KeyedHash hash, Shares shares, bool again = true)
        : this(traffic, hash, shares, new PhraseRows(traffic, shares), again)
    {
    }

    private Proposals(Traffic traffic, KeyedHash hash, Shares shares, PhraseRows rows, bool again)
        : this(traffic, hash, shares, rows, SharedItems.Find(traffic, rows, hash, shares), again)
    {
    }

    private Proposals(Traffic traffic, KeyedHash hash, Shares shares, PhraseRows rows, SharedItems items, bool again)
    {
        (_traffic, _hash, _shares, _again) = (traffic, hash, shares, again ? (rows, items) : null);
        Index = new FamilyIndex(traffic, rows, hash, shares);
        WorkLists = new WorkLists(traffic, items);
        _pools = OperatorClusters.Pools(traffic, Index, shares);
        _refinement = new ClusterRefinement(traffic, Index.Units, Index.Postings, shares);
    }

    /// <summary>What the half that tests here would propose.</summary>
    /// <param name="turned">The traffic with its halves the other way round.</param>
    public Proposals Turned(Traffic turned) =>
        _again is var (rows, items) ? new(turned, _hash, _shares, rows, items, again: false) : throw new InvalidOperationException("Made not to be asked for this.");

    public FamilyIndex Index { get; }

    public UnitPostings Postings => Index.Postings;

    public WorkLists WorkLists { get; }

    /// <param name="among">Of the families, which are refined to groups; null for all.</param>
    public List<Cluster> Find(SharedValues values, Func<Cluster, bool>? among = null)
    {
        var clusters = OperatorClusters.Find(_traffic, Postings, _pools, _shares);
        _refinement.Refine(clusters, _shares);
        clusters.RemoveAll(cluster => cluster.Extracting.Count == 0);
        var likely = clusters.ConvertAll(cluster => cluster.Likely());
        foreach (var seed in _shares.Of([.. OperatorClusters.OfFamilies(_traffic, Index, _pools, _shares).Where(family => among is null || among(family))], _refinement.Twins, Refined))
        {
            var members = seed.Likely();
            if (seed.Extracting.Count == 0 || likely.Exists(other => Alike(other, members))) continue;
            clusters.Add(seed);
            likely.Add(members);
        }

        clusters.AddRange(_shares.Of([.. OfSeveralRecipes(clusters, likely)], _refinement.Twins, Refined).Where(joined => joined.Extracting.Count > 0));

        List<Cluster> texts = [];
        List<(Cluster Group, bool ByAddress)> means = [];
        // One beside the other: each looks through all that was sampled.
        _shares.Each(2, part =>
        {
            if (part == 0) texts = [.. FixedClusters.OfSystemPrompts(_traffic, clusters), .. FixedClusters.OfPassages(_traffic, Index.Units, Postings)];
            else means = [.. InfrastructureGroups.Find(_traffic, values)];
        });
        clusters.AddRange(_shares.Of(texts, _refinement.Twins, Settled));
        var grown = _shares.Of(means, _refinement.Twins, (refinement, one) => refinement.Grow(one.Group));
        clusters.AddRange(means.Zip(grown, (one, common) => one.ByAddress ? WithoutGuests(one.Group, common) : one.Group));
        // What they extract may be a small part of what they send, beside cover: what marks it is what they have in common.
        clusters.AddRange(grown.Where(IsSmallPart));
        return clusters;
    }

    /// <summary>
    /// A group by its addresses, less those who say nothing of what nearly all others of it say: honest people come and go by an operator's addresses, too. By an operator's cards they do not.
    /// </summary>
    /// <param name="common">What they have in common beside addresses.</param>
    private Cluster WithoutGuests(Cluster group, Cluster common)
    {
        var saying = common.Likely();
        return group.Members.Count(saying.Contains) >= NearlyAll * group.Members.Count ? group.Without(account => !saying.Contains(account), _traffic) : group;
    }

    private bool IsSmallPart(Cluster cluster) =>
        cluster.Extracting.Count > 0 && cluster.Extracting.Count <= SmallPart * cluster.Likely().Sum(account => _traffic.Subjects[account].SampleCount);

    private static Cluster Refined(ClusterRefinement refinement, Cluster seed)
    {
        refinement.Refine(seed);
        return seed;
    }

    private static Cluster Settled(ClusterRefinement refinement, Cluster text)
    {
        refinement.Settle(text);
        return text;
    }

    /// <summary>Groups of nearly the same accounts and of other exchanges, taken together: one operator has more than one recipe.</summary>
    /// <param name="members">The likely members of each.</param>
    private static IEnumerable<Cluster> OfSeveralRecipes(List<Cluster> clusters, List<HashSet<int>> members)
    {
        for (var c = 0; c < clusters.Count; c++)
        {
            var alike = Enumerable.Range(0, clusters.Count).Where(other => other != c && Overlap(members[c], members[other], SomeAccounts)).ToList();
            if (alike.Count == 0) continue;
            var exchanges = clusters[c].Extracting.ToHashSet();
            var accounts = new HashSet<int>(members[c]);
            var others = 0;
            foreach (var other in alike)
            {
                if (clusters[other].Extracting.Count(exchanges.Contains) > SameExchanges * clusters[other].Extracting.Count) continue;
                exchanges.UnionWith(clusters[other].Extracting);
                accounts.UnionWith(members[other]);
                others++;
            }

            if (others > 0) yield return new Cluster { Members = [.. accounts.Order()], Probabilities = [.. accounts.Select(_ => 1.0)], Extracting = [.. exchanges.Order()] };
        }
    }

    /// <inheritdoc cref="ClusterRefinement.Grow"/>
    public IReadOnlyList<Cluster> Grow(IReadOnlyList<Cluster> clusters) => _shares.Of(clusters, _refinement.Twins, (refinement, cluster) => refinement.Grow(cluster));

    /// <inheritdoc cref="ClusterRefinement.Unlisted"/>
    public IReadOnlyList<List<Unlisted>> Unlisted(IReadOnlyList<Cluster> clusters, Func<int, bool> mayJoin) => _shares.Of(clusters, _refinement.Twins, (refinement, cluster) => refinement.Unlisted(cluster, mayJoin));

    /// <summary>How alike two groups of accounts draw on what marks the whole, on the testing half (<see cref="UnitUsage.Likeness"/>).</summary>
    public double Likeness(Cluster whole, IEnumerable<int> a, IEnumerable<int> b) =>
        new UnitUsage(_traffic, Postings, whole.Extracting, whole.UnitBits.Keys, [1 - FamilyIndex.FormingHalf]).Likeness(1 - FamilyIndex.FormingHalf, [.. a.Order()], [.. b.Order()]);

    private static bool Alike(HashSet<int> a, HashSet<int> b) => Overlap(a, b, SameAccounts);

    /// <summary>Whether the accounts that two groups have in common are this share (Jaccard) of all of theirs.</summary>
    private static bool Overlap(HashSet<int> a, HashSet<int> b, double share)
    {
        var (few, many) = a.Count < b.Count ? (a, b) : (b, a);
        if (few.Count < share * many.Count) return false;
        var common = few.Count(many.Contains);
        return common >= share * (few.Count + many.Count - common);
    }
}
