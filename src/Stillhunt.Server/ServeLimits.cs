namespace Stillhunt.Server;

/// <summary>What one client, or all together, may take up.</summary>
public sealed record ServeLimits
{
    /// <summary>Bytes of a request's body as it comes over the wire. Default 32 MiB; larger: fewer, longer transactions.</summary>
    public long BodyBytes { get; init; } = 32 << 20;

    /// <summary>Bytes of a body after decompression. Default 128 MiB.</summary>
    public long PlainBytes { get; init; } = 128 << 20;

    /// <summary>Bytes of one record. Default 16 MiB.</summary>
    public int RecordBytes { get; init; } = 16 << 20;

    /// <summary>Bytes that wait to be taken in before callers are told to come again later. Default 256 MiB; larger: memory, and longer waits.</summary>
    public long WaitingBytes { get; init; } = 256 << 20;

    /// <summary>Time in which a body has to arrive. Default 60 s.</summary>
    public TimeSpan BodyTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time in which a request's headers have to arrive. Default 15 s.</summary>
    public TimeSpan HeaderTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Bytes a second that a body has to bring and an answer has to be taken at, once <see cref="SlowTime"/> is over. Default 240, as Kestrel's own.</summary>
    public double LeastRate { get; init; } = 240;

    /// <summary>How long a client may be slower than <see cref="LeastRate"/>. Default 5 s.</summary>
    public TimeSpan SlowTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections open at once. Default 4,096.</summary>
    public int Connections { get; init; } = 4096;

    /// <summary>Clients of an event stream at once. Default 256.</summary>
    public int Listeners { get; init; } = 256;

    /// <summary>Accounts asked about in one decision. Default 1,000.</summary>
    public int DecisionBatch { get; init; } = 1000;

    /// <summary>Days of traffic that are kept; what is older ages out. Default 35. Larger: memory and longer detection.</summary>
    public int RetentionDays { get; init; } = 35;

    /// <summary>Days for which prompts are kept in full, by the clock; 0, the default, keeps none.</summary>
    public int PromptDays { get; init; }

    /// <summary>Requests a second of one key that has no rate of its own, those for decisions apart; default none.</summary>
    public double? KeyRate { get; init; }

    /// <summary>
    /// Requests for decisions a second of one key; default none. A gateway asks as often as its clients do, so a rate that it uses up makes enforcement silent for all of them.
    /// </summary>
    public double? DecideRate { get; init; }

    /// <summary>Bytes that the store may grow to; default none but the disk's.</summary>
    public long? StoreBytes { get; init; }
}
