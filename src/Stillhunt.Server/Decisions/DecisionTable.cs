using System.Collections.Frozen;
using Stillhunt.Profiles;
using Stillhunt.Response;

namespace Stillhunt.Server.Decisions;

/// <summary>All verdicts at one moment: made whole, published whole, read without a lock.</summary>
internal sealed record DecisionTable
{
    public static DecisionTable Empty { get; } = new()
    {
        Policy = Policy.WatchOnly, Verdicts = FrozenDictionary<AccountId, Verdict>.Empty, Reversals = FrozenDictionary<AccountId, Reversal>.Empty,
        Pending = [], Approvals = new Dictionary<ApprovalKey, ApprovalWord>(), Standing = FrozenDictionary<string, StandingDecision>.Empty, Ended = [], Seq = 0,
    };

    public required Policy Policy { get; init; }
    public required FrozenDictionary<AccountId, Verdict> Verdicts { get; init; }
    public required FrozenDictionary<AccountId, Reversal> Reversals { get; init; }
    public required IReadOnlyList<PendingApproval> Pending { get; init; }

    /// <summary>What people's words come to under <see cref="Policy"/>: one without the other would let a rule act that nobody approved.</summary>
    public required IReadOnlyDictionary<ApprovalKey, ApprovalWord> Approvals { get; init; }

    /// <summary>Decisions that are carried out, one for each campaign and rule.</summary>
    public required FrozenDictionary<string, StandingDecision> Standing { get; init; }

    /// <summary>Decisions that ended while this process ran, with the number at which they did.</summary>
    public required IReadOnlyList<(string Id, long Seq)> Ended { get; init; }

    /// <summary>Grows with each change of <see cref="Standing"/>.</summary>
    public required long Seq { get; init; }
}

/// <summary>One decision for a campaign's accounts, for enforcement points that poll.</summary>
/// <param name="Seq">The table's number when it last changed.</param>
/// <param name="Content">Hash of what an enforcement point would do, by which a change is seen.</param>
internal sealed record StandingDecision(string Id, string Campaign, string Rule, IReadOnlyList<Obligation> Obligations, IReadOnlyList<AccountId> Accounts, IReadOnlyList<string> Reasons, long ExpiresMs, long Seq, ulong Content);
