using System.CommandLine;
using System.Globalization;
using Stillhunt.Cli.Output;
using Stillhunt.Ingest;
using Stillhunt.Profiles;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt scan</c>: logs -> campaigns, report, or a part to be merged.</summary>
internal static class ScanCommand
{
    public static Command Make()
    {
        var logs = new Argument<string[]>("LOG") { Description = "Files, globs, folders, or - for standard input; .gz and .zst are read as they are.", Arity = ArgumentArity.ZeroOrMore };
        var sources = new Option<string[]>("--source") { Description = "A named source, NAME=GLOB; an account is (source, id). May be given often.", HelpName = "NAME=GLOB" };
        var accounts = new Option<string?>("--accounts") { Description = "What you know of your accounts, CSV with a header or JSONL: created, organization, payment, verified, entitlement, ... (docs/concepts.md).", HelpName = "FILE" };
        var format = new Option<string>("--format") { Description = "auto, or a name that 'stillhunt formats' lists.", DefaultValueFactory = _ => "auto", HelpName = "NAME" };
        var map = new Option<string?>("--map") { Description = "A YAML file that says where a foreign format keeps its fields.", HelpName = "FILE" };
        var accountField = new Option<string?>("--account-field") { Description = "Dotted path of the field to take as the account.", HelpName = "PATH" };
        var since = new Option<string?>("--since") { Description = "Pass over what came before this time (RFC 3339).", HelpName = "T" };
        var until = new Option<string?>("--until") { Description = "Pass over what came at or after this time (RFC 3339).", HelpName = "T" };
        var shard = new Option<string?>("--shard") { Description = "Keep one part of N, by hash; needs --part.", HelpName = "I/N" };
        var part = new Option<string?>("--part") { Description = "Write the state to a file for 'stillhunt merge' instead of a result.", HelpName = "FILE" };
        var results = new ResultOptions();
        var command = new Command("scan", "Find campaigns in logs. Example: stillhunt scan logs/ --accounts accounts.csv --report report.html --json campaigns.json")
        {
            logs, sources, accounts, format, map, accountField, since, until, shard, part,
        };
        results.AddTo(command);
        command.SetAction(parsed =>
        {
            var inputs = new List<LogInput>();
            foreach (var text in parsed.GetValue(sources) ?? [])
            {
                if (LogFiles.ParseSource(text) is not { } source) return Wrong($"--source takes NAME=GLOB, not '{text}'.");
                inputs.Add(source);
            }

            inputs.AddRange((parsed.GetValue(logs) ?? []).Select(path => new LogInput(path)));
            if (inputs.Count == 0) return Wrong("Name at least one log: a file, a glob, a folder, or - for standard input.");
            LogFormat? only = null;
            if (parsed.GetValue(format) is { } name && name != "auto" && (only = LogFormats.Find(name)) is null)
                return Wrong($"There is no format '{name}'; known are auto, {string.Join(", ", LogFormats.All.Select(f => f.Name))}.");
            if (!TryTime(parsed.GetValue(since), out var from)) return Wrong("--since takes a time with an offset, such as 2026-02-01T00:00:00Z.");
            if (!TryTime(parsed.GetValue(until), out var to)) return Wrong("--until takes a time with an offset, such as 2026-02-08T00:00:00Z.");
            var kept = Shard.Whole;
            if (parsed.GetValue(shard) is { } cut && !Shard.TryParse(cut, out kept)) return Wrong($"--shard takes I/N with I from 0 to N-1, not '{cut}'.");
            if (kept.Count > 1 && parsed.GetValue(part) is null) return Wrong("--shard needs --part FILE: one part alone would give a result about a part of the traffic.");
            var mapping = parsed.GetValue(map) is { } file ? MappingFile.Load(file) : null;
            var options = new LogScanOptions
            {
                Format = only, Mapping = mapping, AccountField = parsed.GetValue(accountField), SinceMs = from, UntilMs = to, Shard = kept,
            };
            return Run(LogFiles.Find(inputs, mapping is not null), options, parsed.GetValue(accounts), parsed.GetValue(part), results.Read(parsed));

            static int Wrong(string text)
            {
                ExitCodes.Error(text);
                return ExitCodes.Usage;
            }
        });
        return command;
    }

    private static int Run(LogFiles files, LogScanOptions options, string? accountsPath, string? part, ResultRequest request)
    {
        var hash = request.Key();
        var accounts = Accounts(accountsPath);
        var known = files.Files.All(file => file.Length is not null);
        var total = known ? files.TotalBytes : (long?)null;
        var (observation, result) = ScanProgress.Run(ExitCodes.StandardError, TimeProvider.System, total, meter =>
        {
            long exchanges = 0;
            var seen = Pipeline.Observe(files, options, hash, new Bytes(p => meter.Read(p.BytesDone, exchanges)), count => exchanges = count);
            meter.Read(total ?? 0, seen.Summary.ExchangeCount);
            if (part is not null || seen.Summary.ExchangeCount == 0) return (seen, null);
            return (seen, Pipeline.Detect(seen.Snapshot, accounts, hash, meter.Stage));
        });
        var unread = ScanFaults.Tell(files, observation);
        if (observation.Summary.ExchangeCount == 0 && options.Shard.Count == 1)
        {
            ExitCodes.Error("Nothing was scanned: no exchange could be read. 'stillhunt inspect LOG' says what was recognised, 'stillhunt formats' what is read.");
            return ExitCodes.NoInput;
        }

        if (part is not null)
        {
            using var to = File.Create(part);
            Checkpoints.PartFile.Write(to, observation.Snapshot, hash);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Part {options.Shard.Index}/{options.Shard.Count} with {observation.Summary.ExchangeCount:N0} exchanges is in {part}; finish with: stillhunt merge PART..."));
        }
        else
        {
            ScanFaults.WarnOfOneIdentity(observation.Snapshot);
            request.Write(result!, [.. files.Files.Select(file => file.Path)]);
        }

        return unread ? ExitCodes.Partly : ExitCodes.Done;
    }

    internal static AccountsFile? Accounts(string? path)
    {
        if (path is null) return null;
        var accounts = AccountsFile.Load(path);
        foreach (var fault in accounts.Faults.Take(5))
            ExitCodes.Error(string.Create(CultureInfo.InvariantCulture, $"{fault.Path} line {fault.Line}, field {fault.Field ?? "(whole row)"}: {fault.Reason}"));
        if (accounts.Faults.Count > 5) ExitCodes.Error($"... and {accounts.Faults.Count - 5} more faults in {path}.");
        return accounts;
    }

    private static bool TryTime(string? text, out long? ms)
    {
        ms = null;
        if (text is null) return true;
        if (!LogTime.TryRead(System.Text.Encoding.UTF8.GetBytes(text), out var time)) return false;
        ms = time;
        return true;
    }

    /// <summary>Tells on the calling thread; the framework's own would post to another.</summary>
    private sealed class Bytes(Action<Ingest.ScanProgress> told) : IProgress<Ingest.ScanProgress>
    {
        public void Report(Ingest.ScanProgress value) => told(value);
    }
}
