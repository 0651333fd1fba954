namespace Stillhunt.Ingest.Blocks;

/// <summary>Reads each block on the caller's thread as it comes.</summary>
internal sealed class DirectBlocks(LogScanOptions options, IBatchedSink sink) : BlockQueue
{
    private readonly BlockReader _only = new(options, sink.NewBatch());
    private ScanCounts _counts;

    public override ScanCounts Counts => _counts;

    public override BlockReader Rent() => _only;

    public override void Return(BlockReader block)
    {
    }

    public override void Put(BlockReader block, FileReading file)
    {
        block.Assign(file, 0);
        block.Read();
        _counts += block.Settle();
    }

    public override void Drain()
    {
    }

    protected override void Dispose(bool disposing) => _only.Dispose();
}
