using Stillhunt.Campaigns;
using Stillhunt.Cli.Output;
using Stillhunt.Reporting;
using Stillhunt.Sketches;

namespace Stillhunt.Cli.Commands;

/// <summary>What the user asked to be written.</summary>
internal sealed record ResultRequest(bool Json, string? JsonPath, string? Report, string? Csv, string? Markdown, string KeyFile, IReadOnlySet<string> LeaveOut, Calibration Calibration)
{
    public KeyedHash Key() => HashKeyFile.LoadOrCreate(KeyFile);

    /// <summary>In <c>scan --json a.jsonl b.jsonl</c> the first log would be taken as the file to write.</summary>
    /// <exception cref="UsageException">The file exists and is no result.</exception>
    public void CheckJsonIsNoLog()
    {
        if (JsonPath is null || !File.Exists(JsonPath) || JsonPath.StartsWith("/dev/", StringComparison.Ordinal)) return;
        Span<byte> head = stackalloc byte[200];
        using var from = File.OpenRead(JsonPath);
        head = head[..from.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        if (head.Length > 0 && head.IndexOf("stillhunt.campaigns/"u8) < 0)
            throw new UsageException($"--json {JsonPath} would overwrite a file that is no result of a scan. Name another file, or put --json last to write to standard output.");
    }

    public void Write(ScanResult result, IReadOnlyList<string> inputs)
    {
        if (Json && JsonPath is null)
        {
            using var standardOutput = Console.OpenStandardOutput();
            WriteJson(standardOutput, result);
        }
        else
        {
            ResultTable.Print(Terminals.Output, result);
        }

        if (JsonPath is not null) OutputFile.Write(JsonPath, to => WriteJson(to, result));
        if (Report is not null) OutputFile.WriteText(Report, to => HtmlReport.Write(to, result, Context(inputs)));
        if (Csv is not null) OutputFile.WriteText(Csv, to => AccountCsv.Write(to, result));
        if (Markdown is not null) OutputFile.WriteText(Markdown, to => MarkdownSummary.Write(to, result));
        foreach (var path in new[] { JsonPath, Report, Csv, Markdown }.OfType<string>()) Console.Error.WriteLine("Wrote " + path);
    }

    private static void WriteJson(Stream to, ScanResult result)
    {
        ScanResultJson.Write(to, result);
        to.WriteByte((byte)'\n');
    }

    private static ReportContext Context(IReadOnlyList<string> inputs) => new()
    {
        ToolVersion = typeof(ResultRequest).Assembly.GetName().Version?.ToString(3) ?? "0",
        Written = TimeProvider.System.GetUtcNow(),
        Inputs = inputs,
        Command = "stillhunt " + string.Join(' ', Environment.GetCommandLineArgs().Skip(1)),
    };
}
