using System.Globalization;
using Stillhunt.Campaigns;
using Stillhunt.Checkpoints;
using Stillhunt.Cli.Files;
using Stillhunt.Cli.Output;
using Stillhunt.Ingest;
using Stillhunt.Sharing.Intel;
using ScanProgress = Stillhunt.Cli.Output.ScanProgress;

namespace Stillhunt.Cli.Commands;

/// <summary>One scan as the command line asked for it: read, detect, tell, write.</summary>
internal sealed class Scan(LogFiles files, LogScanOptions options, AccountsFile? accounts, string? part, ResultRequest request, long mostSampled, IntelRequest? intel = null)
{
    private readonly TimeProvider _time = TimeProvider.System;
    private TimeSpan _reading, _detecting;

    public int Run(CancellationToken interrupted)
    {
        var hash = request.Key();
        var total = files.Files.All(file => file.Length is not null) ? files.TotalBytes : (long?)null;
        var (observation, result) = ScanProgress.Run(Terminals.Error, _time, total, meter =>
            Interruption.Run(() => Work(hash, meter, total, interrupted), interrupted));
        var unread = ScanFaults.Tell(files, observation, options);
        if (observation.Summary.ExchangeCount == 0 && options.Shard.Count == 1)
        {
            ExitCodes.Error("Nothing was scanned: " + WhyNothing(observation.Summary));
            return ExitCodes.NoInput;
        }

        TellSpeed(observation.Summary);
        if (result is null)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Part {options.Shard.Index}/{options.Shard.Count} with {observation.Summary.ExchangeCount:N0} exchanges is in {part}; finish with: stillhunt merge PART..."));
        }
        else
        {
            ScanFaults.WarnOfOneIdentity(observation.Snapshot);
            KnownAccounts.WarnOfStrangers(accounts, observation.Snapshot);
            var written = request.Write(result, [.. files.Files.Select(file => file.Path)]);
            if (result.Intel is { } matched) IntelSummary.Tell(matched);
            if (!written) return ExitCodes.NoInput;
        }

        return unread ? ExitCodes.Partly : ExitCodes.Done;
    }

    private (Observation Observation, ScanResult? Result) Work(Sketches.KeyedHash hash, Output.IScanMeter meter, long? total, CancellationToken interrupted)
    {
        var start = _time.GetTimestamp();
        long exchanges = 0;
        IntelScan? matching = null;
        var seen = Pipeline.Observe(files, options, hash, new Bytes(p => meter.Read(p.BytesDone, exchanges)), count => exchanges = count,
            intel is null ? null : observer => matching = new IntelScan(observer, file => files.Files[file].Source, intel.Store, intel.Options), mostSampled, interrupted);
        meter.Read(total ?? 0, seen.Summary.ExchangeCount);
        _reading = _time.GetElapsedTime(start);
        var isEmpty = seen.Summary.ExchangeCount == 0;
        if (part is not null && !(isEmpty && options.Shard.Count == 1))
        {
            meter.Stage("Writing the part");
            OutputFile.Write(part, to => PartFile.Write(to, seen.Snapshot, hash));
        }

        if (part is not null || isEmpty) return (seen, null);
        start = _time.GetTimestamp();
        var result = Pipeline.Detect(seen.Snapshot, accounts, hash, meter.Stage, options.Threads, request.LeaveOut, request.Calibration);
        if (matching is not null) result = IntelEvidence.Add(result, matching.Finish(result, id => accounts?.Records.GetValueOrDefault(id.Id)));
        _detecting = _time.GetElapsedTime(start);
        return (seen, result);
    }

    private static string WhyNothing(LogScanSummary summary) => summary.OutsideCount > 0
        ? string.Create(CultureInfo.InvariantCulture, $"all {summary.OutsideCount:N0} exchanges that were read lie outside the time that --since and --until leave.")
        : "no exchange could be read. 'stillhunt inspect LOG' says what was recognised, 'stillhunt formats' what is read.";

    private void TellSpeed(LogScanSummary summary)
    {
        var rate = summary.ExchangeCount / Math.Max(_reading.TotalSeconds, 0.001);
        var detecting = part is null ? string.Create(CultureInfo.InvariantCulture, $", found campaigns in {_detecting.TotalSeconds:0.0} s") : "";
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Read {summary.ExchangeCount:N0} exchanges in {_reading.TotalSeconds:0.0} s ({rate:N0} a second){detecting}."));
    }

    /// <summary>Tells on the calling thread; the framework's own would post to another.</summary>
    private sealed class Bytes(Action<Ingest.ScanProgress> told) : IProgress<Ingest.ScanProgress>
    {
        public void Report(Ingest.ScanProgress value) => told(value);
    }
}
