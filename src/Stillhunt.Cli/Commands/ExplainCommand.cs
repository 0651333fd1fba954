using System.CommandLine;
using Spectre.Console;
using Stillhunt.Campaigns;
using Stillhunt.Cli.Output;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt explain</c>: the evidence for one campaign, or what is known of one account.</summary>
internal static class ExplainCommand
{
    public static Command Make()
    {
        var id = new Argument<string>("CAMPAIGN|ACCOUNT") { Description = "An id as the table, the report or campaigns.json shows it." };
        var result = new Option<string>("--result") { Description = "The campaigns.json of a scan.", HelpName = "FILE", DefaultValueFactory = _ => "campaigns.json" };
        var command = new Command("explain", "Show the evidence, row by row. Example: stillhunt explain c-0a1b2c3d4e --result campaigns.json") { id, result };
        command.SetAction(parsed =>
        {
            using var from = File.OpenRead(parsed.GetValue(result)!);
            return Explanation.Print(AnsiConsole.Console, ScanResultJson.Read(from), parsed.GetValue(id)!) ? ExitCodes.Done : ExitCodes.NoInput;
        });
        return command;
    }
}
