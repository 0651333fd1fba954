namespace Stillhunt.Campaigns;

/// <summary>
/// What the operator could be recognised by elsewhere. For the provider's own file: what leaves is chosen and redacted from it
/// (Stillhunt.Sharing). Counted over the campaign's own part of the traffic, never over what its accounts sent besides.
/// </summary>
public sealed record CampaignIndicators
{
    /// <summary>Values that at least two of its accounts hold and that few others do.</summary>
    public required IReadOnlyList<ObservedValue> Values { get; init; }

    /// <summary>Phrases of its prompts that say most about it; every word of them is public or used by at least three unlinked owners.</summary>
    public required IReadOnlyList<FamilyPhrase> Phrases { get; init; }

    /// <summary>How many different phrases of these a prompt must hold so that at most one text in two thousand of everybody else does; null without phrases.</summary>
    public required int? LeastPhrases { get; init; }

    /// <summary>Accounts of the campaign of whose sampled texts at least half are such prompts; null without phrases, and in results of versions before it.</summary>
    public int? MatchingAccountCount { get; init; }

    /// <summary>Everybody else's accounts of which any sampled text is such a prompt; those of other flagged campaigns are not counted.</summary>
    public int? MatchingElsewhereCount { get; init; }

    /// <summary>
    /// Words of the phrases and skeletons, and pairs of neighbouring characters of scripts without spaces, with how many unlinked owners use each (counted up to 64); a word of fewer than three is left out.
    /// The accounts of one campaign, one organisation, one payment method or one system prompt are one owner.
    /// </summary>
    public required IReadOnlyDictionary<string, int> Words { get; init; }

    /// <summary>The rhythm: of each hour of the day in UTC, from midnight on, the share of the extracting exchanges; 24 numbers. Empty in results of versions before it.</summary>
    public IReadOnlyList<double> Hours { get; init; } = [];
}

/// <summary>One address, network owner, client and so on, in clear.</summary>
public sealed record ObservedValue
{
    /// <summary>ip, network, asn, client, tls, email-domain or payment.</summary>
    public required string Kind { get; init; }

    public required string Value { get; init; }

    /// <summary>Accounts of the campaign that hold it.</summary>
    public required long AccountCount { get; init; }

    /// <summary>Owners outside the campaign that hold it.</summary>
    public required long ElsewhereCount { get; init; }

    /// <summary>Extracting exchanges with it, scaled up from the sample; null for what the accounts file says.</summary>
    public required long? ExchangeCount { get; init; }

    public required string First { get; init; }
    public required string Last { get; init; }

    /// <summary>Of a client: how many unlinked owners use its rarest word in theirs, counted up to 64; null for other kinds.</summary>
    public long? WordOwners { get; init; }
}

/// <summary>Three neighbouring words (six characters where a script has no spaces), folded.</summary>
public sealed record FamilyPhrase
{
    public required string Words { get; init; }
    public required long AccountCount { get; init; }

    /// <summary>Share of the campaign's sampled texts that hold it, 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>The same for all texts of everybody else.</summary>
    public required double Elsewhere { get; init; }
}
