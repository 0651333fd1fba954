namespace Stillhunt.Ingest.Cutting;

/// <summary>
/// Cuts a stream into blocks of whole records: lines, or JSON documents where the first bytes show that records span lines. Memory
/// is bounded by one block plus the longest record that the limit allows.
/// </summary>
internal sealed class RecordCutter : IDisposable
{
    private readonly Stream _stream;
    private readonly int _limit;
    private RecordScanner? _scanner;
    private byte[] _carry = [];
    private int _carried;
    private bool _ended;

    /// <param name="stream">Decompressed bytes; stays the caller's.</param>
    /// <param name="limit">Bytes of the longest record; longer ones are reported with a fault and skipped.</param>
    public RecordCutter(Stream stream, int limit)
    {
        _stream = stream;
        _limit = limit;
    }

    /// <summary>What stopped the stream before its end (a broken archive), once the records before it were given out.</summary>
    public IOException? Failure { get; private set; }

    /// <inheritdoc cref="RecordScanner.OpenLine"/>
    public long? OpenLine => _scanner?.OpenLine;

    /// <summary>Fills the block with the next records; false at the end.</summary>
    public bool Next(RecordBlock block)
    {
        block.Reset();
        if (_ended) return false;
        if (_carried > block.Capacity) block.Grow(_carried);
        _carry.AsSpan(0, _carried).CopyTo(block.Buffer);
        block.Filled = _carried;
        var scanned = _carried;
        while (true)
        {
            var final = !Fill(block);
            if (_scanner is null)
            {
                scanned = SkipByteOrderMark(block);
                _scanner = RecordShape.SpansLines(block.Buffer.AsSpan(0, block.Filled), final) ? new DocumentScanner() : new LineScanner();
            }

            var open = _scanner.Scan(block, scanned, final);
            if (final || block.Count > 0)
            {
                _ended = final;
                Keep(block, open);
                return block.Count > 0 || !final;
            }

            if (open > 0)
            {
                // Only blank space before the record: move it down.
                block.Buffer.AsSpan(open, block.Filled - open).CopyTo(block.Buffer);
                block.Filled -= open;
                _scanner.Moved(open);
            }

            if (block.Filled >= _limit) _scanner.Discard(block);
            else if (block.Filled >= block.Capacity) block.Grow(Math.Min(_limit + 1, block.Capacity * 2));
            scanned = block.Filled;
        }
    }

    public void Dispose() => _carry = [];

    /// <summary>Reads until the buffer is full; false once the stream is at its end or broken.</summary>
    private bool Fill(RecordBlock block)
    {
        try
        {
            while (block.Filled < block.Capacity)
            {
                var read = _stream.Read(block.Buffer, block.Filled, block.Capacity - block.Filled);
                if (read == 0) return false;
                block.Filled += read;
            }

            return true;
        }
        catch (IOException broken)
        {
            Failure = broken;
            return false;
        }
    }

    private void Keep(RecordBlock block, int open)
    {
        _carried = block.Filled - open;
        if (_carry.Length < _carried || _carry.Length > 4 * RecordBlock.NormalBytes) _carry = new byte[Math.Max(_carried, 64 * 1024)];
        block.Buffer.AsSpan(open, _carried).CopyTo(_carry);
        _scanner!.Moved(open);
    }

    private static int SkipByteOrderMark(RecordBlock block)
    {
        var start = block.Buffer.AsSpan(0, block.Filled);
        if (start.StartsWith("\uFEFF"u8)) start[..3].Fill((byte)' ');
        return 0;
    }
}
