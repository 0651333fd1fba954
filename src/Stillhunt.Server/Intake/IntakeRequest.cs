using Stillhunt.Ingest;

namespace Stillhunt.Server.Intake;

/// <summary>One body of records that waits to be taken in. The reply comes once everything it accepted is durable.</summary>
/// <param name="Body">Plain bytes, decompressed.</param>
/// <param name="Source">An account is (source, id).</param>
/// <param name="Format">The only format to read, or null to recognise each record.</param>
/// <param name="Cursor">Where the bytes end in a followed file, kept together with them.</param>
internal sealed record IntakeRequest(ReadOnlyMemory<byte> Body, string Source, LogFormat? Format, Store.FileCursor? Cursor = null)
{
    /// <summary>Continuations must not run on the lane's thread.</summary>
    public TaskCompletionSource<IntakeReply> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>What became of a body.</summary>
internal sealed record IntakeReply
{
    public long AcceptedCount { get; init; }

    /// <summary>Exchanges whose id was counted before, in this body or an earlier one.</summary>
    public long DuplicateCount { get; init; }

    public long RejectedCount { get; init; }

    /// <summary>Where the first rejected records stood.</summary>
    public required IReadOnlyList<RejectedRecord> Rejected { get; init; }

    /// <summary>Fields of the wrong type, of all records that were read without them.</summary>
    public long DroppedFieldCount { get; init; }

    /// <summary>The first kinds of them that were met.</summary>
    public IReadOnlyList<DroppedField> DroppedFields { get; init; } = [];
}

/// <param name="Line">Of the body, from 1.</param>
/// <param name="Reason">A stable kebab-case word.</param>
internal sealed record RejectedRecord(long Line, string Reason, string? Field);

/// <summary>A field that was of the wrong type; the records were read without it.</summary>
/// <param name="Line">Of the body, from 1: the first record's.</param>
/// <param name="Field">In the words of the format that was read.</param>
/// <param name="Count">Records.</param>
internal sealed record DroppedField(long Line, string Field, long Count);
