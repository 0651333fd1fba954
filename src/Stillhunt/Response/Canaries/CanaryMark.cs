namespace Stillhunt.Response.Canaries;

/// <summary>How one answer to a campaign's account is marked, and what came of it.</summary>
/// <param name="request">The request's body: what an answer repeats of it stays as it is. Empty where there is none.</param>
public sealed class CanaryMark(CanaryKey key, string campaign, ReadOnlyMemory<byte> request = default)
{
    /// <summary>Of a longer request only the end is compared, so that an answer with many places stays cheap.</summary>
    private const int MostComparedBytes = 1 << 20;

    private readonly ReadOnlyMemory<byte> _request = request.Length > MostComparedBytes ? request[^MostComparedBytes..] : request;

    public CanaryKey Key { get; } = key;

    public string Campaign { get; } = campaign;

    /// <summary>Places where the key chose.</summary>
    public int PlaceCount { get; private set; }

    /// <summary>Places where another form was put than the model had written.</summary>
    public int ChangedCount { get; private set; }

    /// <summary>The text of an answer that is counted.</summary>
    internal CanaryText Text() => new(Choose);

    /// <summary>A text that was counted before, in another place of the same answer.</summary>
    internal CanaryText TextAgain() => new(ChooseAgain);

    internal int ChooseAgain(in CanaryOpportunity found) => Repeats(found) ? found.Which : Key.Choose(Campaign, found.Pair, found.Context);

    private int Choose(in CanaryOpportunity found)
    {
        if (Repeats(found)) return found.Which;
        var which = ChooseAgain(found);
        PlaceCount++;
        if (which != found.Which) ChangedCount++;
        return which;
    }

    private bool Repeats(in CanaryOpportunity found) => _request.Span.IndexOf(found.Passage) >= 0;
}
