using System.CommandLine;
using System.Text.Json.Nodes;
using Stillhunt.Cli.Files;
using Stillhunt.Cli.Output;
using Stillhunt.Proving;
using Stillhunt.Proving.Suites;
using Stillhunt.Reporting;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt range</c>: labelled traffic with operators and look-alikes in it, and scores of a result against its truth.</summary>
internal static class RangeCommands
{
    public static Command Make(CancellationToken interrupted) => new TaughtCommand("range",
        "Make labelled traffic, and score a result against its truth. The range knows nothing of the detector: it writes the public format.",
        """
        Examples:
          stillhunt range run default --report range.html
          stillhunt range run two-pools --evade disjoint-infrastructure,dilution-90 --seed 7
          stillhunt range make documented --out out/  (then scan out/traffic.jsonl --accounts out/accounts.csv --json out/campaigns.json)
          stillhunt range score --truth out/truth.jsonl --result out/campaigns.json
          stillhunt range duel documented --policy policies/enforce.yaml
        """)
    {
        List(), RangeMakeCommand.Make(interrupted), Score(), RangeRunCommand.Make(interrupted), RangeDuelCommand.Make(interrupted),
    };

    private static Command List()
    {
        var json = new JsonOption("Write the list as JSON", OutputForm.Json("scenarios"));
        var command = new Command("list", "List the scenarios, the suites and the evasions.");
        json.AddTo(command);
        command.SetAction(parsed =>
        {
            var evasions = EvasionNames.Each.Select(EvasionNames.Of);
            if (json.Write(parsed, () => new JsonObject
            {
                ["scenarios"] = new JsonArray([.. RangeScenario.All.Select(s => new JsonObject { ["id"] = s.Id, ["text"] = s.Text, ["cases"] = new JsonArray([.. s.Cases.Select(id => JsonValue.Create(id))]) })]),
                ["suites"] = new JsonArray([.. RangeSuite.All.Select(s => new JsonObject { ["id"] = s.Id, ["text"] = s.Text, ["seed_count"] = s.Seeds, ["mixtures"] = new JsonArray([.. s.Entries.Select(e => JsonValue.Create(e.Label))]) })]),
                ["evasions"] = new JsonArray([.. evasions.Select(name => JsonValue.Create(name))]),
            })) return ExitCodes.Done;
            RangeTables.PrintScenarios(Terminals.Output);
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>What the truth does not know counts as flagged wrongly; most often files were mixed up.</summary>
    private static string Strangers(RangeReport report)
    {
        var known = report.FlaggedAccounts - report.UnknownAccounts.Count;
        var named = string.Join(", ", report.UnknownAccounts.Take(MostNamed).Select(id => OutputText.Terminal(id, 60))) + (report.UnknownAccounts.Count > MostNamed ? ", ..." : "");
        return known > 0
            ? $"the truth does not know {Figures.Count(report.UnknownAccounts.Count)} of {Figures.Counted(report.FlaggedAccounts, "flagged account")}, which count as flagged wrongly: {named}."
            : $"the truth knows none of {Figures.Counted(report.FlaggedAccounts, "flagged account")} ({named}): the result is of other traffic, or names accounts otherwise.";
    }

    private const int MostNamed = 5;

    private static TaughtCommand Score()
    {
        var truth = new FileOption<string>("--truth", FileUse.Read) { Description = "The truth.jsonl that the range wrote.", Required = true, HelpName = "FILE" };
        var result = new FileOption<string>("--result", FileUse.Read) { Description = "The campaigns.json of a scan of its traffic, by any detector that writes this schema.", DefaultValueFactory = _ => "campaigns.json", HelpName = "FILE" };
        var json = new JsonOption("Write the score as JSON", OutputForm.Json("schema"));
        var command = new TaughtCommand("score", "Score a result against the truth.", "Example:\n  stillhunt range score --truth out/truth.jsonl --result out/campaigns.json") { truth, result };
        json.AddTo(command);
        command.SetAction(parsed =>
        {
            var report = RangeScore.Score(parsed.GetValue(truth)!, parsed.GetValue(result)!);
            if (report.UnknownAccounts.Count > 0) ExitCodes.Error($"warning: {Strangers(report)}");
            if (!json.Write(parsed, () => RangeScoreJson.Of(report))) RangeTables.PrintScore(Terminals.Output, report);
            return ExitCodes.Done;
        });
        return command;
    }
}
