using System.Collections.Concurrent;
using Stillhunt.Profiles;

namespace Stillhunt.Response;

/// <summary>
/// The brake on access rules, which are asked request by request: an account that such a rule touches is let through to the rule only while
/// the hour has room. A mistaken rule about a whole country then stops after the first few customers.
/// </summary>
internal sealed class AccessBrake
{
    /// <summary>As the campaign of an approval.</summary>
    public const string Campaign = "access";

    private static readonly long SpanMs = (long)TimeSpan.FromHours(1).TotalMilliseconds;

    private readonly ConcurrentDictionary<AccountId, Touch> _touched = new();
    private readonly ConcurrentDictionary<(string Rule, AccountId Account), bool> _waiting = new();
    private readonly Queue<KeyValuePair<AccountId, Touch>> _recent = new();
    private readonly List<KeyValuePair<AccountId, Touch>> _unsaved = [];
    private readonly Lock _lock = new();

    /// <summary>Entries of waiting accounts that are kept for the queue; beyond it the queue says "at least".</summary>
    private const int MostWaiting = 100_000;

    public void Load(IEnumerable<KeyValuePair<AccountId, Touch>> touched)
    {
        foreach (var pair in touched.OrderBy(pair => pair.Value.SinceMs))
        {
            _touched[pair.Key] = pair.Value;
            _recent.Enqueue(pair);
        }
    }

    /// <summary>Whether the rule may touch the account now.</summary>
    public bool Allows(Verdict verdict, bool verified, PolicyBrake brake, long accountCount, IReadOnlyDictionary<ApprovalKey, bool> approvals, long nowMs, out bool denied)
    {
        denied = false;
        if (approvals.TryGetValue(new ApprovalKey(Campaign, verdict.Rule), out var approved))
        {
            denied = !approved;
            return approved;
        }

        if (_touched.ContainsKey(verdict.Account)) return true;
        lock (_lock)
        {
            while (_recent.TryPeek(out var oldest) && nowMs - oldest.Value.SinceMs >= SpanMs) _recent.Dequeue();
            if (_recent.Count < Math.Floor(brake.AccountShare * accountCount) && (!verified || _recent.Count(pair => pair.Value.Verified) < brake.Verified))
            {
                var pair = KeyValuePair.Create(verdict.Account, new Touch(nowMs, verified));
                _touched[pair.Key] = pair.Value;
                _recent.Enqueue(pair);
                _unsaved.Add(pair);
                return true;
            }
        }

        if (_waiting.Count < MostWaiting) _waiting[(verdict.Rule, verdict.Account)] = verified;
        return false;
    }

    /// <summary>What the brake held back, by rule.</summary>
    public IEnumerable<PendingApproval> Pending(IReadOnlyDictionary<ApprovalKey, bool> approvals) =>
        _waiting.GroupBy(pair => pair.Key.Rule).Where(group => !approvals.ContainsKey(new ApprovalKey(Campaign, group.Key))).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new PendingApproval(Campaign, group.Key, "brake", group.Count(), group.Count(pair => pair.Value)));

    /// <summary>Touches since the last call.</summary>
    public IReadOnlyList<KeyValuePair<AccountId, Touch>> TakeUnsaved()
    {
        lock (_lock)
        {
            KeyValuePair<AccountId, Touch>[] unsaved = [.. _unsaved];
            _unsaved.Clear();
            return unsaved;
        }
    }

    /// <summary>Forgets what was held back under an older policy.</summary>
    public void Reset() => _waiting.Clear();
}
