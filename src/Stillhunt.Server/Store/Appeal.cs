using Stillhunt.Profiles;

namespace Stillhunt.Server.Store;

/// <summary>What became of an appeal.</summary>
public enum AppealOutcome
{
    Open,

    /// <summary>The account was reversed.</summary>
    Granted,

    /// <summary>The verdict stands.</summary>
    Rejected,
}

/// <summary>A customer's word against what is done to the account, as a person noted it, and what another decided.</summary>
/// <param name="Id">0 before it is kept.</param>
/// <param name="By">Who noted it.</param>
/// <param name="Note">What the customer says.</param>
/// <param name="Against">The verdict on the account at that time, as campaign/rule; null where there was none of a campaign.</param>
/// <param name="DecidedBy">Who decided it; null while it is open.</param>
/// <param name="DecidedNote">Why.</param>
public sealed record Appeal(long Id, AccountId Account, string By, string Note, string? Against, long AtMs, AppealOutcome Outcome = AppealOutcome.Open, string? DecidedBy = null, string? DecidedNote = null, long? DecidedMs = null);
