using System.CommandLine;
using Stillhunt.Cli.Files;
using Stillhunt.Sketches;

namespace Stillhunt.Cli.Commands;

/// <summary>The options that <c>scan</c> and <c>merge</c> share: what is written, the key, and how evidence is weighed.</summary>
internal sealed class ResultOptions
{
    private static readonly string[] OfResult = ["--json", "--report", "--csv", "--markdown", "--leave-out", "--prevalence"];

    private readonly JsonOption _json = new("Write the result as campaigns.json", OutputForm.Result);
    private readonly FileOption<string?> _report = new("--report", FileUse.Written) { Description = "Write a self-contained HTML report.", HelpName = "FILE" };
    private readonly FileOption<string?> _csv = new("--csv", FileUse.Written) { Description = "Write the list of accounts to act on.", HelpName = "FILE" };
    private readonly FileOption<string?> _markdown = new("--markdown", FileUse.Written) { Description = "Write a short summary for a ticket.", HelpName = "FILE" };
    private readonly FileOption<string?> _key = new("--key-file", FileUse.Read)
    {
        Otherwise = HashKeyFile.DefaultPath,
        Description = "The secret key of your deployment, made at the first use. Machines whose parts are merged need the same. Default: stillhunt/key in your configuration folder.", HelpName = "FILE",
    };

    private readonly LeaveOutOption _leaveOut = new();
    private readonly PrevalenceOption _prevalence = new();

    public void AddTo(Command command)
    {
        _json.AddTo(command);
        foreach (var option in new Option[] { _report, _csv, _markdown, _key }) command.Add(option);
        _leaveOut.AddTo(command);
        _prevalence.AddTo(command);
    }

    /// <summary>Of the options that were given those that say something about a result; where none is made they would be without effect.</summary>
    public static IEnumerable<string> GivenForResult(ParseResult parsed) =>
        OfResult.Where(name => parsed.GetResult(name) is { } given && given is not System.CommandLine.Parsing.OptionResult { Implicit: true });

    public ResultRequest Read(ParseResult parsed)
    {
        var (json, jsonPath) = _json.Read(parsed);
        return new ResultRequest(
            json, jsonPath, parsed.GetValue(_report), parsed.GetValue(_csv), parsed.GetValue(_markdown), parsed.GetValue(_key) ?? HashKeyFile.DefaultPath, _leaveOut.Read(parsed), _prevalence.Read(parsed));
    }
}
