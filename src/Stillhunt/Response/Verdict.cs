using Stillhunt.Profiles;

namespace Stillhunt.Response;

/// <summary>Whether a verdict is carried out, and if not, why not.</summary>
public enum VerdictState
{
    /// <summary>It is carried out.</summary>
    Effective,

    /// <summary>The policy watches only.</summary>
    Shadow,

    /// <summary>It waits for its random time.</summary>
    Delayed,

    /// <summary>It waits for a person.</summary>
    AwaitingApproval,

    /// <summary>A person decided against it.</summary>
    Denied,

    /// <summary>The account is of the share that is left alone.</summary>
    HeldOut,

    /// <summary>A person reversed it for this account.</summary>
    Reversed,
}

/// <summary>What to do about an account now, why, and until when.</summary>
public sealed record Verdict
{
    public required AccountId Account { get; init; }

    /// <summary>What the rule says; carried out only where <see cref="State"/> is effective.</summary>
    public required IReadOnlyList<Obligation> Obligations { get; init; }

    public required VerdictState State { get; init; }
    public required string Rule { get; init; }

    /// <summary>Null for an access rule.</summary>
    public required string? Campaign { get; init; }

    /// <summary>Plain sentences: the evidence that weighs most.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>When it began, or will begin.</summary>
    public required long FromMs { get; init; }

    public required long ExpiresMs { get; init; }

    public ResponseAction Would => Obligations.Max(obligation => obligation.Action);

    /// <summary>What to do now.</summary>
    public ResponseAction Action => State == VerdictState.Effective ? Would : ResponseAction.Observe;
}
