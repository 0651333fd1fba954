using System.CommandLine;
using System.Text.Json.Nodes;
using Stillhunt.Ingest;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt formats</c>: what is read, with one example line each.</summary>
internal static class FormatsCommand
{
    public static Command Make()
    {
        var json = new Option<bool>("--json") { Description = "As JSON." };
        var command = new Command("formats", "List the log formats that are read, which identity each takes as the account, and one example line of each.") { json };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(json))
            {
                Console.WriteLine(new JsonArray([.. LogFormats.All.Select(f => new JsonObject
                {
                    ["name"] = f.Name, ["summary"] = f.Summary, ["account"] = f.AccountRule, ["example"] = f.Example,
                })]).ToJsonString());
                return ExitCodes.Done;
            }

            foreach (var format in LogFormats.All)
            {
                Console.WriteLine(format.Name);
                Console.WriteLine("  " + format.Summary);
                Console.WriteLine("  account: " + format.AccountRule);
                Console.WriteLine("  " + format.Example);
                Console.WriteLine();
            }

            Console.WriteLine("Anything else in JSON Lines or CSV: --map FILE (docs/mapping.md). Plain, .gz and .zst; files, globs, folders, standard input.");
            return ExitCodes.Done;
        });
        return command;
    }
}
