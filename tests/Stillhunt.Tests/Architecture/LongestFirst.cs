using Stillhunt.Tests.Architecture;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Stillhunt.Tests.Architecture;

/// <summary>Begins with the collections that take longest, so that none of them runs alone at the end while the other processors wait. The rest keeps its order.</summary>
internal sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = ["MissingInfrastructureTests", "QuietTrafficTests", "DocumentedDetectionTests", "RangeMakingTests", "PolicyDefenderTests", "CommandLineTests", "RangeTraffic"];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Array.FindIndex(Long, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)) is var at and >= 0 ? at : Long.Length)];
}
