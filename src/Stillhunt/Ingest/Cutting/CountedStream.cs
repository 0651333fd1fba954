namespace Stillhunt.Ingest.Cutting;

/// <summary>Counts what is read, for progress, and lets the first bytes be looked at before, also on a pipe.</summary>
internal sealed class CountedStream(Stream inner) : Stream
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

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
