using Stillhunt.Ingest.Cutting;

namespace Stillhunt.Ingest;

/// <summary>Reads all files of a scan in their order and hands each exchange, refusal and dropped field to a sink.</summary>
public static class LogScan
{
    /// <param name="files">What to read.</param>
    /// <param name="options">How.</param>
    /// <param name="sink">Takes what is read, on the calling thread.</param>
    /// <param name="progress">Told after each block of about a megabyte; null for silence.</param>
    /// <param name="cancellation">Ends the scan between blocks.</param>
    public static LogScanSummary Run(
        LogFiles files, LogScanOptions options, IExchangeSink sink, IProgress<ScanProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sink);
        var faults = new List<FileFault>(files.Faults);
        var filtered = new ShardSink(sink, options);
        var total = files.TotalBytes;
        long done = 0, records = 0;
        using var block = new RecordBlock();
        var surveys = SurveyIsNeeded(options) ? SourceSurvey.Run(files, options, cancellation) : [];
        foreach (var file in files.Files)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                using var stream = file.Path == LogFile.StandardInput && options.StandardInput is { } input ? LogStream.Open(input) : LogStream.Open(file.Path);
                if (options.Mapping is not null && CsvLog.IsCsv(stream))
                {
                    records += new CsvLog(file, options, filtered).Run(stream, () => progress?.Report(new ScanProgress(done + stream.BytesTaken, total, file.Path)), cancellation);
                    done += file.Length ?? 0;
                    continue;
                }

                using var cutter = new RecordCutter(stream, options.RecordLimitBytes);
                records += new FileScan(file, options, surveys.GetValueOrDefault(file.Source), filtered, faults)
                    .Run(cutter, block, () => progress?.Report(new ScanProgress(done + stream.BytesTaken, total, file.Path)), cancellation);
                if (cutter.Failure is { } broken)
                    faults.Add(new FileFault(file.Path, "file-broken", $"{file.Path} could not be read to its end; what stands before the break was scanned. {broken.Message}"));
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                faults.Add(new FileFault(file.Path, "file-unreadable", $"{file.Path} could not be read: {refused.Message}"));
            }

            done += file.Length ?? 0;
        }

        return new LogScanSummary(records, filtered.ExchangeCount, filtered.RejectedCount, filtered.OutsideCount, faults);
    }

    private static bool SurveyIsNeeded(LogScanOptions options) =>
        options.AccountField is null && options.Mapping is null && (options.Format is null || options.Format == LogFormats.Bedrock || options.Format == LogFormats.Helicone);
}
