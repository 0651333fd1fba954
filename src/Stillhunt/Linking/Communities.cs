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
            var moved = Move(level, resolution);
            Connect(level, moved);
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
        var toward = new Dictionary<int, double>();
        for (var pass = 0; pass < 20; pass++)
        {
            var changes = 0;
            for (var i = 0; i < graph.Count; i++)
            {
                if (graph.Edges(i).Count == 0) continue;
                toward.Clear();
                toward[community[i]] = 0;
                foreach (var (to, weight) in graph.Edges(i))
                    if (to != i) toward[community[to]] = toward.GetValueOrDefault(community[to]) + weight;
                sum[community[i]] -= degree[i];
                var best = community[i];
                var bestGain = toward[best] - (resolution * degree[i] * sum[best] / total);
                foreach (var (candidate, weight) in toward)
                {
                    var gain = weight - (resolution * degree[i] * sum[candidate] / total);
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

    /// <summary>Gives each connected part of a community a number of its own.</summary>
    private static void Connect(WeightedGraph graph, int[] community)
    {
        var part = new int[graph.Count];
        Array.Fill(part, -1);
        var stack = new Stack<int>();
        for (var i = 0; i < graph.Count; i++)
        {
            if (part[i] >= 0) continue;
            part[i] = i;
            stack.Push(i);
            while (stack.TryPop(out var node))
            {
                foreach (var (to, _) in graph.Edges(node))
                {
                    if (part[to] >= 0 || community[to] != community[node]) continue;
                    part[to] = i;
                    stack.Push(to);
                }
            }
        }

        part.CopyTo(community, 0);
    }

    private static int Renumber(int[] community)
    {
        var numbers = new Dictionary<int, int>();
        for (var i = 0; i < community.Length; i++)
        {
            if (!numbers.TryGetValue(community[i], out var number)) numbers.Add(community[i], number = numbers.Count);
            community[i] = number;
        }

        return numbers.Count;
    }

    private static WeightedGraph Aggregate(WeightedGraph graph, int[] community, int count)
    {
        var sums = new SortedDictionary<(int, int), double>();
        for (var i = 0; i < graph.Count; i++)
        {
            foreach (var (to, weight) in graph.Edges(i))
            {
                if (to < i) continue;
                var a = Math.Min(community[i], community[to]);
                var b = Math.Max(community[i], community[to]);
                sums[(a, b)] = sums.GetValueOrDefault((a, b)) + weight;
            }
        }

        var coarse = new WeightedGraph(count);
        foreach (var ((a, b), weight) in sums) coarse.Add(a, b, weight);
        return coarse;
    }
}
