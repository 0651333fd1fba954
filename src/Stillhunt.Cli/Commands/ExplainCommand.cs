using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stillhunt.Campaigns;
using Stillhunt.Cli.Files;
using Stillhunt.Cli.Output;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt explain</c>: the evidence for one campaign, or what is known of one account.</summary>
internal static class ExplainCommand
{
    public static Command Make()
    {
        var id = new Argument<string>("CAMPAIGN|ACCOUNT") { Description = "An id as the table, the report or campaigns.json shows it." };
        var result = new FileOption<string>("--result", FileUse.Read) { Description = "The campaigns.json of a scan.", HelpName = "FILE", DefaultValueFactory = _ => "campaigns.json" };
        var json = new JsonOption("Write the campaigns and cleared groups that the id names, as they stand in the result", OutputForm.Json("campaigns"));
        var command = new TaughtCommand("explain",
            "Show the evidence, row by row, so that the sum can be checked by hand.",
            $"""
            Example:
              stillhunt explain c-0a1b2c3d4e --result campaigns.json

            {ExitCodes.Meaning}
            """)
        { id, result };
        json.AddTo(command);
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(result)!;
            if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {path}; write one with: stillhunt scan LOG... --json campaigns.json", path);
            var bytes = File.ReadAllBytes(path);
            var scanned = Read(path, bytes);
            var wanted = parsed.GetValue(id)!;
            var found = json.Read(parsed).Given ? Extract(bytes, wanted) : null;
            if (found is null) return Explanation.Print(Terminals.Output, scanned, wanted, Terminals.Error) ? ExitCodes.Done : ExitCodes.NoInput;
            if (found.All(list => list.Value!.AsArray().Count == 0))
            {
                Explanation.Print(Terminals.Error, scanned, wanted);
                return ExitCodes.NoInput;
            }

            json.Write(parsed, () => found);
            return ExitCodes.Done;
        });
        return command;
    }

    private static ScanResult Read(string path, byte[] bytes)
    {
        try
        {
            return ScanResultJson.Read(bytes);
        }
        catch (JsonException fault)
        {
            throw new JsonException($"{path} is no result of a scan: {fault.Message}", fault);
        }
    }

    /// <summary>Nodes of the file itself: a reader of newer fields keeps them.</summary>
    private static JsonObject Extract(byte[] bytes, string id)
    {
        var root = JsonNode.Parse(bytes)!.AsObject();
        return new JsonObject
        {
            ["campaigns"] = Where("campaigns", IsCampaign),
            ["suspected"] = Where("suspected", IsCampaign),
            ["cleared"] = Where("cleared", group => group["accounts"]!.AsArray().Any(account => (string?)account == id)),
        };

        bool IsCampaign(JsonNode campaign) => (string?)campaign["id"] == id || campaign["accounts"]!.AsArray().Any(account => (string?)account!["id"] == id);

        JsonArray Where(string list, Func<JsonNode, bool> named) => [.. root[list]!.AsArray().OfType<JsonNode>().Where(named).Select(node => node.DeepClone())];
    }
}
