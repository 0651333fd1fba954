using Microsoft.Extensions.Logging;
using Stillhunt.Campaigns;
using Stillhunt.Profiles;
using Stillhunt.Sketches;

namespace Stillhunt.Server.Detection;

/// <summary>
/// Looks for campaigns that nobody knows yet, between two whole rounds of detection and while one runs: the same detection on smaller samples (<see cref="ThinnedSnapshot"/>), so that it
/// takes seconds whatever is kept. On a thread and a state of its own. It only adds campaigns; what becomes of them is for the whole rounds.
/// </summary>
internal sealed partial class QuickLook : IDisposable
{
    private const long DayMs = 86_400_000;

    private readonly CampaignBook _book;
    private readonly AccountBook _accounts;
    private readonly KeyedHash _hash;
    private readonly ServeLimits _limits;
    private readonly Counters _counters;
    private readonly ILogger _log;
    private readonly IReadOnlySet<string>? _leaveOut;
    private readonly Calibration? _calibration;
    private readonly Arrivals _arrivals = new();
    private readonly RestingThread _thread;
    private readonly ThinnedSnapshot _state;
    private int _needed;
    private long _tookTicks;

    /// <param name="leaveOut">As for <see cref="DetectionLoop"/>.</param>
    /// <param name="calibration">As for <see cref="DetectionLoop"/>.</param>
    public QuickLook(CampaignBook book, AccountBook accounts, KeyedHash hash, DetectionPace pace, ServeLimits limits, Counters counters, ILogger log, IReadOnlySet<string>? leaveOut = null, Calibration? calibration = null)
    {
        (_book, _accounts, _hash, _limits, _counters, _log, _leaveOut, _calibration) = (book, accounts, hash, limits, counters, log, leaveOut, calibration);
        _state = new ThinnedSnapshot(pace.QuickSamples);
        _thread = new RestingThread("quick look", Turn, () => pace.Interval);
    }

    /// <inheritdoc cref="DetectionLoop.Complete"/>
    public Func<ScanResult, ScanResult> Complete { get; init; } = result => result;

    /// <summary>Whether more is kept than a quick look takes; where not, whole rounds are as quick.</summary>
    public bool IsNeeded => Volatile.Read(ref _needed) != 0;

    /// <summary>How long the last look took.</summary>
    public TimeSpan LastTook => TimeSpan.FromTicks(Interlocked.Read(ref _tookTicks));

    /// <summary>What accounts used, as of the last look; on its thread.</summary>
    public Dictionary<AccountId, AccountUse> Use { get; private set; } = [];

    /// <summary>Exchanges that the last look held; on its thread.</summary>
    public long ExchangeCount { get; private set; }

    /// <summary>Told on the look's thread after each look.</summary>
    public event Action? Ended;

    /// <summary>Takes up what the store kept; before <see cref="Start"/>.</summary>
    public void Load(Snapshot whole)
    {
        _state.Absorb(whole);
        Fit();
    }

    public void Start() => _thread.Start();

    public void Add(Snapshot batch) => _arrivals.Add(batch);

    public void Delete(ulong account) => _arrivals.Delete(account);

    /// <summary>Absorbs what came and looks at it, if there is anything new and whole rounds are not as quick.</summary>
    /// <returns>Whether it looked.</returns>
    internal bool Look(CancellationToken stop = default)
    {
        var asOf = _book.Turn;
        if (!_arrivals.TakeUp(_state.Absorb, _state.Snapshot)) return false;
        Fit();
        if (!IsNeeded) return false;
        using var span = Tracing.Source.StartActivity("look");
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var result = Complete(Detector.Detect(_state.Snapshot, account => _accounts.Find(account.Id), _hash, _ => stop.ThrowIfCancellationRequested(), leaveOut: _leaveOut, calibration: _calibration, again: false));
        _book.Sight(result, account => AccountUse.SpanOf(_state.Snapshot, _hash, account), asOf);
        Use = AccountUse.Of(_state.Snapshot, AccountUse.NewestMs(_state.Snapshot));
        ExchangeCount = result.Scanned.ExchangeCount;
        var took = System.Diagnostics.Stopwatch.GetElapsedTime(started);
        Interlocked.Exchange(ref _tookTicks, took.Ticks);
        span?.SetTag("stillhunt.accounts", _state.Snapshot.Accounts.Count);
        span?.SetTag("stillhunt.campaigns", result.Campaigns.Count);
        Ended?.Invoke();
        _counters.QuickLooks.Add(1);
        Looked(_log, _state.Snapshot.Accounts.Count, _state.Kept, result.Campaigns.Count, took.TotalSeconds);
        return true;
    }

    public void Dispose() => _thread.Dispose();

    private void Turn(CancellationToken stop)
    {
        try
        {
            Look(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The server ends, and does not wait for all of a look.
        }
        catch (Exception fault)
        {
            // One look that fails must not end them; the whole rounds see the same traffic.
            _counters.DetectionFaults.Add(1);
            LookFailed(_log, fault);
        }
    }

    private void Fit()
    {
        var before = (int)(AccountUse.NewestMs(_state.Snapshot) / DayMs) - _limits.RetentionDays;
        _state.Snapshot.Forget(before);
        _state.Fit();
        Volatile.Write(ref _needed, _state.IsThinned ? 1 : 0);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A quick look over {Accounts} accounts, {Kept} exchanges of each a day, saw {Campaigns} campaigns in {Seconds:0.0} s")]
    private static partial void Looked(ILogger log, int accounts, int kept, int campaigns, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "A quick look failed; it will be tried again")]
    private static partial void LookFailed(ILogger log, Exception fault);
}
