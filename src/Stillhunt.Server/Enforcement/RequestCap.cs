using System.Collections.Concurrent;
using Stillhunt.Profiles;

namespace Stillhunt.Server.Enforcement;

/// <summary>
/// Counts the requests of accounts under a cap, so that gateways need no counter of their own. The hour slides: what was let through in the hour before counts
/// by the share of it that still lies within sixty minutes, as if it had come evenly. In memory only; a restart begins anew.
/// </summary>
internal sealed class RequestCap(TimeProvider time)
{
    private const long HourMs = 3_600_000;

    private readonly ConcurrentDictionary<AccountId, Window> _windows = new();
    private long _sweptMs;

    /// <summary>Lets one request through and counts it, or says how long to wait. What is refused does not count.</summary>
    /// <param name="perHour">The limit; 0 lets nothing through.</param>
    public TimeSpan? Take(AccountId account, long perHour)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        Sweep(now);
        return _windows.GetOrAdd(account, _ => new Window()).Take(now, perHour);
    }

    /// <summary>Forgets once an hour whose last request lies two hours back: those count no more.</summary>
    private void Sweep(long now)
    {
        var swept = Interlocked.Read(ref _sweptMs);
        if (now - swept < HourMs || Interlocked.CompareExchange(ref _sweptMs, now, swept) != swept) return;
        foreach (var (account, window) in _windows)
            if (window.IsOver(now)) _windows.TryRemove(account, out _);
    }

    private sealed class Window
    {
        private readonly Lock _lock = new();
        private long _start, _before, _current;

        public bool IsOver(long now)
        {
            lock (_lock) return now - _start >= 2 * HourMs;
        }

        public TimeSpan? Take(long now, long perHour)
        {
            if (perHour < 1) return TimeSpan.FromHours(1);
            lock (_lock)
            {
                if (now < _start || now - _start >= 2 * HourMs) (_start, _before, _current) = (now, 0, 0);
                else if (now - _start >= HourMs) (_start, _before, _current) = (_start + HourMs, _current, 0);
                var passed = (now - _start) / (double)HourMs;
                if (_before * (1 - passed) + _current + 1 <= perHour)
                {
                    _current++;
                    return null;
                }

                // The moment from which the hour before counts for so little that one more fits: in this hour, or in the next one.
                var fits = _current + 1 <= perHour ? 1 - (perHour - 1 - _current) / (double)_before : 1 + Math.Max(0, 1 - (perHour - 1) / (double)_current);
                return TimeSpan.FromHours(fits - passed);
            }
        }
    }
}
