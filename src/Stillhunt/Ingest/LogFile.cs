namespace Stillhunt.Ingest;

/// <summary>One file of a scan.</summary>
/// <param name="Index">Its place in the scan's order; <see cref="LogPosition.File"/> refers to it.</param>
/// <param name="Path">As it was given or found; <c>-</c> is standard input.</param>
/// <param name="Source">Which log it belongs to: an account is (source, id).</param>
/// <param name="Length">Bytes on disk, null for standard input.</param>
public sealed record LogFile(int Index, string Path, string Source, long? Length)
{
    public const string StandardInput = "-";

    /// <summary>The source of whatever no <c>--source</c> names: the same on every machine and for every path.</summary>
    public const string DefaultSource = "default";
}

/// <summary>A file that could not be read, or not to its end, or held nothing, in a sentence for the user.</summary>
/// <param name="Path">The file or pattern.</param>
/// <param name="Reason">A stable kebab-case word to count by.</param>
/// <param name="Text">What is wrong and what to do.</param>
public sealed record FileFault(string Path, string Reason, string Text)
{
    private const string EmptyReason = "file-empty";

    /// <summary>Whether something may be missing from what was read. Of an empty file nothing is: a day without traffic leaves one.</summary>
    public bool IsLoss => Reason != EmptyReason;

    /// <summary>A file without a record.</summary>
    internal static FileFault Empty(LogFile file) => new(file.Path, EmptyReason, $"{(file.Path == LogFile.StandardInput ? "Standard input" : file.Path)} is empty: it holds no record.");
}
