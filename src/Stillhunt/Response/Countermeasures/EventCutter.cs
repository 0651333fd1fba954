namespace Stillhunt.Response.Countermeasures;

/// <summary>
/// Cuts a stream of server-sent events (WHATWG HTML, section 9.2) into events, each with the bytes that it came as. Lines may end in LF, CR LF or CR. Where the
/// stream is cut into reads makes no difference.
/// </summary>
internal sealed class EventCutter
{
    private byte[] _held = new byte[4096];
    private int _start;
    private int _end;
    private int _line;
    private int _seen;
    private bool _ended;

    /// <summary>Bytes that wait for the end of their event.</summary>
    public int HeldBytes => _end - _start;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_end + bytes.Length > _held.Length)
        {
            var length = _end - _start;
            var room = length + bytes.Length > _held.Length ? new byte[Math.Max(_held.Length * 2, length + bytes.Length)] : _held;
            _held.AsSpan(_start, length).CopyTo(room);
            (_held, _line, _seen, _end, _start) = (room, _line - _start, _seen - _start, length, 0);
        }

        bytes.CopyTo(_held.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>No more bytes come: what is left is the last event, if there is anything.</summary>
    public void End() => _ended = true;

    /// <summary>The next whole event with the empty line that ends it. The bytes stand until the next call of <see cref="Add"/>.</summary>
    public bool TryTake(out ReadOnlySpan<byte> whole)
    {
        while (_seen < _end)
        {
            var found = _held.AsSpan(_seen, _end - _seen).IndexOfAny((byte)'\r', (byte)'\n');
            if (found < 0)
            {
                _seen = _end;
                break;
            }

            var at = _seen + found;
            var next = at + 1;
            if (_held[at] == (byte)'\r')
            {
                // Whether a line feed belongs to it shows with the next byte.
                if (next == _end && !_ended)
                {
                    _seen = at;
                    break;
                }

                if (next < _end && _held[next] == (byte)'\n') next++;
            }

            var isEmpty = at == _line;
            _line = _seen = next;
            if (!isEmpty) continue;
            whole = _held.AsSpan(_start, next - _start);
            _start = next;
            return true;
        }

        whole = _ended ? _held.AsSpan(_start, _end - _start) : default;
        if (_ended) _start = _line = _seen = _end;
        return !whole.IsEmpty;
    }
}
