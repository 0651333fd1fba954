using System.Runtime.InteropServices;

namespace Stillhunt.Linking;

/// <summary>An undirected weighted graph as adjacency lists.</summary>
internal sealed class WeightedGraph(int nodes)
{
    private readonly List<(int To, double Weight)>[] _edges = MakeLists(nodes);

    public int Count => _edges.Length;

    public ReadOnlySpan<(int To, double Weight)> Edges(int node) => CollectionsMarshal.AsSpan(_edges[node]);

    public void Add(int a, int b, double weight)
    {
        _edges[a].Add((b, weight));
        if (a != b) _edges[b].Add((a, weight));
    }

    private static List<(int, double)>[] MakeLists(int nodes)
    {
        var lists = new List<(int, double)>[nodes];
        for (var i = 0; i < nodes; i++) lists[i] = [];
        return lists;
    }
}
