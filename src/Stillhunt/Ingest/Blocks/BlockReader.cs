using Stillhunt.Ingest.Cutting;
using Stillhunt.Ingest.Formats;

namespace Stillhunt.Ingest.Blocks;

/// <summary>A block, the readers that read it, and the batch that takes what it holds. One thread at a time works with it.</summary>
internal sealed class BlockReader(LogScanOptions options, IExchangeBatch batch) : IDisposable
{
    private readonly ShardSink _sink = new(batch, options);
    private RecordReading? _records;
    private ReadingOptions? _recordsOptions;
    private FileReading? _file;
    private int _read;
    private int _firstRecognised;

    public RecordBlock Block { get; } = new(options.BlockBytes);

    /// <summary>Its place among the blocks of the scan.</summary>
    public long Sequence { get; private set; }

    public static string? FaultOf(in RecordSlice record, LogScanOptions options) =>
        record.Length > options.RecordLimitBytes ? RecordScanner.TooLong : record.Fault;

    /// <summary>Says which file the block was cut from.</summary>
    public void Assign(FileReading file, long sequence)
    {
        _file = file;
        Sequence = sequence;
    }

    /// <summary>Reads the block's records into the batch.</summary>
    public void Read()
    {
        var file = _file!;
        _read = 0;
        _firstRecognised = -1;
        _sink.Restart();
        if (file.IsGivenUp) return;
        if (_records is null || !ReferenceEquals(_recordsOptions, file.Options)) (_records, _recordsOptions) = (new RecordReading(file.Options, options.Format), file.Options);
        var count = (int)Math.Min(Block.Count, file.Left);
        for (; _read < count; _read++)
        {
            var slice = Block[_read];
            var bytes = Block.BytesOf(slice);
            var position = new LogPosition(file.File.Index, slice.Line);
            _sink.Begin(bytes);
            if (FaultOf(slice, options) is { } fault)
            {
                _sink.Reject(new Rejection(fault, null), position);
                continue;
            }

            _records.Read(bytes, _sink, position);
            if (_records.Last is not (true, var format)) continue;
            if (_firstRecognised < 0) _firstRecognised = _read;
            options.Recognised?.Invoke(format);
        }
    }

    /// <summary>Hands over what was read, in the order of the log; returns what of it counts.</summary>
    public ScanCounts Settle()
    {
        if (_file!.TrySettle(Block, _read, _firstRecognised))
        {
            batch.Settle();
            return _sink.Counts with { Records = _read };
        }

        batch.Forget();
        return default;
    }

    public void Dispose() => Block.Dispose();
}
