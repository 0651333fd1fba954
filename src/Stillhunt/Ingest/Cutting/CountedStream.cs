namespace Stillhunt.Ingest.Cutting;

/// <summary>Counts what is read, for progress, and lets the first bytes be looked at before, also on a pipe.</summary>
internal sealed class CountedStream(Stream inner) : ForwardStream
{
    private readonly byte[] _head = new byte[4];
    private int _peeked;
    private int _given;
    private long _taken;

    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>The first bytes, four at most. Only before the first read.</summary>
    public ReadOnlySpan<byte> Peek()
    {
        if (_peeked == 0) _peeked = inner.ReadAtLeast(_head, _head.Length, throwOnEndOfStream: false);
        return _head.AsSpan(0, _peeked);
    }

    public override int Read(Span<byte> buffer)
    {
        var read = Math.Min(buffer.Length, _peeked - _given);
        if (read > 0)
        {
            _head.AsSpan(_given, read).CopyTo(buffer);
            _given += read;
        }
        else
        {
            read = inner.Read(buffer);
        }

        Interlocked.Add(ref _taken, read);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
