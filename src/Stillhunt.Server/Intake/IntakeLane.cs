using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Ingest.Cutting;
using Stillhunt.Ingest.Formats;
using Stillhunt.Profiles;
using Stillhunt.Server.Detection;
using Stillhunt.Server.Sharing;
using Stillhunt.Server.Store;
using Stillhunt.Sketches;

namespace Stillhunt.Server.Intake;

/// <summary>
/// The one way in. Bodies wait in a queue with a bound in bytes; one thread takes what waits together, reads it, and commits it in one
/// transaction, so that the price of being durable is shared. Only then is each body answered, and the batch handed to detection.
/// </summary>
internal sealed partial class IntakeLane : IDisposable
{
    /// <summary>Bytes taken into one transaction: some tenths of a second of work.</summary>
    private const long BatchBytes = 8 << 20;

    private const int BatchBodies = 1024;

    private const long DayMs = 86_400_000;

    /// <summary>Batches are folded when they hold this much: bounds what a restart has to read again.</summary>
    private const long FoldBytes = 64 << 20;

    private readonly IStore _store;
    private readonly KeyedHash _hash;
    private readonly TimeProvider _time;
    private readonly ServeLimits _limits;
    private readonly Counters _counters;
    private readonly Action<Snapshot> _taken;
    private readonly ILogger _log;
    private readonly IntelBook? _intel;
    private readonly SuccessionWatch? _succession;
    private readonly RecordBlock _block = new();
    private readonly Dictionary<LogFormat, RecordReading> _readings = [];
    private readonly RecordReading _anyFormat;
    private readonly ReadingOptions _options;
    private readonly Channel<IntakeRequest> _waiting = Channel.CreateUnbounded<IntakeRequest>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Thread _thread;
    private long _waitingBytes;
    private long _place;
    private long _newestMs;

    /// <param name="taken">Given each batch once it is durable, in order, on the lane's thread.</param>
    /// <param name="intel">Looks for indicators of others in what comes in, or null.</param>
    /// <param name="succession">Looks for known campaigns' prompts in what comes in, or null.</param>
    /// <param name="accountField">Dotted path to the account in place of each format's own rule, or null.</param>
    public IntakeLane(IStore store, KeyedHash hash, TimeProvider time, ServeLimits limits, Counters counters, Action<Snapshot> taken, ILogger log, string? accountField = null, IntelBook? intel = null, SuccessionWatch? succession = null)
    {
        (_store, _hash, _time, _limits, _counters, _taken, _log) = (store, hash, time, limits, counters, taken, log);
        (_intel, _succession) = (intel, succession);
        _options = ReadingOptions.Of(new LogScanOptions { AccountField = accountField }, null);
        _anyFormat = new RecordReading(_options, null);
        _place = time.GetUtcNow().ToUnixTimeMilliseconds() << 20;
        _thread = new Thread(Work) { Name = "intake", IsBackground = true };
    }

    /// <summary>Bytes that wait to be taken in.</summary>
    public long WaitingBytes => Interlocked.Read(ref _waitingBytes);

    /// <param name="newestMs">Time of the newest exchange in the store, 0 if it is empty.</param>
    public void Start(long newestMs)
    {
        _newestMs = newestMs;
        _thread.Start();
    }

    /// <summary>Takes a body if there is room for it. False: the caller has to come again later.</summary>
    public bool TryAdd(IntakeRequest request)
    {
        if (Interlocked.Add(ref _waitingBytes, request.Body.Length) <= _limits.WaitingBytes && _waiting.Writer.TryWrite(request)) return true;
        Interlocked.Add(ref _waitingBytes, -request.Body.Length);
        return false;
    }

