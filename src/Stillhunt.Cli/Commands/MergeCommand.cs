using System.CommandLine;
using System.Globalization;
using Stillhunt.Checkpoints;
using Stillhunt.Cli.Files;
using Stillhunt.Cli.Output;
using Stillhunt.Profiles;
using ScanProgress = Stillhunt.Cli.Output.ScanProgress;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt merge</c>: parts of a scan -> the result of the whole, byte for byte.</summary>
internal static class MergeCommand
{
    public static Command Make(CancellationToken interrupted)
    {
        var parts = new FileArgument<string[]>("PART", FileUse.Read) { Description = "Files that 'scan --part' wrote, in any order; one given twice counts once.", Arity = ArgumentArity.OneOrMore };
        var accounts = new FileOption<string?>("--accounts", FileUse.Read) { Description = "The accounts file, as for scan.", HelpName = "FILE" };
        var sample = new SampleOption();
        var results = new ResultOptions();
        var command = new TaughtCommand("merge",
            "Finish the parts of a scan. The result of all shards of the same files equals that of scanning them at once, byte for byte. Parts of different files give what one scan of all gives as long as no id stands in two of them, and all take the same as the account (logs of Bedrock and Helicone choose by what a scan holds, unless --account-field says).",
            $"""
            Example:
              stillhunt merge part-*.slh --accounts accounts.csv --json campaigns.json

            {ExitCodes.Meaning}
            """)
        { parts, accounts };
        sample.AddTo(command);
        results.AddTo(command);
        command.SetAction(parsed =>
        {
            var paths = parsed.GetValue(parts)!;
            var request = results.Read(parsed);
            if (Array.Find(paths, path => !File.Exists(path)) is { } absent)
                throw new FileNotFoundException($"There is no part {absent}; without it the result would be about a part of the traffic, so nothing was merged.", absent);
            var hash = request.Key();
            var mostSampled = sample.Read(parsed);
            var partOf = new Dictionary<ulong, string>();
            var known = parsed.GetValue(accounts) is { } path ? KnownAccounts.Load(path) : null;
            var (result, merged) = ScanProgress.Run(Terminals.Error, TimeProvider.System, null, meter => Interruption.Run(() =>
            {
                meter.Stage("Merging parts");
                var whole = Pipeline.Merge(paths.Select(part => Read(part, hash, partOf)), mostSampled, (place, shared, sampled) => Overlap(paths[place], shared, sampled));
                return (Pipeline.Detect(whole, known, hash, meter.Stage, Environment.ProcessorCount, request.LeaveOut, request.Calibration), whole);
            }, interrupted));
            KnownAccounts.WarnOfStrangers(known, merged);
            if (partOf.Count > 1) WarnOfCallers(merged);
            var missing = merged.MissingShards().ToList();
            var written = request.Write(result, paths) ? ExitCodes.Done : ExitCodes.NoInput;
            foreach (var (file, reason) in merged.Unread.Take(MostUnread)) ExitCodes.Error($"{file} could not be read, or not to its end, when the parts were made ({reason}).");
            if (merged.Unread.Count > MostUnread) ExitCodes.Error($"... and {merged.Unread.Count - MostUnread} more; campaigns.json lists them.");
            var partly = merged.Unread.Count == 0 || written != ExitCodes.Done ? written : ExitCodes.Partly;
            if (missing.Count == 0) return partly;
            ExitCodes.Error(string.Create(CultureInfo.InvariantCulture,
                $"{missing.Count} of the shards {(missing.Count == 1 ? "is" : "are")} in none of the parts ({string.Join(", ", missing.Take(MostNamed).Select(shard => $"{shard.Index}/{shard.Count}{(partOf.Count == 1 ? "" : $" of the scan that {partOf[shard.Scan]} is of")}"))}{(missing.Count > MostNamed ? ", ..." : "")}), so this is a result about a part of the traffic. Make them with 'scan --shard I/N --part FILE' and merge again."));
            return written == ExitCodes.Done ? ExitCodes.Partly : written;
        });
        return command;
    }

    private const int MostNamed = 5, MostUnread = 20;

    /// <summary>Share of a part's exchanges from which on it is a scan of what another part is of: a whole and its shards, or a log with another name.</summary>
    private const double OfTheSame = 0.5;

    /// <summary>Fewer exchanges may be ids that a gateway sent again, which are most of a part of a quiet hour.</summary>
    private const int ManyShared = 100;

    /// <exception cref="InvalidOperationException">The part was made of the same exchanges as others.</exception>
    private static void Overlap(string path, long shared, long sampled)
    {
        var counted = string.Create(CultureInfo.InvariantCulture, $"{shared:N0} of {sampled:N0} sampled exchanges");
        if (shared >= ManyShared && shared > OfTheSame * sampled)
            throw new InvalidOperationException($"{path} holds what the parts before it hold ({counted}), which would be counted twice; nothing was merged. Give a whole scan or its shards, not both, and each log once.");
        ExitCodes.Error($"warning: {path} holds exchanges that the parts before it hold, too ({counted}), and they are counted twice. Ids that stand in several files are counted once where the files are scanned together, cut with --shard.");
    }

    /// <summary>A log of Bedrock's takes the caller's ARN as the account where it holds one AWS account, and the AWS account where it holds several: scans of one each chose otherwise than one of all would have.</summary>
    private static void WarnOfCallers(Snapshot merged)
    {
        foreach (var source in merged.Accounts.Values.Select(account => account.Id).GroupBy(id => id.Source, StringComparer.Ordinal))
        {
            var arns = source.Select(id => id.Id.Split(':')).Where(arn => arn is ["arn", ..] and { Length: > ArnOwner }).Select(arn => arn[ArnOwner]).ToHashSet(StringComparer.Ordinal);
            if (arns.Count == 0) continue;
            arns.UnionWith(source.Select(id => id.Id).Where(id => id.Length == AwsAccountDigits && id.All(char.IsAsciiDigit)));
            if (arns.Count < 2) continue;
            ExitCodes.Error("warning: the parts name callers by their ARN, and hold several AWS accounts: where these are logs of Bedrock's, a scan of all files at once would have taken accountId as the account. Make the parts with --account-field accountId or identity.arn, so that all take the same.");
            return;
        }
    }

    /// <summary>Of an ARN's parts the one that is the AWS account, which is a number of twelve digits.</summary>
    private const int ArnOwner = 4, AwsAccountDigits = 12;

    /// <param name="partOf">Keeps of each scan the first part that was made of it: users know scans by them.</param>
    private static Snapshot Read(string path, Sketches.KeyedHash hash, Dictionary<ulong, string> partOf)
    {
        try
        {
            using var from = File.OpenRead(path);
            var part = PartFile.Read(from, hash);
            foreach (var shard in part.Shards) partOf.TryAdd(shard.Scan, path);
            if (part.Shards.Count == 0) partOf.TryAdd(part.Segments.DefaultIfEmpty().Min(), path);
            return part;
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidDataException($"{path}: {fault.Message}", fault);
        }
    }
}
