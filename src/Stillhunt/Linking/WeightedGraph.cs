using System.Runtime.InteropServices;

namespace Stillhunt.Linking;

/// <summary>An undirected weighted graph as adjacency lists.</summary>
internal sealed class WeightedGraph(int nodes)
{
    /// <summary>Most nodes of large graphs have none.</summary>
    private readonly List<(int To, double Weight)>?[] _edges = new List<(int, double)>?[nodes];

    public int Count => _edges.Length;

    public ReadOnlySpan<(int To, double Weight)> Edges(int node) => CollectionsMarshal.AsSpan(_edges[node]);

    public void Add(int a, int b, double weight)
    {
        (_edges[a] ??= []).Add((b, weight));
        if (a != b) (_edges[b] ??= []).Add((a, weight));
    }

    /// <summary>For each node the first node of the connected part that it is in.</summary>
    /// <param name="group">Of each node: edges between groups do not connect. Null for one group.</param>
    public int[] Components(int[]? group = null)
    {
        var part = new int[Count];
        Array.Fill(part, -1);
        var stack = new Stack<int>();
        for (var i = 0; i < Count; i++)
        {
            if (part[i] >= 0) continue;
            part[i] = i;
            stack.Push(i);
            while (stack.TryPop(out var node))
            {
                foreach (var (to, _) in Edges(node))
                {
                    if (part[to] >= 0 || (group is not null && group[to] != group[node])) continue;
                    part[to] = i;
                    stack.Push(to);
                }
            }
        }

        return part;
    }
}
