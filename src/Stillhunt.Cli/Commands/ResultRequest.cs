using Stillhunt.Campaigns;
using Stillhunt.Cli.Files;
using Stillhunt.Cli.Output;
using Stillhunt.Reporting;
using Stillhunt.Sketches;

namespace Stillhunt.Cli.Commands;

/// <summary>What the user asked to be written.</summary>
internal sealed record ResultRequest(bool Json, string? JsonPath, string? Report, string? Csv, string? Markdown, string KeyFile, IReadOnlySet<string> LeaveOut, Calibration Calibration)
{
    public KeyedHash Key() => HashKeyFile.LoadOrCreate(KeyFile);

    /// <summary>Writes what can be written, whatever becomes of the rest, and tells each failure.</summary>
    /// <returns>Whether all was written.</returns>
    public bool Write(ScanResult result, IReadOnlyList<string> inputs)
    {
        var told = Tell(result);
        return OutputFile.WriteEach(
            (JsonPath, to => WriteJson(to, result)),
            (Report, OutputFile.Text(to => HtmlReport.Write(to, result, Context(inputs)))),
            (Csv, OutputFile.Text(to => AccountCsv.Write(to, result))),
            (Markdown, OutputFile.Text(to => MarkdownSummary.Write(to, result)))) && told;
    }

    private bool Tell(ScanResult result)
    {
        try
        {
            if (!Json || JsonPath is not null)
            {
                ResultTable.Print(Terminals.Output, result);
                return true;
            }

            using var standardOutput = Console.OpenStandardOutput();
            WriteJson(standardOutput, result);
            return true;
        }
        catch (IOException refused)
        {
            ExitCodes.Error("Standard output could not be written: " + refused.Message);
            return false;
        }
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
