using Stillhunt.Ingest.Formats;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest;

/// <summary>The formats that are read, and how a record is told to be of one.</summary>
public static class LogFormats
{
    public static LogFormat Native { get; } = new(
        "native",
        "Stillhunt's own format: one JSON object an exchange; only time and account are required.",
        """{"id":"x1","time":"2026-02-01T12:00:00Z","account":"acct-1","ip":"203.0.113.7","model":"m-1","system":"Answer briefly.","messages":[{"role":"user","content":"Name a river."}],"params":{"max_tokens":64},"usage":{"input":12,"output":3},"response":"The Elbe.","status":200}""",
        "account",
        new FormatSignature(["time"], ["account"]),
        options => new NativeReader(options));

    /// <summary>All formats; where a record fits several, the earlier one is the more specific.</summary>
    public static IReadOnlyList<LogFormat> All { get; } = [Native];

    /// <summary>The format of that name, or null.</summary>
    public static LogFormat? Find(string name) => All.FirstOrDefault(format => format.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The format whose signature a record has whole; null where none fits.</summary>
    internal static LogFormat? Recognise(JsonValue record)
    {
        foreach (var format in All)
        {
            if (format.Signature.IsWhole(format.Signature.Match(record))) return format;
        }

        return null;
    }
}
