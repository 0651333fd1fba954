using System.Globalization;
using Stillhunt.Ingest.Blocks;
using Stillhunt.Ingest.Cutting;
using Stillhunt.Ingest.Formats;

namespace Stillhunt.Ingest;

/// <summary>Cuts the files of a scan into blocks, one file after the other, on one thread, and keeps each file's faults.</summary>
internal sealed class LogFilesScan(
    LogFiles files, LogScanOptions options, IBatchedSink sink, BlockQueue queue, Dictionary<string, IdentitySurvey> surveys, IProgress<ScanProgress>? progress)
{
    private readonly Dictionary<string, ReadingOptions> _readings = new(StringComparer.Ordinal);
    private readonly List<(FileReading? Reading, FileFault? Fault)> _faults = [];
    private readonly long _total = files.TotalBytes;
    private ScanCounts _rows;
    private long _done;

    public void Read(LogFile file, CancellationToken cancellation)
    {
        try
        {
            using var stream = file.Path == LogFile.StandardInput && options.StandardInput is { } input ? LogStream.Open(input) : LogStream.Open(file.Path);
            if (options.Mapping is not null && CsvLog.IsCsv(stream)) ReadCsv(file, stream, cancellation);
            else ReadBlocks(file, stream, cancellation);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            _faults.Add((null, new FileFault(file.Path, "file-unreadable", $"{file.Path} could not be read: {refused.Message}")));
        }

        _done += file.Length ?? 0;
    }

    /// <summary>Waits for all that was cut. Faults come in the order of the files.</summary>
    public LogScanSummary Finish()
    {
        queue.Drain();
        var counts = queue.Counts + _rows;
        return new LogScanSummary(counts.Records, counts.Exchanges, counts.Rejected, counts.Outside, counts.Content,
            [.. files.Faults, .. _faults.Select(fault => fault.Fault ?? fault.Reading?.Fault).OfType<FileFault>()]);
    }

    private void ReadBlocks(LogFile file, LogStream stream, CancellationToken cancellation)
    {
        using var cutter = new RecordCutter(stream, options.RecordLimitBytes);
        FileReading? reading = null;
        while (reading is not { IsGivenUp: true })
        {
            var block = queue.Rent();
            if (!cutter.Next(block.Block))
            {
                queue.Return(block);
                break;
            }

            if (reading is null) _faults.Add((reading = new FileReading(file, options, OptionsOf(file, block.Block)), null));
            queue.Put(block, reading);
            Report(file, stream);
            cancellation.ThrowIfCancellationRequested();
        }

        if (reading is null && cutter.Failure is null) _faults.Add((null, FileFault.Empty(file)));
        if (cutter.OpenLine is { } line && cutter.Failure is null)
            _faults.Add((null, new FileFault(file.Path, "file-broken", string.Create(CultureInfo.InvariantCulture, $"{file.Path} ends inside the object that starts in line {line:N0}: from there on nothing of it was read."))));
        if (cutter.Failure is { } broken)
            _faults.Add((null, new FileFault(file.Path, "file-broken", $"{file.Path} could not be read to its end; what stands before the break was scanned. {broken.Message}")));
    }

    /// <summary>Rows are made into records one by one: on this thread, after all that came before is settled.</summary>
    private void ReadCsv(LogFile file, LogStream stream, CancellationToken cancellation)
    {
        queue.Drain();
        var batch = sink.NewBatch();
        var filtered = new ShardSink(batch, options);
        try
        {
            var rows = new CsvLog(file, options, filtered).Run(stream, () =>
            {
                batch.Settle();
                Report(file, stream);
            }, cancellation);
            _rows += filtered.Counts with { Records = rows };
            if (rows == 0) _faults.Add((null, FileFault.Empty(file)));
        }
        catch (IOException)
        {
            // The rows before the break count.
            batch.Settle();
            _rows += filtered.Counts;
            throw;
        }
    }

    private void Report(LogFile file, LogStream stream) => progress?.Report(new ScanProgress(_done + stream.BytesTaken, _total, file.Path));

    private ReadingOptions OptionsOf(LogFile file, RecordBlock first)
    {
        var survey = surveys.GetValueOrDefault(file.Source);
        if (file.Path == LogFile.StandardInput && survey is not null)
        {
            SourceSurvey.Look(first, survey);
            return ReadingOptions.Of(options, survey);
        }

        if (!_readings.TryGetValue(file.Source, out var reading)) _readings.Add(file.Source, reading = ReadingOptions.Of(options, survey));
        return reading;
    }
}
