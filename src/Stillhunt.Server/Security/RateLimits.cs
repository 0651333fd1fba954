using System.Collections.Concurrent;

namespace Stillhunt.Server.Security;

/// <summary>
/// A bucket of requests for each key, refilled at the key's rate, with room for <see cref="BurstSeconds"/> of it. Clocks that jump do not matter: time is
/// taken from a counter that only runs forward.
/// </summary>
/// <param name="usual">Requests a second of a key that has no rate of its own; null for no limit.</param>
/// <param name="decisions">
/// Requests for decisions a second of any key, which are counted by themselves; null for no limit. A key's own rate is not about them: a gateway asks as often as its clients do, and one client
/// that floods it must not keep it from asking about the others.
/// </param>
internal sealed class RateLimits(TimeProvider time, double? usual, double? decisions = null)
{
    /// <summary>What a key did not use in this time it may use at once.</summary>
    public const double BurstSeconds = 5;

    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal), _decisions = new(StringComparer.Ordinal);

    /// <summary>Takes one request out of the key's bucket; else says in how many seconds there is one again.</summary>
    public bool TryTake(ApiKey key, Scopes scope, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        var (allowed, buckets) = scope == Scopes.Decide ? (decisions, _decisions) : (key.Rate ?? usual, _buckets);
        return allowed is not { } rate || buckets.GetOrAdd(key.Id, static (_, at) => new Bucket(at), time.GetTimestamp()).TryTake(rate, time, out wait);
    }

    private sealed class Bucket(long made)
    {
        private readonly Lock _lock = new();
        private double? _held;
        private long _at = made;

        public bool TryTake(double rate, TimeProvider time, out TimeSpan wait)
        {
            lock (_lock)
            {
                var now = time.GetTimestamp();
                var most = Math.Max(1, rate * BurstSeconds);
                var held = Math.Min(most, (_held ?? most) + rate * time.GetElapsedTime(_at, now).TotalSeconds);
                _at = now;
                wait = held >= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds((1 - held) / rate);
                _held = held >= 1 ? held - 1 : held;
                return held >= 1;
            }
        }
    }
}
