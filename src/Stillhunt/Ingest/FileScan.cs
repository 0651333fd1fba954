using Stillhunt.Ingest.Cutting;
using Stillhunt.Ingest.Formats;

namespace Stillhunt.Ingest;

/// <summary>Reads one file, block by block.</summary>
internal sealed class FileScan(LogFile file, LogScanOptions options, IdentitySurvey? survey, ShardSink sink, List<FileFault> faults)
{
    /// <summary>Returns the number of records.</summary>
    public long Run(RecordCutter cutter, RecordBlock block, Action report, CancellationToken cancellation)
    {
        RecordReading? records = null;
        var nearest = new NearestFormat();
        long count = 0;
        while (cutter.Next(block))
        {
            if (records is null)
            {
                if (file.Path == LogFile.StandardInput && survey is not null) SourceSurvey.Look(block, survey);
                records = new RecordReading(ReadingOptions.Of(options, survey), options.Format);
            }

            for (var i = 0; i < block.Count; i++)
            {
                var slice = block[i];
                var bytes = block.BytesOf(slice);
                var position = new LogPosition(file.Index, slice.Line);
                count++;
                sink.Begin(bytes);
                var fault = slice.Length > options.RecordLimitBytes ? RecordScanner.TooLong : slice.Fault;
                if (fault is not null)
                {
                    sink.Reject(new Rejection(fault, null), position);
                    continue;
                }

                records.Read(bytes, sink, position);
                if (!records.Recognised) nearest.Look(bytes);
                if (records.Last is (true, var format)) options.Recognised?.Invoke(format);
                if (count >= options.StopAfterRecords) return count;
            }

            report();
            cancellation.ThrowIfCancellationRequested();
            if (!records.Recognised && count >= options.UnknownLimit) break;
        }

        if (count > 0 && records is { Recognised: false }) faults.Add(new FileFault(file.Path, "unknown-format", nearest.Explain(file.Path)));
        return count;
    }
}
