using System.CommandLine;
using System.Text.Json.Nodes;
using Stillhunt.Cli.Files;
using Stillhunt.Ingest;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt formats</c>: what is read, with one example line each.</summary>
internal static class FormatsCommand
{
    public static Command Make()
    {
        var json = new JsonOption("Write the list as JSON", OutputForm.Json("name"));
        var command = new Command("formats", "List the log formats that are read, which identity each takes as the account, and one example line of each.");
        json.AddTo(command);
        command.SetAction(parsed =>
        {
            if (json.Write(parsed, Nodes)) return ExitCodes.Done;
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

    private static JsonArray Nodes() =>
    [
        .. LogFormats.All.Select(format => new JsonObject
        {
            ["name"] = format.Name, ["summary"] = format.Summary, ["account"] = format.AccountRule, ["example"] = format.Example,
        }),
    ];
}
