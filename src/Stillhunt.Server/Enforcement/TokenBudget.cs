using System.Collections.Concurrent;
using Stillhunt.Profiles;

namespace Stillhunt.Server.Enforcement;

/// <summary>
/// Counts output tokens of capped accounts by UTC day. Tokens are set aside when a request begins, and what was not used is given back when its answer declares what it used, so that requests sent
/// together can't overdraw. Counts live in this process: several gateways in front of one provider each grant the cap.
/// </summary>
internal sealed class TokenBudget(TimeProvider time)
{
    private const int MostKept = 100_000;

    private readonly ConcurrentDictionary<AccountId, Used> _used = new();

    private sealed class Used
    {
        public long Day, Tokens;
    }

    /// <summary>Until the day ends at which caps of tokens begin anew.</summary>
    public static TimeSpan UntilTomorrow(TimeProvider time) => TimeSpan.FromSeconds(86_400 - time.GetUtcNow().ToUnixTimeSeconds() % 86_400);

    /// <summary>Sets tokens aside: as many as are asked for, or as are left.</summary>
    /// <returns>Null where none is left.</returns>
    public TokenReservation? TryReserve(AccountId account, long perDay, long asked)
    {
        var day = Today;
        if (_used.Count >= MostKept) foreach (var (name, old) in _used) if (old.Day < day) _used.TryRemove(name, out _);
        var used = _used.GetOrAdd(account, _ => new Used());
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

    private long Today => time.GetUtcNow().ToUnixTimeSeconds() / 86_400;
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
