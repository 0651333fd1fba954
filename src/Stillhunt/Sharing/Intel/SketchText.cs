using Stillhunt.Ingest;

namespace Stillhunt.Sharing.Intel;

/// <summary>
/// The text of a request that a sketch is held against: system prompt and last user turn, of each the first 700 and the last 300 bytes. It is what the numbers in a sketch were counted
/// on; a whole conversation would hold more of everybody's phrases than that. Used again for every exchange; for one thread.
/// </summary>
internal sealed class SketchText
{
    private const int Head = 700, Tail = 300;

    private readonly List<byte> _text = new(2 * (Head + Tail + 2));
    private byte[] _joined = new byte[4096];

    public ReadOnlySpan<byte> Of(Exchange exchange)
    {
        _text.Clear();
        Edges(Join(exchange, PartRole.System, 0, exchange.PartCount));
        _text.Add((byte)'\n');
        var last = exchange.PartCount;
        while (last > 0 && exchange.RoleOf(last - 1) != PartRole.User) last--;
        var first = last;
        while (first > 0 && exchange.RoleOf(first - 1) == PartRole.User) first--;
        Edges(Join(exchange, PartRole.User, first, last));
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_text);
    }

    /// <summary>Parts of a role, a new line after each where there are several.</summary>
    private ReadOnlySpan<byte> Join(Exchange exchange, PartRole role, int from, int to)
    {
        int length = 0, parts = 0, only = 0;
        for (var i = from; i < to; i++)
        {
            if (exchange.RoleOf(i) != role) continue;
            (only, parts) = (i, parts + 1);
            length += exchange.TextOf(i).Length + 1;
        }

        if (parts <= 1) return parts == 0 ? default : exchange.TextOf(only);
        if (_joined.Length < length) _joined = new byte[length * 2];
        length = 0;
        for (var i = from; i < to; i++)
        {
            if (exchange.RoleOf(i) != role) continue;
            exchange.TextOf(i).CopyTo(_joined.AsSpan(length));
            length += exchange.TextOf(i).Length;
            _joined[length++] = (byte)'\n';
        }

        return _joined.AsSpan(0, length);
    }

    private void Edges(ReadOnlySpan<byte> text)
    {
        if (text.Length <= Head + Tail)
        {
            _text.AddRange(text);
            return;
        }

        _text.AddRange(text[..Head]);
        _text.Add((byte)'\n');
        _text.AddRange(text[^Tail..]);
    }
}
