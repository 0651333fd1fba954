using Stillhunt.Ingest.Cutting;
using Stillhunt.Ingest.Formats;

namespace Stillhunt.Ingest.Blocks;

/// <summary>
/// What is known of one file of the scan while its blocks are read. Written by whoever settles its blocks, in their order, so that a file is given
/// up at the same block however many threads read.
/// </summary>
internal sealed class FileReading(LogFile file, LogScanOptions options, ReadingOptions reading)
{
    private NearestFormat? _nearest;
    private long _records;
    private bool _recognised;
    private volatile bool _givenUp;

    public LogFile File { get; } = file;

    /// <summary>What readers are told; the same instance for all files of a source, so that a thread need not make new readers.</summary>
    public ReadingOptions Options { get; } = reading;

    /// <summary>Nothing further of the file counts: enough of it is of no known format, or as many records as asked for were read.</summary>
    public bool IsGivenUp => _givenUp;

    /// <summary>Records that may still be read.</summary>
    public long Left => options.StopAfterRecords - _records;

    /// <summary>The file's fault if none of its records is of a known format, or null.</summary>
    public FileFault? Fault =>
        _records > 0 && !_recognised ? new FileFault(File.Path, "unknown-format", (_nearest ?? new NearestFormat()).Explain(File.Path, options)) : null;

    /// <summary>Takes note of a block that was read; false where the file was given up before it, and the block does not count.</summary>
    /// <param name="block">The block.</param>
    /// <param name="read">How many of its records were read.</param>
    /// <param name="firstRecognised">The first of them that is of a known format; -1 for none.</param>
    public bool TrySettle(RecordBlock block, int read, int firstRecognised)
    {
        if (_givenUp) return false;
        _records += read;
        if (!_recognised) Look(block, firstRecognised < 0 ? read : firstRecognised);
        _recognised |= firstRecognised >= 0;
        _givenUp = (!_recognised && _records >= options.UnknownLimit) || Left <= 0;
        return true;
    }

    private void Look(RecordBlock block, int count)
    {
        _nearest ??= new NearestFormat();
        for (var i = 0; i < count; i++)
        {
            var record = block[i];
            if (BlockReader.FaultOf(record, options) is null) _nearest.Look(block.BytesOf(record));
        }
    }
}
