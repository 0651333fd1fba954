using Stillhunt.Response;

namespace Stillhunt.Server.Enforcement;

/// <summary>What becomes of one request at an enforcement point.</summary>
/// <param name="Verdict">What stands against the account; null where nothing does.</param>
/// <param name="Refusal">Null: the request goes on, under the obligations.</param>
internal readonly record struct Admission(Verdict? Verdict, Refusal? Refusal)
{
    /// <summary>What is to be carried out on a request that goes on; none where a verdict only watches.</summary>
    public IReadOnlyList<Obligation> Obligations => Verdict is { State: VerdictState.Effective } verdict ? verdict.Obligations : [];

    public static Admission Refused(Refusal refusal) => new(null, refusal);
}
