using Microsoft.Extensions.Logging;
using Stillhunt.Campaigns;
using Stillhunt.Profiles;
using Stillhunt.Server.Store;
using Stillhunt.Sketches;

namespace Stillhunt.Server.Detection;

/// <summary>
/// Detects again and again over all that is kept, on a thread and on a state of its own: batches that were taken in wait in a queue until the next round absorbs
/// them, so that intake and detection never wait for each other, and what detection reads does not change under it. A whole round grows with what is kept; between
/// two of them <see cref="QuickLook"/> finds what is new.
/// </summary>
internal sealed partial class DetectionLoop : IDisposable
{
    private const long DayMs = 86_400_000;

    /// <summary>Rest between whole rounds to the time that they take.</summary>
    private const double RestShare = 2;

    private readonly IStore _store;
    private readonly CampaignBook _book;
    private readonly AccountBook _accounts;
    private readonly KeyedHash _hash;
    private readonly TimeProvider _time;
    private readonly DetectionPace _pace;
    private readonly ServeLimits _limits;
    private readonly Counters _counters;
    private readonly ILogger _log;
    private readonly IReadOnlySet<string>? _leaveOut;
    private readonly Calibration? _calibration;
    private readonly Arrivals _arrivals = new();
    private readonly RestingThread _thread;
    private readonly QuickLook _quick;
    private readonly Lock _using = new();
    private Snapshot _state = new();
    private Dictionary<AccountId, AccountUse> _use = [], _wholeUse = [], _quickUse = [];
    private long _detectedCount;
    private AccessByPlace? _places;
    private long _newestMs;
    private int _forgottenBefore;
    private int _fresh;

    /// <param name="leaveOut">Kinds of evidence that may play no part (<see cref="EvidenceKinds.All"/>); null for none.</param>
    /// <param name="calibration">At which prevalence confidences are to hold; null for that of the traffic that they were calibrated on.</param>
    public DetectionLoop(
        IStore store, CampaignBook book, AccountBook accounts, KeyedHash hash, TimeProvider time, DetectionPace pace, ServeLimits limits, Counters counters, ILogger log, IReadOnlySet<string>? leaveOut = null, Calibration? calibration = null)
    {
        (_store, _book, _accounts, _hash, _time, _pace, _limits, _counters, _log, _leaveOut, _calibration) = (store, book, accounts, hash, time, pace, limits, counters, log, leaveOut, calibration);
        _thread = new RestingThread("detection", Turn, () => Rest);
        _quick = new QuickLook(book, accounts, hash, pace, limits, counters, log, leaveOut, calibration) { Complete = result => Complete(result) };
        _quick.Ended += () => Publish(ref _quickUse, _quick.Use, _quick.ExchangeCount);
    }

    /// <summary>Told on the loop's thread what each account used, as of the state that was just detected on, and what was detected, before that is completed and taken up.</summary>
    public event Action<IReadOnlyDictionary<AccountId, AccountUse>, ScanResult>? Seen;

    /// <summary>Adds to what was detected what is known beside the traffic, before it is taken up. Set before <see cref="Start"/>; changes nothing by itself.</summary>
    public Func<ScanResult, ScanResult> Complete { get; set; } = result => result;

    /// <summary>Looks for new campaigns between two rounds.</summary>
    public QuickLook Quick => _quick;

    /// <summary>Exchanges that a finished round, or a finished quick look, has held: the newest of the two.</summary>
    public long DetectedCount => Interlocked.Read(ref _detectedCount);

    /// <summary>Time of the newest exchange in the state, 0 if it is empty.</summary>
    public long NewestMs => Interlocked.Read(ref _newestMs);

    /// <summary>Traffic from before this is not kept: whole days, counted from the newest exchange.</summary>
    public long OldestMs => (NewestMs / DayMs - _limits.RetentionDays) * DayMs;

    /// <summary>How long the last round took.</summary>
    public TimeSpan LastTook { get; private set; }

    /// <summary>When the last round ended; null before the first.</summary>
    public DateTimeOffset? LastEnded { get; private set; }

    /// <summary>What each account used, as of the last round.</summary>
    public IReadOnlyDictionary<AccountId, AccountUse> Use => Volatile.Read(ref _use);

    /// <summary>Told on the loop's thread after each round.</summary>
    public event Action? Ended;

    /// <summary>Access by region and tier, as of the last round; null before the first of this run.</summary>
    public AccessByPlace? Places => Volatile.Read(ref _places);

    /// <summary>Reads the state that the store kept; before <see cref="Start"/>.</summary>
    public void Load()
    {
        _state = _store.Exchanges.Load();
        Interlocked.Exchange(ref _newestMs, AccountUse.NewestMs(_state));
        Age();
        _fresh = _state.Accounts.Count > 0 ? 1 : 0;
        // Before anything was looked at: who is known here is known.
        Publish(ref _wholeUse, AccountUse.Of(_state, NewestMs), 0);
        _quick.Load(_state);
    }

    public void Start()
    {
        _thread.Start();
        _quick.Start();
    }

    /// <summary>Hands over a batch that is durable.</summary>
    public void Add(Snapshot batch)
    {
        _arrivals.Add(batch);
        _quick.Add(batch);
        Interlocked.Exchange(ref _fresh, 1);
    }

