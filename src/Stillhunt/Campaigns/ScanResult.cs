using System.Text.Json.Serialization;

namespace Stillhunt.Campaigns;

/// <summary>The content of <c>campaigns.json</c>, schema <c>stillhunt.campaigns/1</c>. Unknown is null, never 0.</summary>
public sealed record ScanResult
{
    public const string SchemaName = "stillhunt.campaigns/1";

    public string Schema { get; init; } = SchemaName;
    public required ScannedSummary Scanned { get; init; }
    public required AccessSummary Access { get; init; }

    /// <summary>Flagged campaigns: confidence of at least 0.5, strongest first.</summary>
    public required IReadOnlyList<Campaign> Campaigns { get; init; }

    /// <summary>Weaker ones, in the same shape.</summary>
    public required IReadOnlyList<Campaign> Suspected { get; init; }

    /// <summary>Entitled traffic first, then groups that share much and did not reach the evidence, with what they look like.</summary>
    public required IReadOnlyList<ClearedGroup> Cleared { get; init; }

    /// <summary>Further such groups, which <see cref="Cleared"/> leaves out: smaller ones, and less busy addresses; entitled ones never are. Not written where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ClearedOmittedCount { get; init; }

    /// <summary>How sums of bits became confidences; null in results of versions before it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CalibrationSummary? Calibration { get; init; }

    /// <summary>What indicators of others matched; null where none were given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IntelResult? Intel { get; init; }
}

/// <summary>What was read. Times are RFC 3339 in UTC.</summary>
public sealed record ScannedSummary
{
    public required long ExchangeCount { get; init; }
    public required long AccountCount { get; init; }
    public required IReadOnlyDictionary<string, long> Rejected { get; init; }
    public required string? From { get; init; }
    public required string? To { get; init; }

    /// <summary>Kinds of field that no record held, so that the detection that needs them was blind.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Kinds of evidence (<see cref="EvidenceKinds.All"/>) that the user asked not to be used; null where nothing was left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? LeftOut { get; init; }

    /// <summary>What of the logs could not be read, or not to its end, so that this is a result about a part of the traffic; null where all was read, and in results of versions before it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<UnreadInput>? Unread { get; init; }

    /// <summary>Shards of the scan that were in none of the merged parts; absent where all were.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long MissingShardCount { get; init; }

    /// <summary>True where groups were not sought again with the halves of the exchanges exchanged (<see cref="Detector.MostSoughtAgain"/>); absent where they were, or where that was left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool SoughtOnce { get; init; }

    /// <summary>Exchanges of each account and day that samples held at most, where all together would have been too many for <see cref="Profiles.AccountDay.SampleSize"/>; null where that was held.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SampleCap { get; init; }

    /// <summary>Records that repeated the id of an earlier one of the same source and were not counted.</summary>
    public long DuplicateCount { get; init; }

    /// <summary>Optional fields of the wrong type that were dropped, by field.</summary>
    public IReadOnlyDictionary<string, long> DroppedFields { get; init; } = new Dictionary<string, long>();
}

/// <summary>A file, pattern or folder of the scan that could not be read, or not to its end.</summary>
public sealed record UnreadInput
{
    /// <summary>As the user gave it, or as it was found in the folder that the user gave.</summary>
    public required string File { get; init; }

    /// <summary>file-missing, file-unreadable, file-broken, no-logs-in-folder, folder-unreadable, ...</summary>
    public required string Reason { get; init; }
}

public sealed record AccessSummary
{
    public required IReadOnlyList<AccessDay> Days { get; init; }

    /// <summary>What changed over the days, in plain sentences.</summary>
    public required IReadOnlyList<AccessChange> Changes { get; init; }
}

/// <summary>One UTC day of access. Shares are of the day's exchanges; a technique's share is absent where no prompt text was logged.</summary>
public sealed record AccessDay
{
    public required string Day { get; init; }
    public required long ExchangeCount { get; init; }
    public required long AccountCount { get; init; }
    public required IReadOnlyDictionary<string, double> Techniques { get; init; }
    public required IReadOnlyDictionary<string, double> Capabilities { get; init; }
    public required IReadOnlyDictionary<string, double> Models { get; init; }
}

public sealed record AccessChange
{
    public required string Text { get; init; }
}

/// <summary>One or more accounts with one operator, and the part of their traffic that extracts.</summary>
public sealed record Campaign
{
    /// <summary>Stable for the same accounts and families.</summary>
    public required string Id { get; init; }

    /// <summary>P(this is one operator's extraction), from prior and evidence.</summary>
    public required double Confidence { get; init; }

    /// <summary>The sum of the evidence rows, prior and caps included; confidence = 1/(1+2^-bits).</summary>
    public required double Bits { get; init; }

    public required string First { get; init; }
    public required string Last { get; init; }

