using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>What became of one record.</summary>
internal enum ReadOutcome
{
    /// <summary>Its exchanges were handed to the sink (a record may hold none that count, or several).</summary>
    Read,

    /// <summary>It is of this format and cannot be used; the reason says why.</summary>
    Rejected,

    /// <summary>It is not of this format, as far as this reader sees; the reason counts if no other reader knows it.</summary>
    NotMine,
}

/// <summary>The result of reading one record.</summary>
internal readonly record struct ReadResult(ReadOutcome Outcome, Rejection Why)
{
    public static ReadResult Done => default;

    public static ReadResult Reject(string reason, string? field = null) => new(ReadOutcome.Rejected, new Rejection(reason, field));

    public static ReadResult NotMine(string reason, string? field = null) => new(ReadOutcome.NotMine, new Rejection(reason, field));
}

/// <summary>
/// Reads the records of one format. A reader may own scratch buffers and keeps nothing from one record to the next, so that one
/// reader a thread reads blocks in any order with the same result.
/// </summary>
internal abstract class RecordReader
{
    /// <summary>
    /// Reads one JSON object of well-formed UTF-8. Malformed JSON throws <see cref="System.Text.Json.JsonException"/> before
    /// anything reached the sink.
    /// </summary>
    public abstract ReadResult Read(JsonValue record, Exchange exchange, IExchangeSink sink, LogPosition position);
}
