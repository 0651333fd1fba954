using System.Text.Json;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Content;

/// <summary>
/// Puts pieces of all candidates but the first aside while a stream of events is read, in which they stand in any order (<c>choices[].index</c>), so that each can be read in one go.
/// Keeps places and no copies; memory is taken only where there is a second candidate.
/// </summary>
/// <param name="events">The stream's bytes.</param>
internal ref struct OtherCandidates(ReadOnlySpan<byte> events)
{
    private readonly ReadOnlySpan<byte> _events = events;
    private List<Piece>? _pieces;
    private bool _hasFirst;
    private int _mostAtOnce;

    /// <summary>Candidates of whom there was a piece; without an index those that stood in one event.</summary>
    public readonly int Count
    {
        get
        {
            var count = _hasFirst ? 1 : 0;
            for (var i = 0; i < PieceCount; i++) if (Begins(i)) count++;
            return Math.Max(count, _mostAtOnce);
        }
    }

    public readonly int PieceCount => _pieces?.Count ?? 0;

    /// <summary>Whether a choice is another candidate's than the first's, and was put aside.</summary>
    /// <param name="place">Of the choice in its event, from 0.</param>
    public bool Take(JsonValue choice, int place)
    {
        _mostAtOnce = Math.Max(_mostAtOnce, place + 1);
        if (!choice.Get("index"u8).TryGetCount(out var index) || index == 0 || !_events.Overlaps(choice.Raw, out var start))
        {
            _hasFirst = true;
            return false;
        }

        (_pieces ??= []).Add(new Piece(index, start, choice.Raw.Length));
        return true;
    }

    /// <summary>Brings the pieces of each candidate together, in the order of their indices, as an answer in one piece has them.</summary>
    public readonly void Sort() => _pieces?.Sort((one, other) => (one.Index, one.Start).CompareTo((other.Index, other.Start)));

    /// <summary>Whether a candidate begins with this piece; after <see cref="Sort"/>.</summary>
    public readonly bool Begins(int piece) => piece == 0 || _pieces![piece].Index != _pieces[piece - 1].Index;

    public readonly JsonValue this[int piece] => new(_events.Slice(_pieces![piece].Start, _pieces[piece].Length), JsonTokenType.StartObject, escaped: false, known: true);

    private readonly record struct Piece(long Index, int Start, int Length);
}
