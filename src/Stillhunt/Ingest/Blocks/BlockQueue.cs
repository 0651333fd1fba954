namespace Stillhunt.Ingest.Blocks;

/// <summary>Where cut blocks go. Reading one needs nothing of any other; what they hold is handed over in their order.</summary>
internal abstract class BlockQueue : IDisposable
{
    /// <summary>Where everything went that was settled.</summary>
    public abstract ScanCounts Counts { get; }

    /// <summary>An empty block to fill; waits until one is free.</summary>
    public abstract BlockReader Rent();

    /// <summary>Gives a block back that was not filled.</summary>
    public abstract void Return(BlockReader block);

    /// <summary>Hands over a filled block of a file.</summary>
    public abstract void Put(BlockReader block, FileReading file);

    /// <summary>Waits until all that was put is settled.</summary>
    public abstract void Drain();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    /// <param name="threads">1 reads on the caller's thread.</param>
    public static BlockQueue Start(LogScanOptions options, IBatchedSink sink, int threads, CancellationToken cancellation) =>
        threads == 1 ? new DirectBlocks(options, sink) : new ParallelBlocks(options, sink, threads, cancellation);
}
