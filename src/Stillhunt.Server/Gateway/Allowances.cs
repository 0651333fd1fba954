using System.Collections.Concurrent;

namespace Stillhunt.Server.Gateway;

/// <summary>
/// Counts what capped accounts use: requests in an hour, output tokens in a day (UTC both). Tokens are set aside when a request begins, and what was not used is given back when its answer declares
/// what it used, so that requests sent together can't overdraw. Counts live in this process: several gateways in front of one provider each grant the cap.
/// </summary>
internal sealed class Allowances(TimeProvider time)
{
    private const int MostKept = 100_000;

    private readonly ConcurrentDictionary<string, Used> _used = new(StringComparer.Ordinal);

    private sealed class Used
    {
        public long Hour, Requests, Day, Tokens;
    }

    /// <summary>Takes one request of the hour.</summary>
    /// <param name="wait">Until the next hour, where there is none left.</param>
    public bool TryTakeRequest(string account, long perHour, out TimeSpan wait)
    {
        var (hour, _) = Now(out wait, out _);
        var used = Of(account);
        lock (used)
        {
            if (used.Hour != hour) (used.Hour, used.Requests) = (hour, 0);
            if (used.Requests >= perHour) return false;
            used.Requests++;
            return true;
        }
    }

    /// <summary>Sets tokens aside: as many as are asked for, or as are left.</summary>
    /// <returns>Null where none is left.</returns>
    public TokenReservation? TryReserve(string account, long perDay, long asked, out TimeSpan wait)
    {
        var (_, day) = Now(out _, out wait);
        var used = Of(account);
        lock (used)
        {
            if (used.Day != day) (used.Day, used.Tokens) = (day, 0);
            var granted = Math.Min(asked, perDay - used.Tokens);
            if (granted < 1) return null;
            used.Tokens += granted;
            return new TokenReservation(granted, declared =>
            {
                lock (used) if (used.Day == day) used.Tokens += declared - granted;
            });
        }
    }

    private Used Of(string account)
    {
        if (_used.Count >= MostKept)
        {
            var (hour, day) = Now(out _, out _);
            foreach (var (name, old) in _used) if (old.Hour < hour && old.Day < day) _used.TryRemove(name, out _);
        }

        return _used.GetOrAdd(account, _ => new Used());
    }

    private (long Hour, long Day) Now(out TimeSpan toHour, out TimeSpan toDay)
    {
        var seconds = time.GetUtcNow().ToUnixTimeSeconds();
        (toHour, toDay) = (TimeSpan.FromSeconds(3600 - seconds % 3600), TimeSpan.FromSeconds(86_400 - seconds % 86_400));
        return (seconds / 3600, seconds / 86_400);
    }
}

/// <summary>Tokens that were set aside for one answer.</summary>
internal sealed class TokenReservation(long granted, Action<long> settle)
{
    private int _settled;

    public long Granted { get; } = granted;

    /// <param name="declared">Output tokens of the answer; null keeps all that was set aside, because nobody knows better.</param>
    public void Settle(long? declared)
    {
        if (Interlocked.Exchange(ref _settled, 1) == 0 && declared is { } used) settle(used);
    }
}
