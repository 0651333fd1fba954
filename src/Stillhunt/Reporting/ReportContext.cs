namespace Stillhunt.Reporting;

/// <summary>What a report says about its own making. Nothing here is measured: the same result and context give the same bytes.</summary>
public sealed record ReportContext
{
    public string Title { get; init; } = "Distillation campaigns";

    /// <summary>Version of the program that made the result.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>When the report was written, or null to leave it out.</summary>
    public DateTimeOffset? Written { get; init; }

    /// <summary>The command line that made the result, shown under "How to reproduce this"; null says how to state it.</summary>
    public string? Command { get; init; }

    /// <summary>The logs that were read, as the user named them.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];
}
