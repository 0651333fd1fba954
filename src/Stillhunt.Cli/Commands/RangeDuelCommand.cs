using System.CommandLine;
using System.Globalization;
using Stillhunt.Campaigns;
using Stillhunt.Cli.Duels;
using Stillhunt.Cli.Files;
using Stillhunt.Cli.Output;
using Stillhunt.Proving;
using Stillhunt.Proving.Duels;
using Stillhunt.Response;
using Stillhunt.Sketches;
using ScanProgress = Stillhunt.Cli.Output.ScanProgress;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt range duel</c>: operators who react against a policy that acts.</summary>
internal static class RangeDuelCommand
{
    public static Command Make(CancellationToken interrupted)
    {
        var scenario = new Argument<string>("SCENARIO") { Description = "A name that 'stillhunt range list' shows.", DefaultValueFactory = _ => RangeScenario.DocumentedId };
        var options = new RangeOptionSet(writesFiles: false);
        var policies = new FileOption<string[]>("--policy", FileUse.Read) { Description = "The policy to defend with; several are played one after the other.", Required = true, HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
        var seed = new Option<long?>("--seed") { Description = "Seed of every random choice. Default 1.", HelpName = "N" };
        var seeds = new Option<string?>("--seeds") { Description = "Several seeds: 7-11, or 1,3,5.", HelpName = "A-B" };
        var react = new Option<string>("--react")
        {
            Description = "What operators do when they are hurt, with commas: " + string.Join(", ", MoveNames.Each.Select(MoveNames.Of)) + "; all or none.", DefaultValueFactory = _ => "all", HelpName = "NAME,...",
        };
        var every = new Option<double>("--every") { Description = "Most hours between two detections.", DefaultValueFactory = _ => 3, HelpName = "HOURS" };
        var growth = new Option<double>("--growth")
        {
            Description = "Detect, too, when all traffic or what asks for a technique grew by this share: 0.1 is a tenth, 0 after each quarter of an hour.", DefaultValueFactory = _ => 0.1, HelpName = "SHARE",
        };
        var quiet = new Option<double>("--quiet-days") { Description = "Days of honest traffic before the operators start.", DefaultValueFactory = _ => 1, HelpName = "D" };
        var purse = new Option<double>("--purse") { Description = "Accounts that an operator can open beyond its first ones, as a multiple of those.", DefaultValueFactory = _ => 3, HelpName = "N" };
        var person = new Option<double?>("--person") { Description = "A person approves whatever waits this many hours after it began to wait. Default: nobody is there.", HelpName = "HOURS" };
        var report = new FileOption<string?>("--report", FileUse.Written) { Description = "Write an HTML report with plots, one file without network.", HelpName = "FILE" };
        var json = new JsonOption("Write the result as JSON", OutputForm.Json("schema"));
        var command = new TaughtCommand("duel", "Let operators react while the service detects and decides under a policy, in simulated time.",
            """
            Examples:
              stillhunt range duel documented --policy policies/enforce.yaml
              stillhunt range duel few-heavy --scale 0.02 --policy policies/shadow.yaml policies/gentle.yaml policies/enforce.yaml --report duel.html
              stillhunt range duel two-pools --policy policies/enforce.yaml --react replace,pool --person 4
            """)
        {
            scenario, policies, seed, seeds, react, every, growth, quiet, purse, person, report,
        };
        options.AddTo(command);
        json.AddTo(command);
        command.SetAction(parsed =>
        {
            var defended = new DefenderOptions(Hours(parsed.GetValue(every), "--every"), parsed.GetValue(person) is { } hours ? Hours(hours, "--person") : null) { Growth = Growth(parsed.GetValue(growth)) };
            var loaded = parsed.GetValue(policies)!.Select(path => PolicyFile.Load(path, out var faults) ?? throw YamlFaults.Tell(path, faults)).ToList();
            var duels = new List<DuelOptions>();
            foreach (var number in RangeRunCommand.SeedsOf(parsed.GetValue(seed), parsed.GetValue(seeds)) ?? [1])
            {
                duels.Add(new DuelOptions
                {
                    Range = options.Read(parsed, new RangeOptions { Scenario = parsed.GetValue(scenario)!, Seed = number }), Moves = MoveNames.Read(parsed.GetValue(react)!),
                    QuietDays = parsed.GetValue(quiet), Purse = parsed.GetValue(purse),
                });
                duels[^1].Validate();
            }

            var played = ScanProgress.Run(Terminals.Error, TimeProvider.System, null, meter => Interruption.Run(() => PlayAll(loaded, duels, defended, meter, interrupted), interrupted));
            var written = OutputFile.WriteEach((parsed.GetValue(report), OutputFile.Text(to => DuelReportHtml.Write(to, played))), (json.Read(parsed).Path, JsonOption.File(() => DuelJson.Of(played))));
            if (!json.WriteOut(parsed, () => DuelJson.Of(played))) DuelTables.Print(Terminals.Output, played);
            return written ? ExitCodes.Done : ExitCodes.NoInput;
        });
        return command;
    }

    private static TimeSpan Hours(double hours, string option) =>
        hours is > 0 and <= 1000 ? TimeSpan.FromHours(hours) : throw new UsageException($"{option} takes hours above 0 and up to 1000.");

    private static double Growth(double share) => share >= 0 ? share : throw new UsageException("--growth takes a share of 0 or more.");

    private static List<PlayedDuel> PlayAll(List<Policy> policies, List<DuelOptions> duels, DefenderOptions defended, IScanMeter meter, CancellationToken interrupted)
    {
        var played = new List<PlayedDuel>();
        foreach (var policy in policies)
        {
            foreach (var duel in duels) played.Add(Play(policy, duel, defended, meter, interrupted));
        }

        return played;
    }

    private static PlayedDuel Play(Policy policy, DuelOptions duel, DefenderOptions defended, IScanMeter meter, CancellationToken interrupted)
    {
        var started = TimeProvider.System.GetTimestamp();
        var last = started;
        using var defender = new PolicyDefender(policy, defended, KeyedHash.Fixed);
        var result = Duel.Play(duel, defender, (hours, of) =>
        {
            if (TimeProvider.System.GetElapsedTime(last).TotalSeconds < 5 && hours < of) return;
            last = TimeProvider.System.GetTimestamp();
            meter.Stage(string.Create(CultureInfo.InvariantCulture, $"{policy.Name}, seed {duel.Range.Seed}: hour {hours:0} of {of:0}, {defender.DetectionCount} detections"));
        }, interrupted);
        var flagged = defender.Campaigns.Count(campaign => campaign.Stands && campaign.Confidence >= Detector.Flagged);
        return new PlayedDuel(policy.Name, result, defender.DetectionCount, flagged, defender.Events, TimeProvider.System.GetElapsedTime(started));
    }
}
