namespace Stillhunt.Ingest.Cutting;

/// <summary>One record a line. Blank lines are none; a carriage return at the end is not part of the record.</summary>
internal sealed class LineScanner : RecordScanner
{
    private long _line = 1;
    private bool _discarding;
    private int _keptOfDiscarded;

    public override int Scan(RecordBlock block, int scanned, bool final)
    {
        var start = _discarding ? _keptOfDiscarded : 0;
        if (scanned < start) scanned = start;
        while (true)
        {
            var newline = block.Buffer.AsSpan(scanned, block.Filled - scanned).IndexOf((byte)'\n');
            if (newline < 0) break;
            End(block, start, scanned + newline);
            scanned += newline + 1;
            start = scanned;
            _line++;
        }

        if (_discarding)
        {
            // Nothing but the kept first bytes of the discarded line is in the buffer.
            if (!final)
            {
                block.Filled = _keptOfDiscarded;
                return 0;
            }

            End(block, start, block.Filled);
            return block.Filled;
        }

        if (!final || start == block.Filled) return start;
        End(block, start, block.Filled);
        return block.Filled;
    }

    public override void Discard(RecordBlock block)
    {
        _discarding = true;
        _keptOfDiscarded = Math.Min(KeptOfFaulty, block.Filled);
        block.Filled = _keptOfDiscarded;
    }

    public override void Moved(int by)
    {
    }

    private void End(RecordBlock block, int start, int end)
    {
        if (_discarding)
        {
            _discarding = false;
            block.Add(new RecordSlice(0, _keptOfDiscarded, _line, TooLong));
            return;
        }

        while (end > start && block.Buffer[end - 1] is (byte)'\r' or (byte)' ' or (byte)'\t') end--;
        while (start < end && block.Buffer[start] is (byte)' ' or (byte)'\t') start++;
        if (end > start) block.Add(new RecordSlice(start, end - start, _line, null));
    }
}
