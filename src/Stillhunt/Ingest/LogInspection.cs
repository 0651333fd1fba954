using Stillhunt.Ingest.Formats;

namespace Stillhunt.Ingest;

/// <summary>How many records were of a format.</summary>
public sealed record InspectedFormat(string Name, long RecordCount, double Share);

/// <summary>In what share of the exchanges a field is known.</summary>
public sealed record InspectedField(string Name, double Share);

/// <summary>Records that were refused for one reason.</summary>
/// <param name="Reason">As in <see cref="Rejection"/>.</param>
/// <param name="Field">The field at fault, or null.</param>
/// <param name="RecordCount">How many of the records looked at.</param>
/// <param name="First">The first few, as <c>path:line</c>.</param>
public sealed record InspectedRejection(string Reason, string? Field, long RecordCount, IReadOnlyList<string> First);

/// <summary>A field that the mapping file names, and no exchange holds.</summary>
public sealed record EmptyMapping(string Field, string Path);

/// <summary>What the first records of a log show, for a user who is about to scan it.</summary>
public sealed record LogInspection
{
    /// <summary>One identity in more than this share of a log is no account: a placeholder, a proxy's own name, or a log of one customer.</summary>
    public const double OneIdentityShare = 0.9;

    public required string Path { get; init; }
    public required long RecordCount { get; init; }
    public required long ExchangeCount { get; init; }
    public required IReadOnlyList<InspectedFormat> Formats { get; init; }

    /// <summary>Which field is taken as the account, in the words of the format; null where nothing was recognised.</summary>
    public required string? AccountRule { get; init; }

    /// <summary>The first account seen.</summary>
    public required string? AccountExample { get; init; }

    /// <summary>Distinct accounts among the records looked at.</summary>
    public required int AccountCount { get; init; }

    /// <summary>The identity with the most exchanges, and its share.</summary>
    public required string? LargestAccount { get; init; }

    /// <inheritdoc cref="LargestAccount"/>
    public required double LargestAccountShare { get; init; }

    /// <summary>One identity holds more than nine tenths: campaigns of many accounts cannot be seen with it.</summary>
    public bool OneIdentityDominates => ExchangeCount > 1 && LargestAccountShare > OneIdentityShare;

    /// <summary>Fields in the order of the format, with the share of exchanges that have them.</summary>
    public required IReadOnlyList<InspectedField> Fields { get; init; }

    /// <summary>Fields that no exchange has: detection will lack them.</summary>
    public IReadOnlyList<string> Missing => [.. Fields.Where(known => known.Share == 0).Select(known => known.Name)];

    public required IReadOnlyDictionary<string, long> Rejected { get; init; }

    /// <summary>The same by reason and field, the most frequent first, with the first places.</summary>
    public required IReadOnlyList<InspectedRejection> Rejections { get; init; }

    public required IReadOnlyDictionary<string, long> DroppedFields { get; init; }

    /// <summary>Paths of the mapping file at which no exchange has anything: mistyped, or fields that the log does not hold. Empty without a mapping.</summary>
    public required IReadOnlyList<EmptyMapping> EmptyMappings { get; init; }

    /// <summary>What could not be read at all, and for a foreign log which format is nearest.</summary>
    public required IReadOnlyList<FileFault> Faults { get; init; }

    /// <summary>Looks at the first <paramref name="records"/> records of a log, by the same path as a scan.</summary>
    public static LogInspection Inspect(string path, LogScanOptions? options = null, int records = 1000, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        var formats = new Dictionary<string, (LogFormat? Format, long Count)>(StringComparer.Ordinal);
        var asked = (options ?? new LogScanOptions()) with
        {
            StopAfterRecords = records,
            Recognised = format =>
            {
                var name = format?.Name ?? "mapped";
                formats[name] = (format, formats.GetValueOrDefault(name).Count + 1);
            },
        };
        var files = LogFiles.Find([new LogInput(path)], asked.Mapping is not null);
        var statistics = new InspectionSink(files);
        var summary = LogScan.Run(files, asked, statistics, null, cancellation);
        var main = formats.Values.OrderByDescending(value => value.Count).FirstOrDefault().Format;
        return statistics.Finish(
            path, summary,
            [.. formats.OrderByDescending(pair => pair.Value.Count).Select(pair => new InspectedFormat(pair.Key, pair.Value.Count, (double)pair.Value.Count / summary.RecordCount))],
            formats.Count == 0 ? null : AccountRuleOf(asked, main), asked.Mapping);
    }

    private static string? AccountRuleOf(LogScanOptions asked, LogFormat? main)
    {
        if (asked.AccountField is { } field) return new AccountPath(field).Text;
        return main?.AccountRule ?? (asked.Mapping?.PathOf("account") is { } mapped ? $"{mapped.Text}, as the mapping says" : null);
    }
}
