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

    private readonly Traffic _traffic;
    private readonly List<Family> _pools;
    private readonly ClusterRefinement _refinement;
    private readonly Shares _shares;

    public Proposals(Traffic traffic, KeyedHash hash, Shares shares)
    {
        _traffic = traffic;
        _shares = shares;
        Index = new FamilyIndex(traffic, hash, shares);
        WorkLists = new WorkLists(traffic, hash, shares);
        _pools = OperatorClusters.Pools(traffic, Index);
        _refinement = new ClusterRefinement(traffic, Index.Units, Index.Postings);
    }

    public FamilyIndex Index { get; }

    public UnitPostings Postings => Index.Postings;

    public WorkLists WorkLists { get; }

    public List<Cluster> Find(SharedValues values)
    {
        var clusters = OperatorClusters.Find(_traffic, Postings, _pools, _shares);
        _refinement.Refine(clusters, _shares);
        clusters.RemoveAll(cluster => cluster.Extracting.Count == 0);
        foreach (var seed in _shares.Of([.. OperatorClusters.OfFamilies(_traffic, Index, _pools)], _refinement.Twin, Refined))
        {
            if (seed.Extracting.Count > 0 && !clusters.Exists(cluster => Alike(cluster.Likely(), seed.Likely()))) clusters.Add(seed);
        }

        foreach (var joined in OfSeveralRecipes(clusters).ToList())
        {
            _refinement.Refine(joined);
            if (joined.Extracting.Count > 0) clusters.Add(joined);
        }

        List<Cluster> texts = [.. FixedClusters.OfSystemPrompts(_traffic, clusters), .. FixedClusters.OfPassages(_traffic, Index.Units, Postings)];
        clusters.AddRange(_shares.Of(texts, _refinement.Twin, Settled));
        List<Cluster> means = [.. InfrastructureGroups.Find(_traffic, values)];
        clusters.AddRange(means);
        // What they extract may be a small part of what they send, beside cover: what marks it is what they have in common.
        clusters.AddRange(_shares.Of(means, _refinement.Twin, (refinement, group) => refinement.Grow(group)).Where(IsSmallPart));
        return clusters;
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
    private static IEnumerable<Cluster> OfSeveralRecipes(List<Cluster> clusters)
    {
        var members = clusters.Select(cluster => cluster.Likely()).ToList();
        for (var c = 0; c < clusters.Count; c++)
        {
            var exchanges = clusters[c].Extracting.ToHashSet();
            var accounts = new HashSet<int>(members[c]);
            var others = 0;
            for (var other = 0; other < clusters.Count; other++)
            {
                var common = members[other].Count(members[c].Contains);
                if (other == c || common < SomeAccounts * (members[c].Count + members[other].Count - common)) continue;
                if (clusters[other].Extracting.Count(exchanges.Contains) > SameExchanges * clusters[other].Extracting.Count) continue;
                exchanges.UnionWith(clusters[other].Extracting);
                accounts.UnionWith(members[other]);
                others++;
            }

            if (others > 0) yield return new Cluster { Members = [.. accounts.Order()], Probabilities = [.. accounts.Select(_ => 1.0)], Extracting = [.. exchanges.Order()] };
        }
    }

    /// <inheritdoc cref="ClusterRefinement.Grow"/>
    public Cluster Grow(Cluster cluster) => _refinement.Grow(cluster);

    /// <summary>How alike two groups of accounts draw on what marks the whole, on the testing half (<see cref="UnitUsage.Likeness"/>).</summary>
    public double Likeness(Cluster whole, IEnumerable<int> a, IEnumerable<int> b) =>
        new UnitUsage(_traffic, Postings, whole.Extracting, whole.UnitBits.Keys).Likeness(1 - FamilyIndex.FormingHalf, [.. a.Order()], [.. b.Order()]);

    private static bool Alike(HashSet<int> a, HashSet<int> b)
    {
        var common = a.Count(b.Contains);
        return common >= SameAccounts * (a.Count + b.Count - common);
    }
}
