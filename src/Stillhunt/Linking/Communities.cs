using System.Runtime.InteropServices;

namespace Stillhunt.Linking;

/// <summary>
/// Louvain community detection (Blondel et al., "Fast unfolding of communities in large networks", 2008) with the refinement that
/// makes it safe here: after each level a community that is not connected is split into its parts, which is the defect of
/// Louvain that Leiden was made for (Traag et al., 2019). Nodes are visited in their order, so the result is the same every time.
/// </summary>
internal static class Communities
{
    /// <summary>For each node the number of its community, from 0, in the order of their first nodes.</summary>
    /// <param name="resolution">Above 1: smaller communities.</param>
    public static int[] Find(WeightedGraph graph, double resolution = 1)
    {
        var of = Enumerable.Range(0, graph.Count).ToArray();
        var level = graph;
        while (true)
        {
            // Each connected part of a community is one by itself.
            var moved = level.Components(Move(level, resolution));
            var count = Renumber(moved);
            for (var i = 0; i < of.Length; i++) of[i] = moved[of[i]];
            if (count == level.Count) return of;
            level = Aggregate(level, moved, count);
        }
    }

    private static int[] Move(WeightedGraph graph, double resolution)
    {
        var community = Enumerable.Range(0, graph.Count).ToArray();
        var degree = new double[graph.Count];
        double total = 0;
        for (var i = 0; i < graph.Count; i++)
        {
            foreach (var (to, weight) in graph.Edges(i)) degree[i] += to == i ? 2 * weight : weight;
            total += degree[i];
        }

        if (total == 0) return community;
        var sum = (double[])degree.Clone();
        var toward = new double[graph.Count];
        var near = new List<int>();
        for (var pass = 0; pass < 20; pass++)
        {
            var changes = 0;
            for (var i = 0; i < graph.Count; i++)
            {
                if (graph.Edges(i).Length == 0) continue;
                near.Clear();
                near.Add(community[i]);
                foreach (var (to, weight) in graph.Edges(i))
                {
                    if (to == i) continue;
                    // Weights are above 0: one that is 0 has not been met.
                    if (toward[community[to]] == 0 && community[to] != community[i]) near.Add(community[to]);
                    toward[community[to]] += weight;
                }

                sum[community[i]] -= degree[i];
                var best = community[i];
                var bestGain = toward[best] - (resolution * degree[i] * sum[best] / total);
                foreach (var candidate in near)
                {
                    var gain = toward[candidate] - (resolution * degree[i] * sum[candidate] / total);
                    toward[candidate] = 0;
                    if (gain > bestGain + 1e-9 || (gain > bestGain - 1e-9 && candidate < best))
                    {
                        best = candidate;
                        bestGain = gain;
                    }
                }

                sum[best] += degree[i];
                if (best == community[i]) continue;
                community[i] = best;
                changes++;
            }

            if (changes == 0) break;
        }

        return community;
    }

    private static int Renumber(int[] community)
    {
        // Numbered by their first nodes, so that a community's number is met before it is overwritten.
        var numbers = new int[community.Length];
        var count = 0;
        for (var i = 0; i < community.Length; i++)
        {
            if (numbers[community[i]] == 0) numbers[community[i]] = ++count;
            community[i] = numbers[community[i]] - 1;
        }

        return count;
    }

    private static WeightedGraph Aggregate(WeightedGraph graph, int[] community, int count)
    {
        var sums = new Dictionary<ulong, double>();
        for (var i = 0; i < graph.Count; i++)
        {
            foreach (var (to, weight) in graph.Edges(i))
            {
                if (to < i) continue;
                // A pair as one number, row by row: two halves of 32 bits would meet in few buckets of the table.
                var pair = ((ulong)Math.Min(community[i], community[to]) * (ulong)count) + (ulong)Math.Max(community[i], community[to]);
                CollectionsMarshal.GetValueRefOrAddDefault(sums, pair, out _) += weight;
            }
        }

        var coarse = new WeightedGraph(count);
        foreach (var pair in sums.Keys.Order()) coarse.Add((int)(pair / (ulong)count), (int)(pair % (ulong)count), sums[pair]);
        return coarse;
    }
}
