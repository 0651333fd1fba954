using System.CommandLine;
using System.Globalization;
using Stillhunt.Campaigns;
using Stillhunt.Cli.Output;
using Stillhunt.Ingest;
using Stillhunt.Proving;
using Stillhunt.Sketches;
using ScanProgress = Stillhunt.Cli.Output.ScanProgress;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt range run</c>: make, scan and score in one go.</summary>
internal static class RangeRunCommand
{
    public static Command Make(CancellationToken interrupted)
    {
        var options = new RangeOptionSet();
        var keep = new Option<string?>("--out") { Description = "Keep the traffic, the truth and campaigns.json in this folder; else they are deleted.", HelpName = "DIR" };
        var json = new JsonOption("Write the score as JSON");
        var command = new TaughtCommand("run", "Make labelled traffic, scan it with the range's fixed key, and score the result.", "Example:\n  stillhunt range run documented --seed 2");
        options.AddTo(command);
        command.Add(keep);
        json.AddTo(command);
        command.SetAction(parsed =>
        {
            var asked = options.Read(parsed);
            var folder = parsed.GetValue(keep) ?? Directory.CreateTempSubdirectory("stillhunt-range-").FullName;
            try
            {
                var report = ScanProgress.Run(Terminals.Error, TimeProvider.System, null, meter => Interruption.Run(() => Run(asked, folder, meter, interrupted), interrupted));
                if (!json.Write(parsed, () => RangeScoreJson.Of(report))) RangeTables.PrintScore(Terminals.Output, report);
            }
            finally
            {
                if (parsed.GetValue(keep) is null) Directory.Delete(folder, recursive: true);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static RangeReport Run(RangeOptions asked, string folder, IScanMeter meter, CancellationToken interrupted)
    {
        meter.Stage(string.Create(CultureInfo.InvariantCulture, $"Making {asked.Scenario}, seed {asked.Seed}"));
        RangeFiles.Write(asked, folder);
        var accounts = Path.Combine(folder, RangeFiles.AccountsName);
        var files = LogFiles.Find([new LogInput(Path.Combine(folder, RangeFiles.TrafficName(asked)))]);
        var hash = KeyedHash.Fixed;
        meter.Stage("Reading");
        var seen = Pipeline.Observe(files, new LogScanOptions(), hash, cancellation: interrupted);
        var known = asked.Format == TrafficFormat.Native ? KnownAccounts.Load(accounts) : null;
        var resultPath = Path.Combine(folder, "campaigns.json");
        using (var to = File.Create(resultPath)) ScanResultJson.Write(to, Pipeline.Detect(seen.Snapshot, known, hash, meter.Stage));
        return RangeScore.Score(Path.Combine(folder, RangeFiles.TruthName), resultPath);
    }
}
