namespace Stillhunt.Ingest;

/// <summary>Why a record was refused. A reason is a stable kebab-case word that results count by.</summary>
/// <param name="Reason">For example <c>not-json</c>, <c>no-account</c>, <c>time-unreadable</c>.</param>
/// <param name="Field">The field at fault, in the words of the format that was read, or null.</param>
public readonly record struct Rejection(string Reason, string? Field);
