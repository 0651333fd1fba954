using Stillhunt.Campaigns;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Sketches;

namespace Stillhunt;

/// <summary>What observing yielded: the mergeable state, and what a reader wants to be told of the files.</summary>
public sealed record Observation(
    Snapshot Snapshot,
    LogScanSummary Summary,
    IReadOnlyDictionary<(string Reason, string? Field), List<LogPosition>> FirstRejected,
    IReadOnlyDictionary<string, List<LogPosition>> FirstDropped);

/// <summary>
/// The whole path: bytes -> exchanges -> fingerprints -> profiles (<see cref="Observe"/>), then profiles -> links -> campaigns
/// (<see cref="Detect"/>). What lies between the two, a <see cref="Snapshot"/>, is what parts merge.
/// </summary>
public static class Pipeline
{
    /// <param name="progress">Told after each block of about a megabyte.</param>
    /// <param name="through">Puts something before the observer that looks at every exchange on its way, or null.</param>
    /// <param name="mostSampled">Exchanges that the samples of all accounts and days hold together at most.</param>
    public static Observation Observe(
        LogFiles files, LogScanOptions options, KeyedHash hash, IProgress<ScanProgress>? progress = null, Action<long>? exchanges = null,
        Func<Observer, IExchangeSink>? through = null, long mostSampled = Snapshot.MostSampled, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(options);
        var observer = new Observer(hash, TextClassifier.Shipped, file => files.Files[file].Source, mostSampled, AccountDay.CloseSampleSize);
        var told = progress is null ? null : new Relay(progress, () => exchanges?.Invoke(observer.ExchangeCount));
        // What looks at each exchange as it passes needs them one by one.
        var summary = through is null
            ? LogScan.RunBatched(files, options, observer, told, cancellation)
            : LogScan.Run(files, options, through(observer), told, cancellation);
        var snapshot = observer.Finish(options.Shard);
        if (options.Shard.Count > 1) snapshot.Shards.Add((ScanOf(summary, options, hash), options.Shard.Count, options.Shard.Index));
        snapshot.Unread.UnionWith(summary.Faults.Where(fault => fault.IsLoss).Select(fault => (fault.Path, fault.Reason)));
        return new Observation(snapshot, summary, observer.FirstRejected, observer.FirstDropped);
    }

    /// <summary>Names a scan by what all of its shards have in common wherever they are made: the records that there are and the span of time, not the paths and the order of the files.</summary>
    private static ulong ScanOf(LogScanSummary summary, LogScanOptions options, KeyedHash hash) =>
        hash.Of(hash.Of(summary.Content, (ulong)(options.SinceMs ?? long.MinValue)), (ulong)(options.UntilMs ?? long.MaxValue));

    /// <param name="accounts">What the provider knows of its accounts, or null.</param>
    /// <param name="stage">Told what is being done.</param>
    /// <param name="threads">That may work at once; the result is the same with any number.</param>
    /// <param name="leaveOut">Kinds of evidence that may play no part (<see cref="EvidenceKinds.All"/>), or null.</param>
    /// <param name="calibration">At which prevalence confidences are to hold; null for that of the traffic that they were calibrated on.</param>
    public static ScanResult Detect(
        Snapshot snapshot, AccountsFile? accounts, KeyedHash hash, Action<string>? stage = null, int threads = 1, IReadOnlySet<string>? leaveOut = null,
        Calibration? calibration = null) =>
        Detector.Detect(snapshot, id => accounts?.Records.GetValueOrDefault(id.Id), hash, stage, threads, leaveOut, calibration);

    /// <summary>Parts, in any order, some given twice -> one state.</summary>
    /// <param name="mostSampled">As for <see cref="Observe"/>.</param>
    /// <param name="overlapping">Told of each part, by its place, that holds exchanges which parts before it hold too: how many of how many sampled ones (<see cref="Snapshot.SharedWith"/>). They are counted twice.</param>
    /// <exception cref="InvalidOperationException">Parts overlap without being the same.</exception>
    public static Snapshot Merge(IEnumerable<Snapshot> parts, long mostSampled = Snapshot.MostSampled, Action<int, long, long>? overlapping = null)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var whole = new Snapshot(AccountDay.CloseSampleSize);
        var place = 0;
        foreach (var part in parts)
        {
            if (overlapping is not null && whole.SharedWith(part) is (> 0 and var shared, var sampled)) overlapping(place, shared, sampled);
            place++;
            whole.Absorb(part);
            whole.FitSamples(mostSampled);
        }

        return whole;
    }

    /// <summary>Reports on the calling thread, in order; <see cref="Progress{T}"/> would post to another.</summary>
    private sealed class Relay(IProgress<ScanProgress> to, Action also) : IProgress<ScanProgress>
    {
        public void Report(ScanProgress value)
        {
            also();
            to.Report(value);
        }
    }
}
