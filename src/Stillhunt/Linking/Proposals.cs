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

    private readonly Traffic _traffic;
    private readonly List<Family> _pools;
    private readonly ClusterRefinement _refinement;

    public Proposals(Traffic traffic, KeyedHash hash)
    {
        _traffic = traffic;
        Index = FamilyIndex.Build(traffic, hash);
        _pools = OperatorClusters.Pools(traffic, Index);
        _refinement = new ClusterRefinement(traffic, Index.Units);
    }

    public FamilyIndex Index { get; }

    public UnitPostings Postings => _refinement.Postings;

    public List<Cluster> Find(SharedValues values)
    {
        var clusters = OperatorClusters.Find(_traffic, Postings, _pools);
        _refinement.Refine(clusters);
        clusters.RemoveAll(cluster => cluster.Extracting.Count == 0);
        foreach (var seed in OperatorClusters.OfFamilies(_traffic, Index, _pools))
        {
            _refinement.Refine([seed]);
            if (seed.Extracting.Count > 0 && !clusters.Exists(cluster => Alike(cluster.Likely(), seed.Likely()))) clusters.Add(seed);
        }

        foreach (var text in FixedClusters.OfSystemPrompts(_traffic, clusters).Concat(FixedClusters.OfPassages(_traffic, Index.Units, Postings)))
        {
            _refinement.Settle(text);
            clusters.Add(text);
        }

        clusters.AddRange(InfrastructureGroups.Find(_traffic, values));
        return clusters;
    }

    private static bool Alike(HashSet<int> a, HashSet<int> b)
    {
        var common = a.Count(b.Contains);
        return common >= SameAccounts * (a.Count + b.Count - common);
    }
}
