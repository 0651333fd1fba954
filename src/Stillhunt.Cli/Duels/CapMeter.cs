using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Response;
using Stillhunt.Server.Enforcement;

namespace Stillhunt.Cli.Duels;

/// <summary>Counts accounts under a cap as the gateway counts them, in the time of a duel.</summary>
internal sealed class CapMeter
{
    private readonly DuelClock _clock = new();
    private readonly RequestCap _requests;
    private readonly TokenBudget _tokens;

    public CapMeter() => (_requests, _tokens) = (new RequestCap(_clock), new TokenBudget(_clock));

    /// <summary>Whether the cap leaves room for one more request; if so it is counted.</summary>
    public bool Takes(string account, long nowMs, Obligation cap, int outputTokens)
    {
        _clock.Now = DateTimeOffset.FromUnixTimeMilliseconds(nowMs);
        var id = new AccountId(LogFile.DefaultSource, account);
        if (cap.RequestsPerHour is { } perHour && _requests.Take(id, perHour) is not null) return false;
        if (cap.TokensPerDay is not { } perDay) return true;
        // A gateway lowers what is asked for to what is left, so the answer is no longer than that.
        if (_tokens.TryReserve(id, perDay, Math.Max(1, outputTokens)) is not { } reservation) return false;
        reservation.Settle(Math.Min(outputTokens, reservation.Granted));
        return true;
    }

    private sealed class DuelClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
