using System.Collections.Concurrent;

namespace Stillhunt.Server.Security;

/// <summary>
/// A bucket of requests for each key, refilled at the key's rate, with room for <see cref="BurstSeconds"/> of it. Clocks that jump do not matter: time is
/// taken from a counter that only runs forward.
/// </summary>
/// <param name="usual">Requests a second of a key that has no rate of its own; null for no limit.</param>
internal sealed class RateLimits(TimeProvider time, double? usual)
{
    /// <summary>What a key did not use in this time it may use at once.</summary>
    public const double BurstSeconds = 5;

    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    /// <summary>Takes one request out of the key's bucket; else says in how many seconds there is one again.</summary>
    public bool TryTake(ApiKey key, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        return (key.Rate ?? usual) is not { } rate || _buckets.GetOrAdd(key.Id, static (_, at) => new Bucket(at), time.GetTimestamp()).TryTake(rate, time, out wait);
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
