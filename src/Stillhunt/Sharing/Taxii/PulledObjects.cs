using System.Text.Json.Nodes;

namespace Stillhunt.Sharing.Taxii;

/// <summary>What a pull brought.</summary>
/// <param name="AddedAfter">The time to go on from; null where the server names none.</param>
/// <param name="SkippedCount">Objects that are not read here and were left out.</param>
/// <param name="Skipped">A sentence for each of the first of them.</param>
public sealed record PulledObjects(JsonObject Bundle, string? AddedAfter, int SkippedCount, IReadOnlyList<string> Skipped)
{
    /// <summary>Whether the server has more than is taken at once: a pull from <see cref="AddedAfter"/> on brings it.</summary>
    public bool IsCut { get; init; }
}

/// <summary>Counts what is left out, and keeps the sentences about the first: a page can hold as many bad objects as good ones.</summary>
internal sealed class SkippedObjects(int mostNamed)
{
    private readonly List<string> _named = [];

    public int Count { get; private set; }

    public IReadOnlyList<string> Named => _named;

    public void Add(string sentence)
    {
        Count++;
        if (_named.Count < mostNamed) _named.Add(sentence);
    }
}
