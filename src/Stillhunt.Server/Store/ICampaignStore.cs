using Stillhunt.Campaigns;
using Stillhunt.Ledger;
using Stillhunt.Profiles;

namespace Stillhunt.Server.Store;

/// <summary>Campaigns over time, what happened to them, and what the last detection saw of everybody.</summary>
public interface ICampaignStore
{
    IReadOnlyList<TrackedCampaign> Load();

    /// <summary>Keeps changed campaigns and new events together.</summary>
    /// <param name="access">How access looked at this detection; null where this is none.</param>
    /// <returns>The events, numbered.</returns>
    IReadOnlyList<NumberedEvent> Save(IReadOnlyCollection<TrackedCampaign> changed, IReadOnlyCollection<CampaignEvent> events, AccessSummary? access = null);

    /// <summary>Events after a number, in order.</summary>
    IReadOnlyList<NumberedEvent> EventsAfter(long seq, int most);

    /// <summary>How access looked at the last detection; null before the first.</summary>
    AccessSummary? LoadAccess();

    /// <summary>The number of the last event, 0 before the first.</summary>
    long LastEvent { get; }

    /// <summary>How far a receiver of events has come; a new one begins with what happens from now on.</summary>
    long DeliveredTo(string receiver);

    void SetDelivered(string receiver, long seq);

    /// <summary>Accounts that sent known campaigns' prompts, the first met first.</summary>
    IReadOnlyList<(SuccessionKey Key, SuccessionCount Count)> LoadSuccession();

    /// <summary>Forgets an account that sent them; says how many counts that was.</summary>
    int DeleteSuccession(AccountId account);
}

/// <param name="Seq">Strictly increasing, never used again.</param>
public sealed record NumberedEvent(long Seq, CampaignEvent Event);
