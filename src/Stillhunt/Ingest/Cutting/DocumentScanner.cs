using System.Buffers;

namespace Stillhunt.Ingest.Cutting;

/// <summary>
/// JSON objects that stand over several lines, one behind the other or in an array. Counts brackets outside strings. One broken object must not swallow the file: a raw line break
/// in a string cannot be JSON, and where objects are indented, a line that starts with a brace where objects start cannot be inside one. The object is reported, and that line
/// starts the next one. Whatever stands between objects and is no JSON is reported once a line.
/// </summary>
internal sealed class DocumentScanner : RecordScanner
{
    public const string Broken = "not-json";

    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]\n"u8);
    private static readonly SearchValues<byte> InString = SearchValues.Create("\"\\\n"u8);
    private static readonly SearchValues<byte> BetweenObjects = SearchValues.Create(" \t\r,[]"u8);
    private static readonly SearchValues<byte> EndOfText = SearchValues.Create("\n{,]"u8);

    private long _line = 1;
    private long _startLine;
    private long _textLine;
    private int _start = -1;
    private int _position;
    private int _depth;
    private bool _inString;
    private bool _inText;
    private bool _discarding;
    private bool _resyncing;
    private int _kept;

    /// <summary>At the blank space that a line starts with.</summary>
    private bool _atLineStart = true;

    /// <summary>Blank bytes that the line at hand starts with, and the line on which the object at hand starts.</summary>
    private int _indent, _startIndent;

    /// <summary>Whether the object at hand has its lines further in than its start; not known before its second line.</summary>
    private bool? _isIndented;

    /// <summary>Where indented objects of this file start, or -1.</summary>
    private int _column = -1;

    /// <summary>The line on which an object started that was still open at the end.</summary>
    public override long? OpenLine => _openLine;

    private long? _openLine;

    public override int Scan(RecordBlock block, int scanned, bool final)
    {
        var i = Math.Max(_position, scanned);
        while (i < block.Filled)
        {
            if (_resyncing) i = Resync(block, i);
            else if (_atLineStart) i = StartLine(block, i);
            else if (_start < 0) i = Between(block, i);
            else i = Inside(block, i);
        }

        if (final && _start >= 0)
        {
            _openLine = _startLine;
            Report(block, block.Filled, Broken);
        }

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

    private int StartLine(RecordBlock block, int at)
    {
        while (at < block.Filled && block.Buffer[at] is (byte)' ' or (byte)'\t' or (byte)'\r')
        {
            at++;
            _indent++;
        }

        if (at == block.Filled) return at;
        var first = block.Buffer[at];
        if (first == (byte)'\n') return NextLine(at);
        _atLineStart = false;
        if (_start < 0) return at;
        if (_isIndented is null)
        {
            // A brace cannot follow a brace: that object is cut behind its first.
            _isIndented = first == (byte)'{' || _indent > _startIndent;
            if (_isIndented is true && first != (byte)'{') _column = _startIndent;
        }

        if (first == (byte)'{' && _isIndented is true && _indent == _startIndent) Report(block, at, Broken);
        return at;
    }

    /// <summary>Goes to the next object, and reports what is none.</summary>
    private int Between(RecordBlock block, int at)
    {
        var rest = block.Buffer.AsSpan(at, block.Filled - at);
        var hit = _inText ? rest.IndexOfAny(EndOfText) : rest.IndexOfAnyExcept(BetweenObjects);
        if (hit < 0) return block.Filled;
        _inText = false;
        at += hit;
        rest = rest[hit..];
        if (rest[0] == (byte)'\n') return NextLine(at);
        if (rest[0] is (byte)',' or (byte)']') return at + 1;
        if (rest[0] == (byte)'{')
        {
            _start = at;
            _startLine = _line;
            _startIndent = _indent;
            _isIndented = null;
            _depth = 1;
            return at + 1;
        }

        _inText = true;
        var end = rest.IndexOfAny(EndOfText);
        var text = end < 0 ? rest : rest[..end];
        if (_textLine != _line && !text.TrimEnd(" \t\r"u8).SequenceEqual("null"u8)) // A null among objects says nothing.
        {
            _textLine = _line;
            block.Add(new RecordSlice(at, Math.Min(text.Length, KeptOfFaulty), _line, Broken));
        }

        return at;
    }

    /// <summary>Goes to the next byte inside an object that matters, and takes it.</summary>
    private int Inside(RecordBlock block, int from)
    {
        var hit = block.Buffer.AsSpan(from, block.Filled - from).IndexOfAny(_inString ? InString : Structure);
        if (hit < 0) return block.Filled;
        var at = from + hit;
        switch (block.Buffer[at])
        {
            case (byte)'\n':
                if (!_inString) return NextLine(at);
                Report(block, at, Broken);
                _resyncing = true;
                return NextLine(at);
            case (byte)'\\':
                return at + 2; // May point one behind the buffer: the next scan starts there.
            case (byte)'"':
                _inString = !_inString;
                break;
            case (byte)'{' or (byte)'[':
                _depth++;
                break;
            default:
                if (--_depth == 0) Report(block, at + 1, null);
                break;
        }

        return at + 1;
    }

    private int NextLine(int lineBreak)
    {
        _line++;
        _indent = 0;
        _atLineStart = true;
        return lineBreak + 1;
    }

    /// <summary>Skips to the next line that starts with an opening brace, where objects of this file start if that is known.</summary>
    private int Resync(RecordBlock block, int at)
    {
        for (; at < block.Filled && block.Buffer[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)','; at++)
            if (_atLineStart && block.Buffer[at] != (byte)',') _indent++;
        if (at >= block.Filled) return at;
        if (_atLineStart && block.Buffer[at] == (byte)'{' && (_column < 0 || _indent == _column))
        {
            _resyncing = _atLineStart = false;
            return at;
        }

        _atLineStart = false;
        var newline = block.Buffer.AsSpan(at, block.Filled - at).IndexOf((byte)'\n');
        return newline < 0 ? block.Filled : NextLine(at + newline);
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
