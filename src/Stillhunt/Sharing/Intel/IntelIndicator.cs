using Stillhunt.Sharing.Stix;

namespace Stillhunt.Sharing.Intel;

/// <summary>One indicator of somebody else, as it is looked for here.</summary>
internal sealed record IntelIndicator
{
    public required string Id { get; init; }

    /// <summary>Who sent it, by the name that was given at the import.</summary>
    public required string Sender { get; init; }

    /// <summary>Who made it, by the name in its bundle; or, where the bundle names nobody, who sent it.</summary>
    public required string Source { get; init; }

    /// <summary>The STIX id of who is said to have made it, or null.</summary>
    public string? Maker { get; init; }

    /// <summary>How far the sender is trusted here, 0 to 1: a factor of the bits.</summary>
    public required double Trust { get; init; }

    public required IndicatorPattern? Pattern { get; init; }

    /// <summary>Why there is no pattern.</summary>
    public string Unsupported { get; init; } = "";

    public required DateTimeOffset ValidFrom { get; init; }
    public required DateTimeOffset? ValidUntil { get; init; }
    public required DateTimeOffset Modified { get; init; }
    public bool Revoked { get; init; }
    public string Kind => Pattern?.Kind ?? "unknown";
}
