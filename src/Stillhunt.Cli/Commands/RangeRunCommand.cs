using System.CommandLine;
using System.Globalization;
using Stillhunt.Campaigns;
using Stillhunt.Cli.Files;
using Stillhunt.Cli.Output;
using Stillhunt.Ingest;
using Stillhunt.Proving;
using Stillhunt.Proving.Suites;
using Stillhunt.Sketches;
using ScanProgress = Stillhunt.Cli.Output.ScanProgress;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt range run</c>: make, scan and score, for each mixture and seed of a suite.</summary>
internal static class RangeRunCommand
{
    private const int MostSeeds = 1000;

    public static Command Make(CancellationToken interrupted)
    {
        var suite = new Argument<string>("SUITE") { Description = "A suite or a scenario that 'stillhunt range list' shows.", DefaultValueFactory = _ => "default" };
        var options = new RangeOptionSet();
        var seed = new Option<long?>("--seed") { Description = "One run of each mixture, with this seed.", HelpName = "N" };
        var seeds = new Option<string?>("--seeds") { Description = "Several seeds: 7-11, or 1,3,5. Default: those of the suite.", HelpName = "A-B" };
        var keep = new Option<string?>("--out") { Description = "Keep traffic, truth and campaigns.json in this folder, each run of several in a folder of its own; else they are deleted.", HelpName = "DIR" };
        var report = new FileOption<string?>("--report", FileUse.Written) { Description = "Write an HTML report with plots, one file without network.", HelpName = "FILE" };
        var json = new JsonOption("Write the report as JSON", OutputForm.Json("schema"));
        var command = new TaughtCommand("run", "Make labelled traffic, scan it with the range's fixed key, and score the results together.",
            """
            Examples:
              stillhunt range run default --report range.html --json range.json
              stillhunt range run documented --seeds 101-105
              stillhunt range run awkward --evade human-hours --seed 7
            """)
        {
            suite, seed, seeds, keep, report,
        };
        options.AddTo(command);
        json.AddTo(command);
        command.SetAction(parsed =>
        {
            var chosen = RangeSuite.Of(parsed.GetValue(suite)!);
            var runs = chosen.Runs(SeedsOf(parsed.GetValue(seed), parsed.GetValue(seeds))).Select(r => (r.Label, Options: options.Read(parsed, r.Options))).ToList();
            var done = ScanProgress.Run(Terminals.Error, TimeProvider.System, null, meter => Interruption.Run(() => RunAll(runs, parsed.GetValue(keep), meter, interrupted), interrupted));
            var told = SuiteReport.Of(chosen.Id, done);
            var written = OutputFile.WriteEach((parsed.GetValue(report), OutputFile.Text(to => RangeReportHtml.Write(to, told))), (json.Read(parsed).Path, JsonOption.File(() => RangeReportJson.Of(told))));
            if (!json.WriteOut(parsed, () => RangeReportJson.Of(told))) RangeTables.PrintReport(Terminals.Output, told);
            return written ? ExitCodes.Done : ExitCodes.NoInput;
        });
        return command;
    }

    internal static long[]? SeedsOf(long? seed, string? seeds)
    {
        if (seed is not null && seeds is not null) throw new UsageException("Give --seed or --seeds, not both.");
        if (seed is { } one) return [one];
        if (seeds is null) return null;
        var list = new List<long>();
        foreach (var part in seeds.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !ends.All(e => long.TryParse(e, NumberStyles.None, CultureInfo.InvariantCulture, out _))) throw new UsageException($"--seeds takes 7-11 or 1,3,5, not '{seeds}'.");
            var (from, to) = (long.Parse(ends[0], CultureInfo.InvariantCulture), long.Parse(ends[^1], CultureInfo.InvariantCulture));
            if (to < from || to - from >= MostSeeds) throw new UsageException($"--seeds: {part} is empty or longer than {MostSeeds} seeds.");
            for (var s = from; s <= to; s++) list.Add(s);
        }

        return list.Count > 0 ? [.. list.Distinct()] : throw new UsageException("--seeds names no seed.");
    }

    private static List<SuiteRun> RunAll(List<(string Label, RangeOptions Options)> runs, string? keep, IScanMeter meter, CancellationToken interrupted)
    {
        var done = new List<SuiteRun>();
        foreach (var (label, asked) in runs)
        {
            interrupted.ThrowIfCancellationRequested();
            meter.Stage(string.Create(CultureInfo.InvariantCulture, $"Run {done.Count + 1} of {runs.Count}: {label}, seed {asked.Seed}"));
            var folder = keep is null ? Directory.CreateTempSubdirectory("stillhunt-range-").FullName
                : runs.Count == 1 ? keep
                : Path.Combine(keep, string.Create(CultureInfo.InvariantCulture, $"{label.Replace(' ', '-')}-{asked.Seed}"));
            try
            {
                done.Add(Run(label, asked, folder, interrupted));
            }
            finally
            {
                if (keep is null) Directory.Delete(folder, recursive: true);
            }
        }

        return done;
    }

    private static SuiteRun Run(string label, RangeOptions asked, string folder, CancellationToken interrupted)
    {
        var watch = new TrafficWatch();
        var made = RangeFiles.Write(asked, folder, watch);
        var hash = KeyedHash.Fixed;
        var files = LogFiles.Find([new LogInput(Path.Combine(folder, RangeFiles.TrafficName(asked)))]);
        var seen = Pipeline.Observe(files, new LogScanOptions(), hash, cancellation: interrupted);
        var known = asked.Format == TrafficFormat.Native ? KnownAccounts.Load(Path.Combine(folder, RangeFiles.AccountsName)) : null;
        var resultPath = Path.Combine(folder, "campaigns.json");
        using (var to = File.Create(resultPath)) ScanResultJson.Write(to, Pipeline.Detect(seen.Snapshot, known, hash, threads: Environment.ProcessorCount));
        return SuiteRun.Of(label, asked, made, watch, RangeTruth.Read(Path.Combine(folder, RangeFiles.TruthName)), RangeResult.Read(resultPath));
    }
}
