using Stillhunt.Profiles;
using Stillhunt.Response;

namespace Stillhunt.Server.Store;

/// <summary>What people decided, and whom verdicts touch.</summary>
public interface IDecisionStore
{
    IReadOnlyDictionary<ApprovalKey, Approval> LoadApprovals();

    void Approve(ApprovalKey key, Approval approval, string by, string note, long atMs);

    IReadOnlyDictionary<AccountId, Reversal> LoadReversals();

    /// <summary>Keeps a reversal, and notes the account's open appeals as granted by it.</summary>
    void Reverse(Reversal reversal);

    /// <returns>Whether there was one.</returns>
    bool WithdrawReversal(AccountId account);

    Appeal AddAppeal(Appeal appeal);

    /// <summary>Those that wait for a person, the oldest first.</summary>
    IReadOnlyList<Appeal> OpenAppeals();

    /// <summary>All of one account, the oldest first.</summary>
    IReadOnlyList<Appeal> AppealsOf(AccountId account);

    /// <returns>The appeal as it was decided, or null where there is none of this id that is open.</returns>
    Appeal? RejectAppeal(long id, string by, string note, long atMs);

    /// <summary>Forgets what one account said; says how many appeals that was.</summary>
    int DeleteAppeals(AccountId account);

    /// <param name="kind"><c>campaign</c> or <c>access</c>.</param>
    IReadOnlyDictionary<AccountId, Touch> LoadTouches(string kind);

    /// <param name="ended">Forgotten first: one that ended may have begun anew.</param>
    void SaveTouches(string kind, IReadOnlyCollection<KeyValuePair<AccountId, Touch>> begun, IReadOnlyCollection<AccountId> ended);

    /// <summary>Grants that were not revoked.</summary>
    IReadOnlyList<Grant> LoadGrants();

    Grant AddGrant(Grant grant);

    /// <returns>Whether there was one.</returns>
    bool RevokeGrant(long id, long nowMs);
}

/// <summary>A programme status or an entitlement that a person gave an account, with what it rests on.</summary>
/// <param name="Id">0 before it is kept.</param>
/// <param name="Kind"><c>program</c> or <c>entitlement</c>.</param>
/// <param name="Name">Such as <c>research</c>, or the licence.</param>
/// <param name="Evidence">What was seen: a contract, a letter.</param>
/// <param name="By">Who verified it.</param>
/// <param name="UntilMs">When it runs out; null for good.</param>
public sealed record Grant(long Id, string Account, string Kind, string Name, string Evidence, string By, long AtMs, long? UntilMs);