    /// <summary>All that the accounts sent.</summary>
    public required long ExchangeCount { get; init; }

    /// <summary>The campaign's own part.</summary>
    public required long ExtractingCount { get; init; }

    public required IReadOnlyList<CampaignAccount> Accounts { get; init; }
    public required IReadOnlyList<Share> Techniques { get; init; }
    public required IReadOnlyList<Share> Capabilities { get; init; }
    public required IReadOnlyList<Share> Models { get; init; }
    public required IReadOnlyList<CampaignFamily> Families { get; init; }
    public required Exposure Exposure { get; init; }
    public required IReadOnlyList<EvidenceRow> Evidence { get; init; }

    /// <summary>Extracting exchanges by UTC day, for the timeline; a day without any is left out.</summary>
    public IReadOnlyList<CampaignDay> Days { get; init; } = [];

    /// <summary>What holds the accounts together, for the picture: values shared by at least two of them.</summary>
    public IReadOnlyList<SharedValue> Shared { get; init; } = [];

    /// <summary>What the operator could be recognised by elsewhere; null in results of versions before it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CampaignIndicators? Indicators { get; init; }
}

public sealed record CampaignDay
{
    public required string Day { get; init; }
    public required long ExtractingCount { get; init; }
    public required long AccountCount { get; init; }
}

/// <summary>One value (a payment, a network, a client, a family) and the accounts of the campaign that share it.</summary>
public sealed record SharedValue
{
    /// <summary>payment, ip, network, client, tls, email, created, family, ...</summary>
    public required string Kind { get; init; }

    public required string Label { get; init; }

    /// <summary>All accounts of the campaign with the value.</summary>
    public required long AccountCount { get; init; }

    /// <summary>Positions in <see cref="Campaign.Accounts"/> of the first (at most 400) accounts with the value.</summary>
    public required IReadOnlyList<int> Accounts { get; init; }
}

public sealed record CampaignAccount
{
    public required string Id { get; init; }
    public required string Source { get; init; }

    /// <summary>The account's end user whose exchanges these are, as the log writes him; null where the whole account is the operator's.</summary>
    public string? EndUser { get; init; }

    /// <summary>The one key under which all the campaign's exchanges of this member came; null where they came under several, or none is named. Of a secret only the end.</summary>
    public string? Key { get; init; }

    /// <summary>P(this account is the operator's), or this end user.</summary>
    public required double Probability { get; init; }

    /// <summary>Bits of that which its registration, network and client add to what its wording says, as they fit the other accounts' or do not; null where they say nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MeansBits { get; init; }

    /// <summary>All that the account sent, exactly; of an end user who was judged by himself, what he sent, scaled up from the sample.</summary>
    public required long ExchangeCount { get; init; }

    /// <summary>The campaign's own part, scaled up from the sample.</summary>
    public required long ExtractingCount { get; init; }
}

public sealed record Share
{
    public required string Id { get; init; }

    [JsonPropertyName("share")]
    public required double Value { get; init; }
}

public sealed record CampaignFamily
{
    public required string Id { get; init; }

    /// <summary>The invariant words; a slot is written as U+2026 in angle quotes: ‹…›.</summary>
    public required string Skeleton { get; init; }

    public required long ExchangeCount { get; init; }
}

/// <summary>What was obtained. Tokens are null where the log did not count them.</summary>
public sealed record Exposure
{
    public required long? OutputTokens { get; init; }
    public required long? ReasoningTokens { get; init; }

    /// <summary>Extracting exchanges that were answered, by capability id.</summary>
    public required IReadOnlyDictionary<string, long> ByCapability { get; init; }

    public required IReadOnlyDictionary<string, long> ByModel { get; init; }
}

/// <summary>One finding with its weight, its plain sentence, and examples.</summary>
public sealed record EvidenceRow
{
    /// <summary>prior, registration, network, client, content, time, extraction, contrary, intelligence; calibration: caps, which take off what other rows add up to beyond the most that they may count; or reliability: what the sum was worth where it was measured, and at the stated prevalence.</summary>
    public required string Block { get; init; }

    public required string Kind { get; init; }
    public required double Bits { get; init; }
    public required string Text { get; init; }
    public required long? AccountCount { get; init; }

    /// <summary>Ids of a few of the exchanges that it was measured on, to look up; several rows may name the same.</summary>
    public required IReadOnlyList<string> Examples { get; init; }
}

/// <summary>A look-alike: a group that shares much and did not reach the evidence, or that holds an entitlement.</summary>
public sealed record ClearedGroup
{
    public required string Lookalike { get; init; }
    public required long AccountCount { get; init; }
    public required long ExchangeCount { get; init; }
    public required string Text { get; init; }

    /// <summary>The first five ids; of entitled accounts up to 400. That an id is absent says nothing.</summary>
    public required IReadOnlyList<string> Accounts { get; init; }
}