    /// <summary>Takes an account's traffic out of the state.</summary>
    public void Delete(ulong account)
    {
        _arrivals.Delete(account);
        _quick.Delete(account);
        Ask();
    }

    /// <summary>Says that the next round has something new to look at, for example accounts that are better known.</summary>
    public void Mark() => Interlocked.Exchange(ref _fresh, 1);

    /// <summary>Asks for a round now, because of what a person decided.</summary>
    public void Ask()
    {
        Interlocked.Exchange(ref _fresh, 1);
        _thread.Ask();
    }

    public void Dispose()
    {
        _thread.Dispose();
        _quick.Dispose();
    }

    /// <summary>Where quick looks find what is new, a third of the time at most goes into whole rounds, however large the state.</summary>
    private TimeSpan Rest => _quick.IsNeeded && RestShare * LastTook > _pace.Interval ? RestShare * LastTook : _pace.Interval;

    private void Turn(CancellationToken stop)
    {
        if (Interlocked.Exchange(ref _fresh, 0) == 0) return;
        var started = _time.GetTimestamp();
        Round(stop);
        LastTook = _time.GetElapsedTime(started);
    }

    private void Round(CancellationToken stop)
    {
        using var span = Tracing.Source.StartActivity("detect");
        try
        {
            var asOf = _book.Turn;
            Absorb();
            var started = _time.GetTimestamp();
            var result = Detector.Detect(_state, account => _accounts.Find(account.Id), _hash, _ => stop.ThrowIfCancellationRequested(), leaveOut: _leaveOut, calibration: _calibration);
            var use = AccountUse.Of(_state, NewestMs);
            Seen?.Invoke(use, result);
            result = Complete(result);
            _book.Update(result, account => AccountUse.SpanOf(_state, _hash, account), asOf);
            // Only now: who is seen and in no campaign counts as somebody else where replacements are looked for.
            Publish(ref _wholeUse, use, result.Scanned.ExchangeCount);
            Volatile.Write(ref _places, AccessByPlace.Of(_state, _accounts.Find));
            span?.SetTag("stillhunt.accounts", _state.Accounts.Count);
            span?.SetTag("stillhunt.campaigns", result.Campaigns.Count);
            LastEnded = _time.GetUtcNow();
            Ended?.Invoke();
            _counters.Detections.Add(1);
            Detected(_log, _state.Accounts.Count, result.Campaigns.Count, result.Suspected.Count, _time.GetElapsedTime(started).TotalSeconds);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The server ends, and does not wait for all of a round: what was taken in is kept, and the next start looks at it.
        }
        catch (Exception fault)
        {
            span?.SetStatus(System.Diagnostics.ActivityStatusCode.Error);
            // One round that fails must not end detection: it is counted, readiness shows it, and the next round tries again.
            _counters.DetectionFaults.Add(1);
            Interlocked.Exchange(ref _fresh, 1);
            RoundFailed(_log, fault);
        }
    }

    private void Absorb()
    {
        _arrivals.TakeUp(batch => _state.Absorb(batch), _state);
        Interlocked.Exchange(ref _newestMs, AccountUse.NewestMs(_state));
        Age();
    }

    /// <summary>Forgets days beyond what is kept, counted from the newest exchange.</summary>
    private void Age()
    {
        var before = (int)(NewestMs / DayMs) - _limits.RetentionDays;
        if (before <= _forgottenBefore) return;
        _state.Forget(before);
        try
        {
            _store.Exchanges.Forget(before);
            _forgottenBefore = before;
        }
        catch (IOException fault)
        {
            // A store without room takes no deletion either. Detection goes on over the days that count, and the store is asked again with the next round.
            NotForgotten(_log, fault.Message);
        }
    }

    /// <summary>What the whole rounds know of accounts, and over it what quick looks, which are newer and may hold fewer days, know.</summary>
    private void Publish(ref Dictionary<AccountId, AccountUse> part, Dictionary<AccountId, AccountUse> use, long detected)
    {
        lock (_using)
        {
            part = use;
            var all = _wholeUse;
            if (_quickUse.Count > 0)
            {
                all = new Dictionary<AccountId, AccountUse>(_wholeUse);
                foreach (var (account, newer) in _quickUse) all[account] = all.TryGetValue(account, out var older) ? newer.Over(older) : newer;
            }

            Volatile.Write(ref _use, all);
            Interlocked.Exchange(ref _detectedCount, Math.Max(detected, Interlocked.Read(ref _detectedCount)));
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Detection over {Accounts} accounts found {Campaigns} campaigns and {Suspected} suspected ones in {Seconds:0.0} s")]
    private static partial void Detected(ILogger log, int accounts, int campaigns, int suspected, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Days that aged out could not be deleted; it will be tried again: {Fault}")]
    private static partial void NotForgotten(ILogger log, string fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of detection failed; it will be tried again")]
    private static partial void RoundFailed(ILogger log, Exception fault);
}

/// <summary>How often to detect.</summary>
public sealed record DetectionPace
{
    /// <summary>Rest between two rounds, and between two quick looks; where quick looks are needed, whole rounds rest twice as long as they take. Default 5 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Sampled exchanges in a quick look; where no more are kept, whole rounds are as quick and there are no looks. Default 131,072: some five seconds of one processor while
    /// traffic is taken in (docs/serve.md). Larger: slower looks that see more.
    /// </summary>
    public int QuickSamples { get; init; } = 131_072;
}
