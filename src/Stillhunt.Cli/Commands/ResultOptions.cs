using System.CommandLine;
using Spectre.Console;
using Stillhunt.Campaigns;
using Stillhunt.Cli.Output;
using Stillhunt.Reporting;
using Stillhunt.Sketches;

namespace Stillhunt.Cli.Commands;

/// <summary>The options that <c>scan</c> and <c>merge</c> share: what is written, and the key.</summary>
internal sealed class ResultOptions
{
    private readonly Option<string?> _json = new("--json") { Description = "Write campaigns.json; to standard output where no file is named.", HelpName = "FILE", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _report = new("--report") { Description = "Write a self-contained HTML report.", HelpName = "FILE" };
    private readonly Option<string?> _csv = new("--csv") { Description = "Write the list of accounts to act on.", HelpName = "FILE" };
    private readonly Option<string?> _markdown = new("--markdown") { Description = "Write a short summary for a ticket.", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--key-file") { Description = "The secret key of your deployment; made at the first use. Machines whose parts are merged need the same. Default: " + HashKeyFile.DefaultPath, HelpName = "FILE" };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _json, _report, _csv, _markdown, _key }) command.Add(option);
    }

    public ResultRequest Read(ParseResult parsed) => new(
        parsed.GetResult(_json) is not null, parsed.GetValue(_json), parsed.GetValue(_report), parsed.GetValue(_csv), parsed.GetValue(_markdown),
        parsed.GetValue(_key) ?? HashKeyFile.DefaultPath);
}

/// <summary>What the user asked to be written.</summary>
internal sealed record ResultRequest(bool Json, string? JsonPath, string? Report, string? Csv, string? Markdown, string KeyFile)
{
    public KeyedHash Key() => HashKeyFile.LoadOrCreate(KeyFile);

    public void Write(ScanResult result, IReadOnlyList<string> inputs)
    {
        if (Json && JsonPath is null)
        {
            using var standardOutput = Console.OpenStandardOutput();
            ScanResultJson.Write(standardOutput, result);
            standardOutput.WriteByte((byte)'\n');
        }
        else
        {
            ResultTable.Print(AnsiConsole.Console, result);
        }

        if (JsonPath is not null)
        {
            using var to = File.Create(JsonPath);
            ScanResultJson.Write(to, result);
            to.WriteByte((byte)'\n');
        }

        if (Report is not null) Text(Report, to => HtmlReport.Write(to, result, Context(inputs)));
        if (Csv is not null) Text(Csv, to => AccountCsv.Write(to, result));
        if (Markdown is not null) Text(Markdown, to => MarkdownSummary.Write(to, result));
        foreach (var path in new[] { JsonPath, Report, Csv, Markdown }.OfType<string>()) Console.Error.WriteLine("Wrote " + path);
    }

    private static ReportContext Context(IReadOnlyList<string> inputs) => new()
    {
        ToolVersion = typeof(ResultRequest).Assembly.GetName().Version?.ToString(3) ?? "0",
        Written = TimeProvider.System.GetUtcNow(),
        Inputs = inputs,
        Command = "stillhunt " + string.Join(' ', Environment.GetCommandLineArgs().Skip(1)),
    };

    private static void Text(string path, Action<TextWriter> write)
    {
        using var to = new StreamWriter(path, append: false, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        write(to);
    }
}
