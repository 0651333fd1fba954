using System.Text.Json.Nodes;

namespace Stillhunt.Sharing.Stix;

/// <summary>What is to be exported, as whom, for whom, and when.</summary>
public sealed record ShareRequest
{
    public required ShareProfile Profile { get; init; }

    /// <summary>The name under which the producer is known to the receivers; it is in every export.</summary>
    public required string Producer { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>The epoch of the group's key, or null: then no sketches are made.</summary>
    public GroupEpoch? Key { get; init; }

    /// <summary>Ids of campaigns; null for all that are flagged.</summary>
    public IReadOnlyCollection<string>? Campaigns { get; init; }

    /// <summary>Campaigns that a human reversed: withdrawn if an earlier export had them.</summary>
    public IReadOnlyCollection<string> Reversed { get; init; } = [];

    /// <summary>
    /// The last export with this profile and producer, or null. Unchanged objects keep their versions, changed ones get a new one, and a campaign that is no longer
    /// flagged is revoked with everything that rests on it alone. Only what the profile would let out today is carried over.
    /// </summary>
    public JsonObject? Previous { get; init; }
}
