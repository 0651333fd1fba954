using System.Collections.Concurrent;
using System.Numerics;
using System.Text;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Ingest.Blocks;
using Stillhunt.Sketches;

namespace Stillhunt.Profiles;

/// <summary>
/// Exchanges -> <see cref="Snapshot"/>. Of exchanges with one id in one source the first counts, as long as fewer than
/// <see cref="SeenIds.Window"/> others came in between; a sample never holds an id twice.
/// </summary>
/// <param name="sourceOf">Name of the source that a file (by its index) belongs to.</param>
/// <param name="mostSampled">Exchanges that all samples hold together at most (<see cref="Snapshot.MostSampled"/>).</param>
/// <param name="sampleCap">Exchanges that the sample of an account and day holds at most, to begin with.</param>
/// <param name="numbered">Whether the line of a position is a number that no other record ever has: then equal exchanges without an id are told apart by it.</param>
public sealed class Observer(KeyedHash hash, TextClassifier classifier, Func<int, string> sourceOf, long mostSampled = long.MaxValue, int sampleCap = AccountDay.SampleSize, bool numbered = false) : IExchangeSink, IBatchedSink
{
    /// <summary>Reasons, and dropped fields, of which the first positions are kept.</summary>
    private const int MostReasons = 100;

    private readonly SeenIds _seen = new();
    private readonly long[] _present = new long[WatchedFields.Names.Count];
    private readonly Dictionary<(string Reason, string? Field), List<LogPosition>> _firstRejected = [];
    private readonly Dictionary<string, List<LogPosition>> _firstDropped = new(StringComparer.Ordinal);
    // A thread's tables of known words and texts serve all blocks that it reads, so that they stay in its caches and it learns each text once.
    private readonly ConcurrentDictionary<int, Fingerprinter> _fingerprinters = [];
    private ObservedBatch? _own;
    private ulong _ids;
    private long _exchangeCount, _sampledCount;

    public Snapshot Snapshot { get; } = new(sampleCap);

    /// <summary>Where the first few records of each reason stood.</summary>
    public IReadOnlyDictionary<(string Reason, string? Field), List<LogPosition>> FirstRejected => _firstRejected;

    /// <summary>Exchanges so far, duplicates not counted; may be asked for from any thread.</summary>
    public long ExchangeCount => Interlocked.Read(ref _exchangeCount);

    /// <summary>Where the first few records stood of which each field was dropped.</summary>
    public IReadOnlyDictionary<string, List<LogPosition>> FirstDropped => _firstDropped;

    internal bool IsNumbered => numbered;

    internal SampleThresholds Thresholds { get; } = new();

    /// <summary>For callers with one thread and one exchange at a time.</summary>
    public void Accept(Exchange exchange, LogPosition position)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        Own.Accept(exchange, position);
        Own.Settle();
    }

    public void Reject(Rejection rejection, LogPosition position)
    {
        Own.Reject(rejection, position);
        Own.Settle();
    }

    public void DroppedField(string field, LogPosition position)
    {
        Own.DroppedField(field, position);
        Own.Settle();
    }

    IExchangeBatch IBatchedSink.NewBatch() => new ObservedBatch(this, hash);

    /// <summary>The calling thread's.</summary>
    internal Fingerprinter OwnFingerprinter() => _fingerprinters.GetOrAdd(Environment.CurrentManagedThreadId, _ => new Fingerprinter(hash, classifier));

    internal string SourceOf(int file) => sourceOf(file);

    /// <summary>Adds a batch to the snapshot; batches come in the order of the log.</summary>
    internal void Take(ObservedBatch batch)
    {
        foreach (var (name, text) in batch.Names) Snapshot.Name(name, text);
        foreach (var (key, (count, first)) in batch.Rejected) TakeRejected(key, count, first);
        foreach (var (field, (count, first)) in batch.DroppedFields)
        {
            Snapshot.Count(Snapshot.DroppedFields, field, count);
            Keep(_firstDropped, field, first);
        }

        var account = 0;
        var counted = 0;
        foreach (ref var observed in batch.Exchanges)
        {
            if (observed.HasId && !_seen.Add(observed.Print.Id))
            {
                Snapshot.DuplicateCount++;
            }
            else
            {
                Take(ref observed, batch.Accounts[account..observed.AccountEnd]);
                counted++;
            }

            account = observed.AccountEnd;
        }

        Interlocked.Add(ref _exchangeCount, counted);
    }

    /// <summary>
    /// Hands the counts over to the snapshot; call once after the last exchange. The segment is named by what was read, so the same
    /// part made twice is known to be the same.
    /// </summary>
    public Snapshot Finish(Shard shard)
    {
        for (var i = 0; i < _present.Length; i++)
            if (_present[i] > 0) Snapshot.Count(Snapshot.Present, WatchedFields.Names[i], _present[i]);
        Array.Clear(_present);
        Snapshot.MarkSegment(hash.Of(hash.Of(_ids, (ulong)ExchangeCount), ((ulong)shard.Count << 32) | (uint)shard.Index));
        return Snapshot;
    }

    private ObservedBatch Own => _own ??= new ObservedBatch(this, hash, new Fingerprinter(hash, classifier));

    private void Take(ref ObservedExchange observed, ReadOnlySpan<byte> account)
    {
        var print = observed.Print;
        _ids += print.Id;
        for (var bits = observed.Fields; bits != 0; bits &= bits - 1) _present[BitOperations.TrailingZeroCount(bits)]++;
        if (!Snapshot.Accounts.TryGetValue(print.Account, out var profile))
        {
            profile = new AccountProfile(new AccountId(observed.Source, Encoding.UTF8.GetString(account)));
            Snapshot.Accounts.Add(print.Account, profile);
        }

        var day = profile.DayOf(print.TimeMs);
        if (!day.Add(print, out var displaced, Snapshot.SampleCap)) return;
        observed.Print = displaced!;
        if (displaced is null && ++_sampledCount > Snapshot.RoomFor(mostSampled) && Snapshot.SampleCap > 1) _sampledCount = Snapshot.FitSamples(mostSampled);
        if (day.KeepsBelow == ulong.MaxValue) return;
        day.Key = SampleThresholds.KeyOf(print.Account, print.TimeMs);
        Thresholds.Note(day);
    }

    private void TakeRejected((string Reason, string? Field) key, long count, List<LogPosition> first)
    {
        Snapshot.Count(Snapshot.Rejected, key.Reason, count);
        Keep(_firstRejected, key, first);
    }

    private static void Keep<T>(Dictionary<T, List<LogPosition>> positions, T key, List<LogPosition> first) where T : notnull
    {
        if (!positions.TryGetValue(key, out var kept))
        {
            if (positions.Count == MostReasons) return;
            positions.Add(key, kept = []);
        }

        kept.AddRange(first.Take(ObservedBatch.FirstPositions - kept.Count));
    }
}
