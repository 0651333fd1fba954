using Stillhunt.Ingest;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Cli.Output;

/// <summary>Why records were refused, in one line with the first places and, where there is something to do about it, what.</summary>
internal static class Refusal
{
    /// <param name="counted">How many, in words.</param>
    /// <param name="first">Places as <c>path:line</c>.</param>
    /// <param name="options">How the log was read.</param>
    public static string Describe(string reason, string? field, string counted, IEnumerable<string> first, LogScanOptions options) => OutputText.Terminal(
        $"refused ({reason}{(field is null ? "" : ", field " + field)}), {counted}, first at {string.Join(", ", first)}{Advice(reason, options)}", 2000);

    private static string Advice(string reason, LogScanOptions options) => reason switch
    {
        "no-account" when options.AccountField is { } path => $". To fall back on another field, name it after a comma: --account-field {path},FIELD",
        "no-account" when options.Mapping is null => ". Where another field says whose the record is, name it with --account-field",
        "time-without-zone" when options.Mapping is not null => ". If these times are UTC, the mapping file can say so: time_zone: utc",
        _ => "",
    };
}
