using System.Collections.Concurrent;
using Stillhunt.Profiles;

namespace Stillhunt.Response;

/// <summary>
/// The brake on access rules, which are asked request by request: an account that such a rule touches is let through to the rule only while
/// the hour has room. A mistaken rule about a whole country then stops after the first few customers. An account stays touched while rules that touch it are met within what
/// they last; who was touched once, by a cap on new accounts say, is no exception from the brake ever after.
/// </summary>
internal sealed class AccessBrake
{
    /// <summary>As the campaign of an approval.</summary>
    public const string Campaign = "access";

    private static readonly long SpanMs = (long)TimeSpan.FromHours(1).TotalMilliseconds;

    /// <summary>How long a touch stands over a restart, unless it is met again.</summary>
    private static readonly long RestoredMs = (long)TimeSpan.FromDays(1).TotalMilliseconds;

    private readonly ConcurrentDictionary<AccountId, Standing> _touched = new();
    private readonly ConcurrentDictionary<(string Rule, AccountId Account), bool> _waiting = new();
    private readonly Queue<KeyValuePair<AccountId, Touch>> _recent = new();
    private readonly List<KeyValuePair<AccountId, Touch>> _unsaved = [];
    private readonly Lock _lock = new();

    /// <summary>Entries of waiting accounts that are kept for the queue; beyond it the queue says "at least".</summary>
    private const int MostWaiting = 100_000;

    public void Load(IEnumerable<KeyValuePair<AccountId, Touch>> touched, long nowMs)
    {
        foreach (var pair in touched.OrderBy(pair => pair.Value.SinceMs))
        {
            _touched[pair.Key] = new Standing { UntilMs = nowMs + RestoredMs };
            _recent.Enqueue(pair);
        }
    }

    /// <summary>Whether the rule may touch the account now.</summary>
    public bool Allows(Verdict verdict, bool verified, PolicyBrake brake, long accountCount, IReadOnlyDictionary<ApprovalKey, ApprovalWord> approvals, long nowMs, out bool denied)
    {
        denied = false;
        if (approvals.TryGetValue(new ApprovalKey(Campaign, verdict.Rule), out var word))
        {
            denied = word == ApprovalWord.Denied;
            if (word == ApprovalWord.Outdated) Wait(verdict, verified);
            return word == ApprovalWord.Approved;
        }

        if (_touched.TryGetValue(verdict.Account, out var standing) && nowMs < standing.UntilMs)
        {
            standing.UntilMs = verdict.ExpiresMs;
            return true;
        }

        lock (_lock)
        {
            while (_recent.TryPeek(out var oldest) && nowMs - oldest.Value.SinceMs >= SpanMs) _recent.Dequeue();
            if (_recent.Count < Math.Floor(brake.AccountShare * accountCount) && (!verified || _recent.Count(pair => pair.Value.Verified) < brake.Verified))
            {
                var pair = KeyValuePair.Create(verdict.Account, new Touch(nowMs, verified));
                _touched[pair.Key] = new Standing { UntilMs = verdict.ExpiresMs };
                _recent.Enqueue(pair);
                _unsaved.Add(pair);
                return true;
            }
        }

        Wait(verdict, verified);
        return false;
    }

    /// <summary>What the brake held back, by rule.</summary>
    public IEnumerable<PendingApproval> Pending(IReadOnlyDictionary<ApprovalKey, ApprovalWord> approvals) =>
        _waiting.GroupBy(pair => pair.Key.Rule).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (Waiting: group, Word: approvals.TryGetValue(new ApprovalKey(Campaign, group.Key), out var word) ? word : (ApprovalWord?)null))
            .Where(pair => pair.Word is null or ApprovalWord.Outdated)
            .Select(pair => new PendingApproval(Campaign, pair.Waiting.Key, pair.Word is null ? "brake" : "changed", pair.Waiting.Count(), pair.Waiting.Count(one => one.Value)));

    /// <summary>Touches that began since the last call, and forgets those that ended.</summary>
    public (IReadOnlyList<KeyValuePair<AccountId, Touch>> Begun, IReadOnlyList<AccountId> Ended) TakeUnsaved(long nowMs)
    {
        lock (_lock)
        {
            KeyValuePair<AccountId, Touch>[] begun = [.. _unsaved];
            _unsaved.Clear();
            List<AccountId> ended = [.. _touched.Where(pair => nowMs >= pair.Value.UntilMs).Select(pair => pair.Key)];
            foreach (var account in ended) _touched.TryRemove(account, out _);
            return (begun, ended);
        }
    }

    /// <summary>Forgets what was held back under an older policy.</summary>
    public void Reset() => _waiting.Clear();

    private void Wait(Verdict verdict, bool verified)
    {
        if (_waiting.Count < MostWaiting) _waiting[(verdict.Rule, verdict.Account)] = verified;
    }

    private sealed class Standing
    {
        private long _untilMs;

        /// <summary>When the touch ends unless it is met again.</summary>
        public long UntilMs { get => Volatile.Read(ref _untilMs); set => Volatile.Write(ref _untilMs, value); }
    }
}