    /// <summary>Takes in what waits, then stops.</summary>
    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        if (_thread.IsAlive) _thread.Join();
        _block.Dispose();
    }

    private void Work()
    {
        _ = LowPriority.ForThisThread(LowPriority.Intake);
        var batch = new List<IntakeRequest>();
        var reader = _waiting.Reader;
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            long bytes = 0;
            while (bytes < BatchBytes && batch.Count < BatchBodies && reader.TryRead(out var request))
            {
                batch.Add(request);
                bytes += request.Body.Length;
            }

            TakeIn(batch);
            Interlocked.Add(ref _waitingBytes, -bytes);
            if (_store.Exchanges.UnfoldedBytes > FoldBytes) Fold();
        }
    }

    /// <summary>A fault is each body's answer: nothing of the batch was kept, and whoever sent it still has it.</summary>
    private void TakeIn(List<IntakeRequest> batch)
    {
        try
        {
            var replies = Commit(batch);
            for (var i = 0; i < batch.Count; i++) batch[i].Done.SetResult(replies[i]);
        }
        catch (Exception fault)
        {
            _counters.IntakeFaults.Add(1);
            BatchFailed(_log, batch.Count, fault.Message, fault.GetType().Name);
            foreach (var request in batch) request.Done.TrySetException(fault);
        }
    }

    private List<IntakeReply> Commit(List<IntakeRequest> batch)
    {
        using var activity = Tracing.Source.StartActivity("take in");
        var observer = new Observer(_hash, TextClassifier.Shipped, body => batch[body].Source, numbered: true);
        // What is too old is so by the traffic's own time: neither a clock that jumps nor a replay of last year's log ages anything out by itself.
        var span = new IntakeSpan(_newestMs - _limits.RetentionDays * DayMs, _time.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds());
        IntakeSink sink;
        var replies = new List<IntakeReply>(batch.Count);
        var matching = _intel?.Begin();
        _succession?.Begin();
        var prompts = _limits.PromptDays > 0 ? new PromptKeeping(_time.GetUtcNow().ToUnixTimeMilliseconds()) : null;
        // Closed before anything is written: a store that is read at an older state can't begin its log anew, and under steady load it would never be able to.
        using (var known = _store.Exchanges.LookUpIds())
        {
            sink = new IntakeSink(observer, known, _hash, span, matching, _succession, prompts) { NextPlace = _place };
            for (var i = 0; i < batch.Count; i++)
            {
                sink.Begin(i, batch[i].Source);
                Read(batch[i], i, sink);
                replies.Add(sink.End());
            }
        }

        _place = sink.NextPlace;
        // Moves on only with what is kept: else traffic that was refused would make older traffic too old.
        var newestMs = Math.Max(_newestMs, sink.NewestMs);
        var snapshot = observer.Finish(Shard.Whole);
        var cursors = batch.Select(request => request.Cursor).OfType<FileCursor>().ToList();
        if (observer.ExchangeCount > 0 || cursors.Count > 0)
        {
            _store.Exchanges.Append(sink.Ids, (int)(newestMs / DayMs), snapshot, cursors, matching?.Hits, prompts?.Prompts, _succession?.Changes);
            _newestMs = newestMs;
            _taken(snapshot);
            if (matching is { Hits.Count: > 0 }) _intel!.Keep(matching.Hits);
            _succession?.End();
        }

        activity?.SetTag("stillhunt.bodies", batch.Count);
        activity?.SetTag("stillhunt.exchanges", observer.ExchangeCount);
        _counters.Exchanges.Add(observer.ExchangeCount);
        _counters.Duplicates.Add(snapshot.DuplicateCount);
        _counters.Rejected.Add(snapshot.Rejected.Values.Sum());
        return replies;
    }

    private void Read(IntakeRequest request, int body, IntakeSink sink)
    {
        if (!System.Runtime.InteropServices.MemoryMarshal.TryGetArray(request.Body, out var bytes)) throw new InvalidOperationException("A body is an array.");
        using var stream = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        using var cutter = new RecordCutter(stream, _limits.RecordBytes);
        var reading = ReadingOf(request.Format);
        while (cutter.Next(_block))
        {
            for (var i = 0; i < _block.Count; i++)
            {
                var slice = _block[i];
                var position = new LogPosition(body, slice.Line);
                var fault = slice.Length > _limits.RecordBytes ? RecordScanner.TooLong : slice.Fault;
                if (fault is not null) sink.Reject(new Rejection(fault, null), position);
                else reading.Read(_block.BytesOf(slice), sink, position);
            }
        }
    }

    private RecordReading ReadingOf(LogFormat? format)
    {
        if (format is null) return _anyFormat;
        if (!_readings.TryGetValue(format, out var reading)) _readings.Add(format, reading = new RecordReading(_options, format));
        return reading;
    }

    private void Fold()
    {
        try
        {
            _store.Exchanges.Fold();
        }
        catch (IOException fault)
        {
            // What was taken in stays as batches; if the store can't take more, the next batch is refused by its own commit.
            FoldFailed(_log, fault.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} bodies were refused, nothing of them was kept: {Fault} ({Kind})")]
    private static partial void BatchFailed(ILogger log, int count, string fault, string kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Batches were not folded: {Fault}")]
    private static partial void FoldFailed(ILogger log, string fault);
}
