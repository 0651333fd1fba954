using Stillhunt.Ingest.Blocks;

namespace Stillhunt.Ingest;

/// <summary>Reads all files of a scan in their order and hands each exchange, refusal and dropped field to a sink.</summary>
public static class LogScan
{
    /// <param name="files">What to read.</param>
    /// <param name="options">How; <see cref="LogScanOptions.Threads"/> does not count here.</param>
    /// <param name="sink">Takes what is read, on the calling thread.</param>
    /// <param name="progress">Told after each block of about a megabyte; null for silence.</param>
    /// <param name="cancellation">Ends the scan between blocks.</param>
    public static LogScanSummary Run(
        LogFiles files, LogScanOptions options, IExchangeSink sink, IProgress<ScanProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sink);
        return RunBatched(files, options with { Threads = 1 }, new DirectBatch(sink), progress, cancellation);
    }

    /// <summary>As for a sink, with as many threads as the options say; what is read and in which order does not depend on their number.</summary>
    internal static LogScanSummary RunBatched(
        LogFiles files, LogScanOptions options, IBatchedSink sink, IProgress<ScanProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        var surveys = SurveyIsNeeded(options) ? SourceSurvey.Run(files, options, cancellation) : [];
        using var queue = BlockQueue.Start(options, sink, options.Threads, cancellation);
        var scan = new LogFilesScan(files, options, sink, queue, surveys, progress);
        foreach (var file in files.Files)
        {
            cancellation.ThrowIfCancellationRequested();
            scan.Read(file, cancellation);
        }

        return scan.Finish();
    }

    private static bool SurveyIsNeeded(LogScanOptions options) =>
        options.AccountField is null && options.Mapping is null && (options.Format is null || options.Format == LogFormats.Bedrock || options.Format == LogFormats.Helicone);
}
