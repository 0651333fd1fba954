using System.CommandLine;
using System.Text.Json.Nodes;
using Stillhunt.Cli.Files;
using Stillhunt.Cli.Output;
using Stillhunt.Proving;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt range make</c>: labelled traffic to a folder or to a pipe.</summary>
internal static class RangeMakeCommand
{
    private const string Pipe = "-";

    public static Command Make(CancellationToken interrupted)
    {
        var scenario = new Argument<string>("SCENARIO") { Description = "A name that 'stillhunt range list' shows.", DefaultValueFactory = _ => RangeScenario.DocumentedId };
        var options = new RangeOptionSet();
        var seed = new Option<long>("--seed") { Description = "Seed of every random choice: the same options give the same bytes.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var target = new Option<string>("--out") { Description = "The folder to write traffic.jsonl, accounts.csv and truth.jsonl to, or - for the traffic on standard output.", Required = true, HelpName = "DIR|-" };
        var truth = new FileOption<string?>("--truth", FileUse.Written) { Form = OutputForm.Any, Description = "The file to write the truth to. Default: truth.jsonl in the folder; must be named with --out -.", HelpName = "FILE" };
        var accounts = new FileOption<string?>("--accounts", FileUse.Written) { Description = "With --out -: the file to write the accounts to; else none is written.", HelpName = "FILE" };
        var exchanges = new Option<bool>("--exchanges") { Description = "List each extracting exchange in the truth, too." };
        var json = new JsonOption("Write the mixture as JSON", OutputForm.Json("exchange_count"));
        var command = new TaughtCommand("make", "Write labelled traffic, of any size in the same memory for the same accounts.",
            """
            Examples:
              stillhunt range make documented --scale 0.0003 --seed 1 --out out/
              stillhunt range make pivot --scale 1 --honest 200000 --days 60 --out - --truth truth.jsonl --accounts accounts.csv | zstd -o traffic.zst
            """)
        {
            scenario, seed, target, truth, accounts, exchanges,
        };
        options.AddTo(command);
        json.AddTo(command);
        command.SetAction(parsed =>
        {
            var asked = options.Read(parsed, new RangeOptions { Scenario = parsed.GetValue(scenario)!, Seed = parsed.GetValue(seed), TruthExchanges = parsed.GetValue(exchanges) });
            var run = parsed.GetValue(target) is { } to && to == Pipe
                ? ToPipe(asked, parsed.GetValue(truth), parsed.GetValue(accounts), json.Read(parsed), interrupted)
                : ToFolder(asked, parsed.GetValue(target)!, parsed.GetValue(truth), parsed.GetValue(accounts), interrupted);
            if (!json.Write(parsed, () => Mixture(run))) RangeTables.PrintMixture(parsed.GetValue(target) == Pipe ? Terminals.Error : Terminals.Output, run);
            return ExitCodes.Done;
        });
        return command;
    }

    private static RangeRun ToFolder(RangeOptions asked, string folder, string? truth, string? accounts, CancellationToken interrupted)
    {
        if (accounts is not null) throw new UsageException("--accounts goes with --out -; in a folder the file is accounts.csv.");
        if (File.Exists(folder)) throw new UsageException($"--out {folder} is no folder. To write the traffic there, send it to standard output: --out - --truth FILE > {folder}");
        if (RangeFiles.LeftOver(asked, folder, truth) is { Count: > 0 } others)
            throw new UsageException($"{folder} holds {string.Join(" and ", others)} of another run, which would stand beside traffic that it does not belong to. Remove it, or name another folder.");
        return Interruption.Run(() => RangeFiles.Write(asked, folder, truthPath: truth), interrupted);
    }

    private static RangeRun ToPipe(RangeOptions asked, string? truth, string? accounts, (bool Given, string? Path) json, CancellationToken interrupted)
    {
        if (truth is null) throw new UsageException("With --out - name a file for the truth: --truth FILE.");
        if (json is { Given: true, Path: null }) throw new UsageException("Standard output is taken by the traffic; name a file for --json.");
        if (accounts is not null && asked.Format != TrafficFormat.Native) throw new UsageException("Only native traffic comes with an accounts file.");
        using var output = Console.OpenStandardOutput();
        return Interruption.Run(() => RangeFiles.Write(asked, output, truth, accounts), interrupted);
    }

    private static JsonObject Mixture(RangeRun run) => new()
    {
        ["exchange_count"] = run.ExchangeCount, ["account_count"] = run.AccountCount, ["extracting_count"] = run.ExtractingCount,
        ["kinds"] = new JsonArray([.. run.ByKind().Select(k => new JsonObject { ["kind"] = k.Kind, ["account_count"] = k.Accounts, ["exchange_count"] = k.Exchanges, ["extracting_count"] = k.Extracting })]),
    };
}
