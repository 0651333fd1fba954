using Stillhunt.Linking;

namespace Stillhunt.Tests.Linking;

public sealed class CommunitiesTests
{
    [Fact]
    public void Two_cliques_with_a_bridge_are_two_communities()
    {
        var graph = new WeightedGraph(20);
        Clique(graph, 0, 10);
        Clique(graph, 10, 10);
        graph.Add(9, 10, 1);
        Assert.Equal([.. Enumerable.Repeat(0, 10), .. Enumerable.Repeat(1, 10)], Communities.Find(graph));
    }

    [Fact]
    public void Nodes_without_edges_stand_alone()
    {
        Assert.Equal([0, 1, 2], Communities.Find(new WeightedGraph(3)));
        Assert.Empty(Communities.Find(new WeightedGraph(0)));
    }

    [Fact]
    public void A_weak_bridge_does_not_join_and_a_strong_one_does()
    {
        var graph = new WeightedGraph(4);
        graph.Add(0, 1, 10);
        graph.Add(2, 3, 10);
        graph.Add(1, 2, 0.1);
        Assert.Equal([0, 0, 1, 1], Communities.Find(graph));
    }

    [Fact]
    public void Parts_that_hang_together_by_nothing_never_share_a_community_and_the_result_repeats()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var count = random.Next(2, 60);
            var edges = Enumerable.Range(0, random.Next(0, 3 * count)).Select(_ => (A: random.Next(count), B: random.Next(count), Weight: random.NextDouble() + 0.01)).ToList();
            var found = Communities.Find(Of(count, edges));
            Assert.Equal(found, Communities.Find(Of(count, edges)));
            Assert.Equal(0, found[0]);

            // Each community must hang together within itself.
            var root = Enumerable.Range(0, count).ToArray();
            foreach (var (a, b, _) in edges.Where(edge => found[edge.A] == found[edge.B])) root[Root(root, a)] = Root(root, b);
            for (var a = 0; a < count; a++)
                for (var b = 0; b < count; b++)
                    if (found[a] == found[b]) Assert.Equal(Root(root, a), Root(root, b));
        }
    }

    private static int Root(int[] root, int of)
    {
        while (root[of] != of) of = root[of];
        return of;
    }

    private static WeightedGraph Of(int count, List<(int A, int B, double Weight)> edges)
    {
        var graph = new WeightedGraph(count);
        foreach (var (a, b, weight) in edges) graph.Add(a, b, weight);
        return graph;
    }

    private static void Clique(WeightedGraph graph, int from, int count)
    {
        for (var a = from; a < from + count; a++)
            for (var b = a + 1; b < from + count; b++) graph.Add(a, b, 1);
    }
}
