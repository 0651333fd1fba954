using Stillhunt.Ingest.Cutting;

namespace Stillhunt.Ingest;

/// <summary>How logs are read.</summary>
public sealed record LogScanOptions
{
    /// <summary>The only format to read; null (the default) recognises each record by its structure.</summary>
    public LogFormat? Format { get; init; }

    /// <summary>Reads logs of no known format; replaces <see cref="Format"/>. Default none.</summary>
    public MappingFile? Mapping { get; init; }

    /// <summary>A dotted path to the account, in place of each format's own rule; or several with commas between, of which the first that a record fills counts. A record that fills none is refused. Default none.</summary>
    public string? AccountField { get; init; }

    /// <summary>Exchanges before this time are passed over; milliseconds since 1970 UTC. Default none.</summary>
    public long? SinceMs { get; init; }

    /// <summary>Exchanges at or after this time are passed over; milliseconds since 1970 UTC. Default none.</summary>
    public long? UntilMs { get; init; }

    /// <summary>The part of the records to keep. Default all.</summary>
    public Shard Shard { get; init; } = Shard.Whole;

    /// <summary>Bytes of the longest record; a longer one is refused, and memory grows to about three times this. Default 64 MiB.</summary>
    public int RecordLimitBytes { get; init; } = 64 << 20;

    /// <summary>Records of an unknown format after which a file is given up where it held none of a known one. Default 10,000.</summary>
    public int UnknownLimit { get; init; } = 10_000;

    /// <summary>Threads that read; they change the speed and never the result. Default as many as there are processors.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes of a block, the unit of work of a thread; a longer record makes its block larger. Default 1 MiB.</summary>
    internal int BlockBytes { get; init; } = RecordBlock.NormalBytes;

    /// <summary>What <c>-</c> reads. Default the process's own standard input.</summary>
    public Stream? StandardInput { get; init; }

    /// <summary>Records of each file to look at; the rest is left. For an inspection, with one thread.</summary>
    internal long StopAfterRecords { get; init; } = long.MaxValue;

    /// <summary>Told the format of each record that was of one. For an inspection, with one thread.</summary>
    internal Action<LogFormat?>? Recognised { get; init; }

    internal bool Wants(long timeMs) => !(timeMs < SinceMs) && !(timeMs >= UntilMs);
}

/// <summary>How far a scan is.</summary>
/// <param name="BytesDone">Bytes taken from the files, compressed as they are.</param>
/// <param name="BytesTotal">Bytes of all files whose length is known.</param>
/// <param name="Path">The file at hand.</param>
public readonly record struct ScanProgress(long BytesDone, long BytesTotal, string Path);

/// <summary>What a scan read.</summary>
/// <param name="RecordCount">Records cut from the files, of all shards.</param>
/// <param name="ExchangeCount">Exchanges handed on.</param>
/// <param name="RejectedCount">Records refused, in this shard.</param>
/// <param name="OutsideCount">Exchanges passed over because of their time, in this shard.</param>
/// <param name="Content">Sum of the hashes of all records, of all shards: the same for each shard of the same files. 0 where the scan is not cut into shards.</param>
/// <param name="Faults">Files that could not be read or not to their end.</param>
public sealed record LogScanSummary(long RecordCount, long ExchangeCount, long RejectedCount, long OutsideCount, ulong Content, IReadOnlyList<FileFault> Faults);
