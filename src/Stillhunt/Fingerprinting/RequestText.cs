using System.Runtime.InteropServices;
using Stillhunt.Ingest;

namespace Stillhunt.Fingerprinting;

/// <summary>
/// The text of a request: its parts of a role, joined, and the edges that a sample keeps and a sketch of others is held against. One type for both, so that what a sketch's numbers
/// were counted on is what it is looked for in. Its buffers are used again for every exchange, and what it returns lasts until the next call; for one thread.
/// </summary>
internal sealed class RequestText
{
    /// <summary>
    /// Bytes that are kept of a text's start and of its end. Part of what is exchanged: a sketch's numbers hold for texts cut like this, so another length is another version of sketches.
    /// </summary>
    public const int HeadBytes = 700, TailBytes = 300;

    private readonly List<byte> _edges = new(2 * (HeadBytes + TailBytes + 2));
    private byte[] _joined = new byte[4096];

    /// <summary>The parts of a role among the parts from one to before another, a new line after each where there are several; empty for none.</summary>
    public ReadOnlySpan<byte> Joined(Exchange exchange, PartRole role, int from, int to)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        int length = 0, parts = 0, first = 0;
        for (var i = from; i < to; i++)
        {
            if (exchange.RoleOf(i) != role) continue;
            if (parts++ == 0) first = i;
            length += exchange.TextOf(i).Length + 1;
        }

        if (parts <= 1) return parts == 0 ? default : exchange.TextOf(first);
        if (_joined.Length < length) _joined = new byte[length * 2];
        length = 0;
        for (var i = first; i < to; i++)
        {
            if (exchange.RoleOf(i) != role) continue;
            exchange.TextOf(i).CopyTo(_joined.AsSpan(length));
            length += exchange.TextOf(i).Length;
            _joined[length++] = (byte)'\n';
        }

        return _joined.AsSpan(0, length);
    }

    /// <summary>
    /// System prompt and last user turn, of each the edges, a new line between. A whole conversation would hold more of everybody's phrases than a sketch's numbers were counted on.
    /// </summary>
    public ReadOnlySpan<byte> Edges(Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        _edges.Clear();
        AddEdges(Joined(exchange, PartRole.System, 0, exchange.PartCount));
        _edges.Add((byte)'\n');
        var end = exchange.PartCount;
        while (end > 0 && exchange.RoleOf(end - 1) != PartRole.User) end--;
        var first = end;
        while (first > 0 && exchange.RoleOf(first - 1) == PartRole.User) first--;
        AddEdges(Joined(exchange, PartRole.User, first, end));
        return CollectionsMarshal.AsSpan(_edges);
    }

    private void AddEdges(ReadOnlySpan<byte> text)
    {
        if (text.Length <= HeadBytes + TailBytes)
        {
            _edges.AddRange(text);
            return;
        }

        _edges.AddRange(text[..HeadBytes]);
        _edges.Add((byte)'\n');
        _edges.AddRange(text[^TailBytes..]);
    }
}
