namespace Stillhunt.Campaigns;

/// <summary>
/// What indicators of others matched in this traffic (<c>scan --intel</c>). A match raises suspicion and convicts nobody: no sum of matches
/// reaches the odds of a finding.
/// </summary>
public sealed record IntelResult
{
    public required IReadOnlyList<IntelIndicatorUse> Indicators { get; init; }

    /// <summary>Accounts with a match, the strongest first.</summary>
    public required IReadOnlyList<IntelMatch> Accounts { get; init; }
}

/// <summary>What became of one indicator.</summary>
public sealed record IntelIndicatorUse
{
    /// <summary>Its STIX id.</summary>
    public required string Id { get; init; }

    /// <summary>Who sent it.</summary>
    public required string Source { get; init; }

    /// <summary>sketch, ip, network, asn, client, tls, email-domain or payment.</summary>
    public required string Kind { get; init; }

    /// <summary>used, or the reason why not: expired, revoked, own, allowed, left-out, no-key, expired-key, unsupported, too-many, copied, too-common, hits-trusted.</summary>
    public required string Status { get; init; }

    /// <summary>The status in a sentence.</summary>
    public required string Text { get; init; }

    public required long AccountCount { get; init; }
    public required long ExchangeCount { get; init; }

    /// <summary>What a match is worth here, in bits; null where the indicator was not used.</summary>
    public required double? Bits { get; init; }

    public required string? First { get; init; }
    public required string? Last { get; init; }
}

/// <summary>One account and the indicators that it matched.</summary>
public sealed record IntelMatch
{
    public required string Id { get; init; }
    public required string Source { get; init; }

    /// <summary>Names of those who sent the indicators.</summary>
    public required IReadOnlyList<string> Senders { get; init; }

    /// <summary>
    /// Those of your senders whom you trust more than somebody of whom nothing is known, and who sent an indicator of it that no other of your senders did: only where two of them agree may
    /// a campaign be flagged with what is shared.
    /// </summary>
    public IReadOnlyList<string> Witnesses { get; init; } = [];

    /// <summary>Each indicator that it matched.</summary>
    public IReadOnlyList<IntelMatchHit> Hits { get; init; } = [];

    /// <summary>Bits in favour of one operator's extraction: capped per sender, and in all.</summary>
    public required double Bits { get; init; }

    /// <summary>Exchanges of the account that matched.</summary>
    public required long ExchangeCount { get; init; }

    public required string First { get; init; }
}

/// <summary>What an account sent that one indicator matched.</summary>
public sealed record IntelMatchHit
{
    /// <summary>Its STIX id.</summary>
    public required string Indicator { get; init; }

    /// <summary>0 where what is known of the account matched, and not what it sent.</summary>
    public required long ExchangeCount { get; init; }

    public required string First { get; init; }
    public required string Last { get; init; }
}
