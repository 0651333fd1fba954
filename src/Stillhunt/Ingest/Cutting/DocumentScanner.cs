using System.Buffers;

namespace Stillhunt.Ingest.Cutting;

/// <summary>
/// JSON objects that stand over several lines, one behind the other or in an array. Counts brackets outside strings. A raw line break in
/// a string cannot be JSON: the object is reported and the next line that starts with a brace starts the next one, so that one broken
/// object does not swallow the file.
/// </summary>
internal sealed class DocumentScanner : RecordScanner
{
    public const string Broken = "not-json";

    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]\n"u8);
    private static readonly SearchValues<byte> InString = SearchValues.Create("\"\\\n"u8);

    private long _line = 1;
    private long _startLine;
    private int _start = -1;
    private int _position;
    private int _depth;
    private bool _inString;
    private bool _discarding;
    private bool _resyncing;
    private int _kept;

    public override int Scan(RecordBlock block, int scanned, bool final)
    {
        var i = Math.Max(_position, scanned);
        while (i < block.Filled)
        {
            if (_resyncing)
            {
                i = Resync(block, i);
                continue;
            }

            var rest = block.Buffer.AsSpan(i, block.Filled - i);
            var hit = rest.IndexOfAny(_inString ? InString : Structure);
            if (hit < 0)
            {
                i = block.Filled;
                break;
            }

            i = Step(block, i + hit);
        }

        if (final && _start >= 0) Report(block, block.Filled, Broken);
        _position = i;
        if (!_discarding || final) return _start >= 0 ? _start : block.Filled;
        block.Filled = _position = _kept;
        return 0;
    }

    public override void Discard(RecordBlock block)
    {
        _discarding = true;
        _kept = Math.Min(KeptOfFaulty, block.Filled);
        block.Filled = _position = _kept;
        _start = 0;
    }

    public override void Moved(int by)
    {
        _position -= by;
        if (_start >= 0) _start -= by;
    }

    /// <summary>Takes the structural byte at <paramref name="at"/>; returns where to go on.</summary>
    private int Step(RecordBlock block, int at)
    {
        switch (block.Buffer[at])
        {
            case (byte)'\n':
                _line++;
                if (_inString)
                {
                    Report(block, at, Broken);
                    _resyncing = true;
                }

                break;
            case (byte)'\\':
                return at + 2; // May point one behind the buffer: the next scan starts there.
            case (byte)'"':
                // A string outside any object is no record; it is passed over like a comma.
                if (_start >= 0) _inString = !_inString;
                break;
            case (byte)'{':
                if (_start < 0)
                {
                    _start = at;
                    _startLine = _line;
                    _depth = 0;
                }

                _depth++;
                break;
            case (byte)'[':
                if (_start >= 0) _depth++;
                break;
            default:
                if (_start >= 0 && --_depth == 0) Report(block, at + 1, null);
                break;
        }

        return at + 1;
    }

    /// <summary>Skips to the next line that starts with an opening brace.</summary>
    private int Resync(RecordBlock block, int at)
    {
        while (at < block.Filled && block.Buffer[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)',') at++;
        if (at >= block.Filled) return at;
        if (block.Buffer[at] == (byte)'{')
        {
            _resyncing = false;
            return at;
        }

        var newline = block.Buffer.AsSpan(at, block.Filled - at).IndexOf((byte)'\n');
        if (newline < 0) return block.Filled; // A line cut by the buffer's end is looked at from its middle: a brace there only starts a refused record.
        _line++;
        return at + newline + 1;
    }

    private void Report(RecordBlock block, int end, string? fault)
    {
        if (_discarding) block.Add(new RecordSlice(0, _kept, _startLine, TooLong));
        else if (fault is not null) block.Add(new RecordSlice(_start, Math.Min(end - _start, KeptOfFaulty), _startLine, fault));
        else block.Add(new RecordSlice(_start, end - _start, _startLine, null));
        _start = -1;
        _inString = _discarding = false;
    }
}
