using System.Collections.Concurrent;
using Stillhunt.Profiles;
using Stillhunt.Response;

namespace Stillhunt.Server.Decisions;

/// <summary>
/// What access rules said, for the audit trail: they are asked request by request, and an account is noted once for each rule and state, until the rule did not hold for as long as it lasts.
/// Notes of requests take no lock; a restart notes anew what still holds.
/// </summary>
internal sealed class AccessTrail
{
    /// <summary>Accounts and rules that are told apart; an account's id is what a request says, so there is no end to them. Beyond, verdicts are counted.</summary>
    private const int MostStanding = 1_000_000;

    private readonly ConcurrentDictionary<(AccountId Account, string Rule), Standing> _standing = new();
    private readonly ConcurrentQueue<Verdict> _begun = new();
    private int _count;
    private long _unlisted;

    /// <param name="verdict">Of an access rule.</param>
    public void Note(Verdict verdict)
    {
        var key = (verdict.Account, verdict.Rule);
        if (_standing.TryGetValue(key, out var standing))
        {
            standing.UntilMs = verdict.ExpiresMs;
            if (standing.Became(verdict.State)) _begun.Enqueue(verdict);
            return;
        }

        if (Volatile.Read(ref _count) >= MostStanding) Interlocked.Increment(ref _unlisted);
        else if (_standing.TryAdd(key, new Standing(verdict.State) { UntilMs = verdict.ExpiresMs }))
        {
            Interlocked.Increment(ref _count);
            _begun.Enqueue(verdict);
        }
    }

    /// <summary>
    /// What began, changed its state, and ended since the last call, and how many verdicts were too many to be told apart. What ended is named until <see cref="Forget"/>; the rest is given once, unless it comes back
    /// (<see cref="Return"/>). For one thread at a time.
    /// </summary>
    public (IReadOnlyList<Verdict> Begun, IReadOnlyList<(AccountId Account, string Rule)> Ended, long UnlistedCount) Take(long nowMs)
    {
        var begun = new List<Verdict>();
        while (_begun.TryDequeue(out var verdict)) begun.Add(verdict);
        List<(AccountId, string)> ended = [];
        foreach (var (key, standing) in _standing)
        {
            if (nowMs < standing.UntilMs) continue;
            standing.End();
            ended.Add(key);
        }

        return (begun, ended, Interlocked.Exchange(ref _unlisted, 0));
    }

    /// <summary>Forgets what was told as ended: the next request under its rule begins anew. What a request began anew meanwhile stays.</summary>
    public void Forget(IEnumerable<(AccountId Account, string Rule)> ended)
    {
        foreach (var key in ended)
            if (_standing.TryGetValue(key, out var standing) && standing.IsOver && _standing.TryRemove(key, out _)) Interlocked.Decrement(ref _count);
    }

    /// <summary>Puts back what could not be written.</summary>
    public void Return(IEnumerable<Verdict> begun, long unlistedCount)
    {
        foreach (var verdict in begun) _begun.Enqueue(verdict);
        Interlocked.Add(ref _unlisted, unlistedCount);
    }

    private sealed class Standing(VerdictState state)
    {
        /// <summary>In the place of a state: it ended, and whatever comes next begins anew.</summary>
        private const int Over = -1;

        private long _untilMs;
        private int _state = (int)state;

        public bool IsOver => Volatile.Read(ref _state) == Over;

        public void End() => Volatile.Write(ref _state, Over);

        public long UntilMs { get => Volatile.Read(ref _untilMs); set => Volatile.Write(ref _untilMs, value); }

        /// <returns>Whether it was another one before.</returns>
        public bool Became(VerdictState now) => Interlocked.Exchange(ref _state, (int)now) != (int)now;
    }
}
