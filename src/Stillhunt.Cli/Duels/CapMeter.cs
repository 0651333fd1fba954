using Stillhunt.Response;

namespace Stillhunt.Cli.Duels;

/// <summary>Counts what a gateway counts for accounts under a cap: requests of the clock hour, output tokens of the UTC day.</summary>
internal sealed class CapMeter
{
    private const long HourMs = 3_600_000, DayMs = 24 * HourMs;

    private readonly Dictionary<string, Count> _counts = new(StringComparer.Ordinal);

    /// <summary>Whether the cap leaves room for one more request; if so it is counted.</summary>
    public bool Takes(string account, long nowMs, Obligation cap, int outputTokens)
    {
        var count = _counts.GetValueOrDefault(account);
        if (nowMs / HourMs != count.Hour) count = count with { Hour = nowMs / HourMs, Requests = 0 };
        if (nowMs / DayMs != count.Day) count = count with { Day = nowMs / DayMs, Tokens = 0 };
        var room = !(count.Requests >= cap.RequestsPerHour) && !(count.Tokens >= cap.TokensPerDay);
        _counts[account] = room ? count with { Requests = count.Requests + 1, Tokens = count.Tokens + outputTokens } : count;
        return room;
    }

    private readonly record struct Count(long Hour, long Requests, long Day, long Tokens);
}
