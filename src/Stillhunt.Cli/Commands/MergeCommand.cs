using System.CommandLine;
using Stillhunt.Checkpoints;
using Stillhunt.Cli.Output;
using Stillhunt.Profiles;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt merge</c>: parts of a scan -> the result of the whole, byte for byte.</summary>
internal static class MergeCommand
{
    public static Command Make()
    {
        var parts = new Argument<string[]>("PART") { Description = "Files that 'scan --part' wrote, in any order; one given twice counts once.", Arity = ArgumentArity.OneOrMore };
        var accounts = new Option<string?>("--accounts") { Description = "The accounts file, as for scan.", HelpName = "FILE" };
        var results = new ResultOptions();
        var command = new Command("merge", "Finish parts of a scan. Example: stillhunt merge part-*.slh --json campaigns.json") { parts, accounts };
        results.AddTo(command);
        command.SetAction(parsed =>
        {
            var request = results.Read(parsed);
            var hash = request.Key();
            var known = ScanCommand.Accounts(parsed.GetValue(accounts));
            var paths = parsed.GetValue(parts)!;
            var result = ScanProgress.Run(ExitCodes.StandardError, TimeProvider.System, null, meter =>
            {
                meter.Stage("Merging parts");
                return Pipeline.Detect(Pipeline.Merge(paths.Select(path => Read(path, hash))), known, hash, meter.Stage);
            });
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
