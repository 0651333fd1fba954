using Stillhunt.Profiles;

namespace Stillhunt.Cli.Duels;

/// <summary>
/// When the service of a duel detects. <c>serve</c> begins a round as soon as the last one is done and anything new came; at a duel's size a round takes seconds, so it would
/// detect after every step. A duel that did the same would take hours, so it detects when there is more to see by a share, which makes the number of detections logarithmic in
/// the traffic. These moments are some of the service's own, so what is found late here is found no later there. No clock is asked: the same traffic gives the same moments.
/// </summary>
/// <param name="latest">Longest time between two detections, and from the first traffic to the first of them.</param>
/// <param name="growth">
/// Share by which all exchanges, or those that ask for a technique, must have grown since the last detection: extraction that begins among much honest traffic shows in the
/// second count long before the first. 0: whenever anything came; infinite: only as <paramref name="latest"/> says.
/// </param>
internal sealed class DetectionCadence(TimeSpan latest, double growth)
{
    private TrafficCount _seen;
    private long? _lastMs;

    /// <summary>Whether to detect now, on what is kept. Taken as done if so.</summary>
    /// <param name="nowMs">Epoch milliseconds; does not go back.</param>
    public bool IsDue(long nowMs, TrafficCount kept)
    {
        _lastMs ??= nowMs;
        var isLate = nowMs - _lastMs >= latest.TotalMilliseconds;
        if (!isLate && !Grew(kept.Exchanges, _seen.Exchanges) && !Grew(kept.Asking, _seen.Asking)) return false;
        (_lastMs, _seen) = (nowMs, kept);
        return true;
    }

    private bool Grew(long now, long before) => now > before && now - before >= growth * before;
}

/// <summary>Exchanges that are kept, and of these those that ask for a technique (at least: of each account and day the technique that it asks for most).</summary>
internal readonly record struct TrafficCount(long Exchanges, long Asking)
{
    public static TrafficCount Of(Snapshot state)
    {
        var (exchanges, asking) = (0L, 0L);
        foreach (var profile in state.Accounts.Values)
        {
            foreach (var day in profile.Days.Values)
            {
                exchanges += day.ExchangeCount;
                var most = 0;
                foreach (var count in day.Techniques) most = Math.Max(most, count);
                asking += most;
            }
        }

        return new TrafficCount(exchanges, asking);
    }
}
