using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Stillhunt.Campaigns;
using Stillhunt.Ledger;
using Stillhunt.Profiles;
using Stillhunt.Server.Store;
using Stillhunt.Sketches;

namespace Stillhunt.Server.Detection;

/// <summary>
/// Detects again and again, on a thread and on a state of its own: batches that were taken in wait in a queue until the next round absorbs
/// them, so that intake and detection never wait for each other, and what detection reads does not change under it.
/// </summary>
internal sealed partial class DetectionLoop : IDisposable
{
    private const long DayMs = 86_400_000;

    private readonly IStore _store;
    private readonly CampaignBook _book;
    private readonly AccountBook _accounts;
    private readonly KeyedHash _hash;
    private readonly TimeProvider _time;
    private readonly DetectionPace _pace;
    private readonly ServeLimits _limits;
    private readonly Counters _counters;
    private readonly ILogger _log;
    private readonly ConcurrentQueue<Snapshot> _arrived = new();
    private readonly ConcurrentQueue<ulong> _deleted = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ManualResetEventSlim _asked = new();
    private readonly Thread _thread;
    private Snapshot _state = new();
    private Dictionary<AccountId, AccountUse> _use = [];
    private AccessByPlace? _places;
    private long _newestMs;
    private int _forgottenBefore;
    private int _fresh;

    public DetectionLoop(IStore store, CampaignBook book, AccountBook accounts, KeyedHash hash, TimeProvider time, DetectionPace pace, ServeLimits limits, Counters counters, ILogger log)
    {
        (_store, _book, _accounts, _hash, _time, _pace, _limits, _counters, _log) = (store, book, accounts, hash, time, pace, limits, counters, log);
        _thread = new Thread(Work) { Name = "detection", IsBackground = true };
    }

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
        Interlocked.Exchange(ref _newestMs, Newest());
        Age();
        _fresh = _state.Accounts.Count > 0 ? 1 : 0;
    }

    public void Start() => _thread.Start();

    /// <summary>Hands over a batch that is durable.</summary>
    public void Add(Snapshot batch)
    {
        _arrived.Enqueue(batch);
        Interlocked.Exchange(ref _fresh, 1);
    }

    /// <summary>Takes an account's traffic out of the state.</summary>
    public void Delete(ulong account)
    {
        _deleted.Enqueue(account);
        Ask();
    }

    /// <summary>Says that the next round has something new to look at, for example accounts that are better known.</summary>
    public void Mark() => Interlocked.Exchange(ref _fresh, 1);

    /// <summary>Asks for a round now, because of what a person decided.</summary>
    public void Ask()
    {
        Interlocked.Exchange(ref _fresh, 1);
        _asked.Set();
    }

    public void Dispose()
    {
        _stop.Cancel();
        if (_thread.IsAlive) _thread.Join();
        _stop.Dispose();
        _asked.Dispose();
    }

    private void Work()
    {
        _ = LowPriority.ForThisThread();
        while (!_stop.IsCancellationRequested)
        {
            if (Interlocked.Exchange(ref _fresh, 0) != 0)
            {
                var started = _time.GetTimestamp();
                Round();
                LastTook = _time.GetElapsedTime(started);
            }

            // At most half of the time goes into detecting, however large the state.
            var rest = LastTook > _pace.Interval ? LastTook : _pace.Interval;
            try
            {
                if (_asked.Wait(rest, _stop.Token)) _asked.Reset();
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Round()
    {
        using var span = Tracing.Source.StartActivity("detect");
        try
        {
            Absorb();
            var started = _time.GetTimestamp();
            var result = Detector.Detect(_state, account => _accounts.Find(account.Id), _hash);
            _book.Update(result, SpanOf);
            Volatile.Write(ref _use, Used());
            Volatile.Write(ref _places, AccessByPlace.Of(_state, _accounts.Find));
            span?.SetTag("stillhunt.accounts", _state.Accounts.Count);
            span?.SetTag("stillhunt.campaigns", result.Campaigns.Count);
            LastEnded = _time.GetUtcNow();
            Ended?.Invoke();
            _counters.Detections.Add(1);
            Detected(_log, _state.Accounts.Count, result.Campaigns.Count, result.Suspected.Count, _time.GetElapsedTime(started).TotalSeconds);
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
        while (_arrived.TryDequeue(out var batch)) _state.Absorb(batch);
        while (_deleted.TryDequeue(out var account)) _state.Accounts.Remove(account);
        Interlocked.Exchange(ref _newestMs, Newest());
        Age();
    }

    /// <summary>Forgets days beyond what is kept, counted from the newest exchange.</summary>
    private void Age()
    {
        var before = (int)(NewestMs / DayMs) - _limits.RetentionDays;
        if (before <= _forgottenBefore) return;
        foreach (var (key, profile) in _state.Accounts.ToList())
        {
            foreach (var day in profile.Days.Keys.TakeWhile(day => day < before).ToList()) profile.Days.Remove(day);
            if (profile.Days.Count == 0) _state.Accounts.Remove(key);
        }

        _store.Exchanges.Forget(before);
        _forgottenBefore = before;
    }

    private long Newest() => _state.Accounts.Values.SelectMany(profile => profile.Days.Values).Select(day => day.LastMs).DefaultIfEmpty(0).Max();

    private AccountSpan? SpanOf(AccountId account)
    {
        var key = AccountHash.Of(_hash, account);
        return _state.Accounts.TryGetValue(key, out var profile) && profile.Days.Count > 0
            ? new AccountSpan(profile.Days.Values.Min(day => day.FirstMs), profile.Days.Values.Max(day => day.LastMs))
            : null;
    }

    private Dictionary<AccountId, AccountUse> Used()
    {
        var today = (int)(NewestMs / DayMs);
        var use = new Dictionary<AccountId, AccountUse>(_state.Accounts.Count);
        foreach (var profile in _state.Accounts.Values)
        {
            use[profile.Id] = new AccountUse(
                profile.Days.Values.Min(day => day.FirstMs), profile.Days.Values.Max(day => day.LastMs),
                profile.Days.TryGetValue(today, out var day) ? day.ExchangeCount : 0, profile.Days.Values.Sum(record => record.ExchangeCount))
            {
                Day = today, DayOutputTokens = day is { OutputKnownCount: > 0 } ? day.OutputTokens : null,
            };
        }

        return use;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Detection over {Accounts} accounts found {Campaigns} campaigns and {Suspected} suspected ones in {Seconds:0.0} s")]
    private static partial void Detected(ILogger log, int accounts, int campaigns, int suspected, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of detection failed; it will be tried again")]
    private static partial void RoundFailed(ILogger log, Exception fault);
}

/// <summary>How often to detect.</summary>
public sealed record DetectionPace
{
    /// <summary>Rest between two rounds; a round that took longer rests as long as it took. Default 10 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>What an account used.</summary>
/// <param name="TodayCount">Exchanges on the newest UTC day of the traffic.</param>
/// <param name="TotalCount">Exchanges over all days kept.</param>
internal readonly record struct AccountUse(long FirstMs, long LastMs, long TodayCount, long TotalCount)
{
    /// <summary>The newest UTC day of the traffic, since 1970.</summary>
    public int Day { get; init; }

    /// <summary>Output tokens that its exchanges of <see cref="Day"/> declared; null where none declared any.</summary>
    public long? DayOutputTokens { get; init; }
}
