namespace Stillhunt.Sharing.Stix;

/// <summary>How much of a stranger's bundle is read. What is larger is refused as a whole and nothing of it used.</summary>
public sealed record StixLimits
{
    /// <summary>Bytes. Ten thousand objects take some ten megabytes. Larger: memory, about four times as much. Default 64 MiB.</summary>
    public long Bytes { get; init; } = 64L << 20;

    /// <summary>Objects within objects. STIX itself needs about six. Default 32.</summary>
    public int Depth { get; init; } = 32;

    public int Objects { get; init; } = 200_000;

    /// <summary>Properties and list entries of one object; a grouping of everything has as many references as objects.</summary>
    public int ValuesPerObject { get; init; } = 250_000;

    public static StixLimits Default { get; } = new();
}
