namespace Stillhunt.Ingest;

/// <summary>What the provider knows of an account beside its traffic. Null is unknown. Values may be keyed hashes; nothing is read into them.</summary>
public sealed record AccountRecord
{
    public required string Account { get; init; }

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public long? CreatedMs { get; init; }

    /// <inheritdoc cref="CreatedMs"/>
    public long? ClosedMs { get; init; }

    public string? Organization { get; init; }
    public bool? Verified { get; init; }

    /// <summary><c>education</c>, <c>research</c>, <c>startup</c>, <c>none</c>; as it stands.</summary>
    public string? Program { get; init; }

    /// <summary>Any value means that the provider itself issued an entitlement.</summary>
    public string? Entitlement { get; init; }

    /// <inheritdoc cref="CreatedMs"/>
    public long? EntitlementUntilMs { get; init; }

    public string? Payment { get; init; }
    public string? PaymentIssuer { get; init; }
    public string? EmailDomain { get; init; }
    public string? EmailShape { get; init; }
    public string? Phone { get; init; }
    public string? Country { get; init; }
    public string? OwnerCountry { get; init; }
    public string? Referrer { get; init; }
    public string? Tier { get; init; }
    public string? Plan { get; init; }
    public string? Limit { get; init; }
}

/// <summary>A row or a value of an accounts file that could not be used.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">From 1.</param>
/// <param name="Field">The column, or null where it is about the whole row.</param>
/// <param name="Reason">A stable kebab-case word to count by.</param>
public sealed record AccountFault(string Path, long Line, string? Field, string Reason);
