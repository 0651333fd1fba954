using System.Text.Json.Serialization;
using Stillhunt.Campaigns;
using Stillhunt.Profiles;

namespace Stillhunt.Ledger;

/// <summary>What a person found of a campaign.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReviewOutcome>))]
public enum ReviewOutcome
{
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>It is one operator's extraction: counts as certain from here on.</summary>
    [JsonStringEnumMemberName("confirmed")]
    Confirmed,

    /// <summary>It is honest: no rule touches it, and it is not announced again.</summary>
    [JsonStringEnumMemberName("dismissed")]
    Dismissed,
}

/// <param name="By">Who decided.</param>
/// <param name="Note">Why, in their words.</param>
public sealed record CampaignReview(ReviewOutcome Outcome, string By, string Note, long AtMs);

/// <summary>An account that detection ascribed to the campaign, now or before.</summary>
public sealed record CampaignMember
{
    public required string Source { get; init; }
    public required string Id { get; init; }

    /// <summary>The end user whose exchanges the campaign's are, where they are not the whole account's; null for the whole account.</summary>
    public string? EndUser { get; init; }

    /// <summary>When it was first ascribed to the campaign.</summary>
    public required long SinceMs { get; init; }

    /// <summary>P(the account is the operator's), as of the last detection that held it.</summary>
    public required double Probability { get; init; }

    public required long ExtractingCount { get; init; }

    /// <summary>Whether the last detection still held it.</summary>
    public required bool Current { get; init; }

    /// <summary>The last detection that held it, from which verdicts on it count; null where an earlier version kept none.</summary>
    public long? HeldMs { get; init; }

    /// <summary>It began after others of the campaign had ended: a replacement.</summary>
    public bool Successor { get; init; }

    /// <summary>By what it was recognised as it came in, as long as no detection held it; null for everybody else.</summary>
    public Recognition? Recognised { get; init; }

    [JsonIgnore]
    public AccountId Account => new(Source, Id);

    /// <summary>The account alone does not name a member: several of its end users may be in campaigns, and the account itself in none.</summary>
    [JsonIgnore]
    internal MemberId Member => new(Account, EndUser);
}

/// <summary>A campaign over time. Detection sees a window and names what it sees anew; this keeps one identity through growth, merging and bans.</summary>
public sealed record TrackedCampaign
{
    /// <summary>That of the detection that first saw it; stays for good.</summary>
    public required string Id { get; init; }

    public required long FirstSeenMs { get; init; }

    /// <summary>The last detection that saw it.</summary>
    public required long LastSeenMs { get; init; }

    /// <summary>Another campaign that it turned out to be a part of, or null.</summary>
    public string? MergedInto { get; init; }

    /// <summary>The campaign that it was split from, or null.</summary>
    public string? SplitFrom { get; init; }

    public CampaignReview? Review { get; init; }

    /// <summary>As the last detection described it, under this ledger's id.</summary>
    public required Campaign Latest { get; init; }

    public required IReadOnlyList<CampaignMember> Members { get; init; }

    /// <summary>Whether it was announced as flagged.</summary>
    public bool Announced { get; init; }

    /// <summary>Extracting exchanges and accounts at the last announcement of growth.</summary>
    public long AnnouncedExtracting { get; init; }

    /// <inheritdoc cref="AnnouncedExtracting"/>
    public int AnnouncedAccounts { get; init; }

    /// <summary>Answered extracting exchanges by model at the last announcement of a move.</summary>
    public IReadOnlyDictionary<string, long> AnnouncedModels { get; init; } = new Dictionary<string, long>();

    /// <summary>Whether the campaign was silent when last looked at.</summary>
    public bool Dormant { get; init; }

    [JsonIgnore]
    public ReviewOutcome Outcome => Review?.Outcome ?? ReviewOutcome.Open;

    /// <summary>Confidence with what a person found: 1 where confirmed, 0 where dismissed.</summary>
    [JsonIgnore]
    public double Confidence => Outcome switch { ReviewOutcome.Confirmed => 1, ReviewOutcome.Dismissed => 0, _ => Latest.Confidence };

    /// <summary>Whether it stands for itself, and was not merged into another.</summary>
    [JsonIgnore]
    public bool Stands => MergedInto is null;
}
