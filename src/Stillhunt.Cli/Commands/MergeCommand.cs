using System.CommandLine;
using Stillhunt.Checkpoints;
using Stillhunt.Cli.Output;
using Stillhunt.Profiles;
using ScanProgress = Stillhunt.Cli.Output.ScanProgress;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt merge</c>: parts of a scan -> the result of the whole, byte for byte.</summary>
internal static class MergeCommand
{
    public static Command Make(CancellationToken interrupted)
    {
        var parts = new Argument<string[]>("PART") { Description = "Files that 'scan --part' wrote, in any order; one given twice counts once.", Arity = ArgumentArity.OneOrMore };
        var accounts = new Option<string?>("--accounts") { Description = "The accounts file, as for scan.", HelpName = "FILE" };
        var results = new ResultOptions();
        var command = new TaughtCommand("merge",
            "Finish the parts of a scan: the result equals that of scanning everything at once, byte for byte.",
            $"""
            Example:
              stillhunt merge part-*.slh --accounts accounts.csv --json campaigns.json

            {ExitCodes.Meaning}
            """)
        { parts, accounts };
        results.AddTo(command);
        command.SetAction(parsed =>
        {
            var paths = parsed.GetValue(parts)!;
            var request = results.Read(parsed, paths);
            if (Array.Find(paths, path => !File.Exists(path)) is { } missing)
                throw new FileNotFoundException($"There is no part {missing}; without it the result would be about a part of the traffic, so nothing was merged.", missing);
            var hash = request.Key();
            var known = parsed.GetValue(accounts) is { } path ? KnownAccounts.Load(path) : null;
            var result = ScanProgress.Run(Terminals.Error, TimeProvider.System, null, meter => Interruption.Run(() =>
            {
                meter.Stage("Merging parts");
                return Pipeline.Detect(Pipeline.Merge(paths.Select(part => Read(part, hash))), known, hash, meter.Stage, Environment.ProcessorCount, request.LeaveOut, request.Calibration);
            }, interrupted));
            request.Write(result, paths);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Snapshot Read(string path, Sketches.KeyedHash hash)
    {
        try
        {
            using var from = File.OpenRead(path);
            return PartFile.Read(from, hash);
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidDataException($"{path}: {fault.Message}", fault);
        }
    }
}
