namespace Stillhunt.Ingest.Blocks;

/// <summary>
/// One thread's end of a sink. It takes what the thread reads of one block and keeps it for itself; only <see cref="Settle"/> touches what
/// all threads share.
/// </summary>
internal interface IExchangeBatch : IExchangeSink
{
    /// <summary>
    /// Hands over what was taken since the last call, after which the batch is empty. Called for block after block in the order of the log, by
    /// one thread at a time: so the result is that of reading with one thread.
    /// </summary>
    void Settle();

    /// <summary>Forgets what was taken: the block turned out not to belong to the scan.</summary>
    void Forget();
}

/// <summary>A sink that several threads may fill.</summary>
internal interface IBatchedSink
{
    /// <summary>A batch that serves one block at a time; as many are made as blocks are under way.</summary>
    IExchangeBatch NewBatch();
}
