namespace Stillhunt.Ingest;

/// <summary>What the provider knows of an account; null is unknown. Values may be keyed hashes.</summary>
public sealed record AccountRecord
{
    public required string Account { get; init; }
    public string? Organization { get; init; }
}
