using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>
/// The kinds of evidence, by the names that rows carry. Any can be left out of a detection: what may not be used under a law or a contract, or to learn what it
/// contributes.
/// </summary>
public static class EvidenceKinds
{
    /// <summary>
    /// Everything that can be left out: all kinds but the prior, the caps and the measured reliability of a sum, which are arithmetic, and what others shared (a row of kind <c>intelligence</c>), which is used only where it is given.
    /// </summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "shared-pool", "dealt-twice", "dealt-across", "dealt-apart", "own-interests", "kept-words", OneHand.Kind, LeftOut.Kind,
        .. Enum.GetValues<ValueKind>().Select(kind => kind.Id()),
        "daytime", "balanced-load", "lockstep", "hand-over",
        "technique", "handle-replay", "no-follow-up", "long-answers", "breadth", "slot-variety", "scattered",
        FoundAgain.Kind, CloseFinding.Kind, "few-accounts", "wording-only", "one-mail-domain", "one-place", "one-house", "one-customer", "working-day", "users-of-one-tool", "re-run", "people", "one-organisation", "verified", "programme",
    ];

    /// <summary>No kind: nothing is left out.</summary>
    public static IReadOnlySet<string> None { get; } = new HashSet<string>();
}
