namespace Stillhunt.Ingest.Cutting;

/// <summary>
/// Gives a decompressor the bytes of an archive and knows whether it took all of them. The framework's reader ends in silence where something other than another member follows, and
/// reads ahead, so that nobody can tell how far it came: the last bytes are given one by one, and then what it left is what it did not ask for.
/// </summary>
internal sealed class GzipSource(Stream inner) : ForwardStream
{
    /// <summary>More than a decompressor reads at a time.</summary>
    private const int OneByOne = 16 * 1024;

    private readonly byte[] _window = new byte[4 * OneByOne];
    private int _start;
    private int _end;
    private byte _last;
    private bool _ended;
    private bool _endWasSeen;

    /// <summary>Whether something is left, or was just taken, that was no part of the archive. Zeros are: archives are padded with them.</summary>
    public bool HasMore()
    {
        if (_endWasSeen) return false;
        var more = _last != 0;
        while (!more && Fill())
        {
            more = _window.AsSpan(_start, _end - _start).ContainsAnyExcept((byte)0);
            _start = _end;
        }

        return more;
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        if (!Fill())
        {
            _endWasSeen = true;
            return 0;
        }

        var count = Math.Min(buffer.Length, Math.Max(1, _end - _start - OneByOne));
        _window.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        _last = buffer[count - 1];
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Holds back what may be the last bytes; false at the end.</summary>
    private bool Fill()
    {
        if (!_ended && _end - _start <= OneByOne)
        {
            _window.AsSpan(_start, _end - _start).CopyTo(_window);
            (_start, _end) = (0, _end - _start);
            var read = inner.ReadAtLeast(_window.AsSpan(_end), OneByOne + 1, throwOnEndOfStream: false);
            _ended = read <= OneByOne;
            _end += read;
        }

        return _end > _start;
    }
}
