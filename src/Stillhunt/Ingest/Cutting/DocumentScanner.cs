using System.Buffers;

namespace Stillhunt.Ingest.Cutting;

/// <summary>
/// JSON objects that stand over several lines, one behind the other or in an array. Counts brackets outside strings. One broken object must not swallow the file: a raw line break
/// in a string cannot be JSON, and where objects are indented, a line that starts with a brace where objects start cannot be inside one, unless a value may stand there. The object is reported, and that line
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

    /// <summary>Where in the object at hand, behind a colon or in a list, the first brace stands at the column where objects start; -1 for nowhere. If the object turns out to be broken, the next one starts there.</summary>
    private int _doubtful = -1;

    private long _doubtfulLine;

    /// <summary>Bytes of this file that were read again for that, and at most: a file made for it must not be read for ever.</summary>
    private long _readAgain;

    private const long MostReadAgain = 1 << 28;

    /// <summary>Of each bracket that is open, whether it is a list's.</summary>
    private bool[] _lists = new bool[64];

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
        while (i < block.Filled || (final && _start >= 0))
        {
            if (i >= block.Filled)
            {
                var line = _startLine;
                i = Cut(block, block.Filled);
                if (i == block.Filled) _openLine = line;
            }
            else if (_resyncing) i = Resync(block, i);
            else if (_atLineStart) i = StartLine(block, i);
            else if (_start < 0) i = Between(block, i);
            else i = Inside(block, i);
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
        if (_doubtful >= 0) _doubtful -= by;
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
        var mayBeInside = first == (byte)'{' && MayValueStand(block, at);
        var startsObject = first == (byte)'{' && !mayBeInside;
        if (_isIndented is null)
        {
            _isIndented = startsObject || _indent > _startIndent;
            if (_isIndented is true && first != (byte)'{') _column = _startIndent;
        }

        if (_isIndented is not true || _indent != _startIndent) return at;
        if (startsObject) return Cut(block, at);
        if (mayBeInside && _doubtful < 0) (_doubtful, _doubtfulLine) = (at, _line);
        return at;
    }

    /// <summary>The object at hand is broken: goes on where the next one may have started inside it, or else here.</summary>
    private int Cut(RecordBlock block, int at)
    {
        var (from, line, indent) = (_doubtful, _doubtfulLine, _startIndent);
        if (from < 0 || _discarding || _readAgain > MostReadAgain)
        {
            Report(block, at, Broken);
            return at;
        }

        _readAgain += at - from;
        Report(block, from, Broken);
        (_line, _indent, _atLineStart) = (line, indent, false);
        return from;
    }

    /// <summary>Whether the object at hand may go on with a value here: behind a colon, the bracket of a list, or a comma in one.</summary>
    private bool MayValueStand(RecordBlock block, int at)
    {
        var before = block.Buffer.AsSpan(_start, at - _start).TrimEnd(" \t\r\n"u8);
        return !before.IsEmpty && (before[^1] is (byte)':' or (byte)'[' || (before[^1] == (byte)',' && _depth > 0 && _lists[_depth - 1]));
    }

    private void Open(bool list)
    {
        if (_depth == _lists.Length) Array.Resize(ref _lists, 2 * _lists.Length);
        _lists[_depth++] = list;
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
            _depth = 0;
            Open(list: false);
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
                Open(list: block.Buffer[at] == (byte)'[');
                break;
            default:
                // A bracket of the other kind closes what was cut off.
                if (_doubtful >= 0 && _lists[_depth - 1] != (block.Buffer[at] == (byte)']')) return Cut(block, at);
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
        _start = _doubtful = -1;
        _inString = _discarding = false;
    }
}
