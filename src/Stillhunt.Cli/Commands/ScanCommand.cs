using System.CommandLine;
using System.Globalization;
using Stillhunt.Cli.Files;
using Stillhunt.Ingest;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt scan</c>: logs -> campaigns, report, or a part to be merged.</summary>
internal static class ScanCommand
{
    private const int MostThreads = 256;

    public static Command Make(CancellationToken interrupted)
    {
        var logs = new FileArgument<string[]>("LOG", FileUse.Logs) { Description = "Files, globs, folders, or - for standard input; .gz and .zst are read as they are.", Arity = ArgumentArity.ZeroOrMore };
        var sources = new FileOption<string[]>("--source", FileUse.Sources) { Description = "A named source; an account is (source, id). May be given often.", HelpName = "NAME=GLOB" };
        var accounts = new FileOption<string?>("--accounts", FileUse.Read) { Description = "What you know of your accounts, CSV with a header or JSONL: account, created, organization, payment, verified, entitlement, ... (docs/concepts.md).", HelpName = "FILE" };
        var reading = new ReadingOptions();
        var since = new Option<string?>("--since") { Description = "Pass over what came before this time, such as 2026-02-01T12:00:00Z; a day alone, 2026-02-01, is its midnight in UTC.", HelpName = "T" };
        var until = new Option<string?>("--until") { Description = "Pass over what came at or after this time; a day alone is its midnight in UTC, so that the day itself is passed over.", HelpName = "T" };
        var shard = new Option<string?>("--shard") { Description = "Keep one part of N, cut by hash, I from 0 to N-1; needs --part.", HelpName = "I/N" };
        var part = new FileOption<string?>("--part", FileUse.Written) { Form = OutputForm.Part, Description = "Write the state to a file for 'stillhunt merge' instead of a result. It holds samples of prompts: keep it as you keep the log.", HelpName = "FILE" };
        var threads = new Option<int>("--threads") { Description = "Threads that work; they change the speed and never the result. Default: as many as there are processors.", DefaultValueFactory = _ => Environment.ProcessorCount, HelpName = "N" };
        var intel = new IntelOptionSet();
        var sample = new SampleOption();
        var results = new ResultOptions();
        var command = new TaughtCommand("scan",
            "Find campaigns in logs.",
            $"""
            Examples:
              stillhunt scan logs/ --accounts accounts.csv --report report.html --json campaigns.json
              zcat day.jsonl.gz | stillhunt scan - --json | jq '.campaigns[].id'
              stillhunt scan logs/ --shard 0/3 --part 0.slh      (then: stillhunt merge 0.slh 1.slh 2.slh)

            {ExitCodes.Meaning}
            """)
        {
            logs, sources, accounts,
        };
        reading.AddTo(command);
        foreach (var option in new Option[] { since, until, shard, part, threads }) command.Add(option);
        sample.AddTo(command);
        intel.AddTo(command);
        results.AddTo(command);
        command.SetAction(parsed =>
        {
            var inputs = Inputs(parsed.GetValue(sources) ?? [], parsed.GetValue(logs) ?? []);
            var kept = ShardOf(parsed.GetValue(shard), parsed.GetValue(part));
            var options = reading.Read(parsed) with
            {
                SinceMs = Time("--since", parsed.GetValue(since)), UntilMs = Time("--until", parsed.GetValue(until)), Shard = kept,
                Threads = ThreadsOf(parsed.GetValue(threads)),
            };
            if (options.SinceMs >= options.UntilMs) throw new UsageException("--since must lie before --until: no exchange can be in between.");
            if (parsed.GetValue(part) is not null && ResultOptions.GivenForResult(parsed).Concat(parsed.GetValue(accounts) is null ? [] : ["--accounts"]).ToArray() is { Length: > 0 } late)
                ExitCodes.Error($"warning: --part writes a state and no result, so {string.Join(", ", late)} {(late.Length == 1 ? "has" : "have")} no effect here: give {(late.Length == 1 ? "it" : "them")} to 'stillhunt merge'.");
            var files = LogFiles.Find(inputs, options.Mapping is not null);
            var known = parsed.GetValue(accounts) is { } path ? KnownAccounts.Load(path) : null;
            var request = results.Read(parsed);
            return new Scan(files, options, known, parsed.GetValue(part), request, sample.Read(parsed), intel.Read(parsed, parsed.GetValue(part), request.LeaveOut)).Run(interrupted);
        });
        return command;
    }

    private static List<LogInput> Inputs(string[] sources, string[] logs)
    {
        var inputs = new List<LogInput>();
        foreach (var text in sources)
            inputs.Add(LogFiles.ParseSource(text) ?? throw new UsageException($"--source takes NAME=GLOB, such as eu=logs/eu/*.jsonl, not '{text}'."));
        if (Array.Find(logs, path => path.StartsWith("--", StringComparison.Ordinal)) is { } option)
            throw new UsageException($"scan has no option {option}; 'stillhunt scan --help' lists them. A log of that name is ./{option}.");
        inputs.AddRange(logs.Select(path => new LogInput(path)));
        return inputs.Count > 0 ? inputs : throw new UsageException("Name at least one log: a file, a glob, a folder, or - for standard input. 'stillhunt scan --help' shows examples.");
    }

    private static Shard ShardOf(string? text, string? part)
    {
        if (text is null) return Shard.Whole;
        if (!Shard.TryParse(text, out var shard)) throw new UsageException($"--shard takes I/N with I from 0 to N-1, such as 0/3, not '{text}'.");
        return shard.Count == 1 || part is not null ? shard : throw new UsageException("--shard needs --part FILE: one part alone would give a result about a part of the traffic.");
    }

    private static int ThreadsOf(int threads) =>
        threads is >= 1 and <= MostThreads ? threads : throw new UsageException($"--threads takes a number from 1 to {MostThreads}.");

    private static long? Time(string option, string? text)
    {
        if (text is null) return null;
        var whole = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? text + "T00:00:00Z" : text;
        return LogTime.TryRead(System.Text.Encoding.UTF8.GetBytes(whole), zoneIsUtc: false, out var time, out _)
            ? time
            : throw new UsageException($"{option} takes a time with an offset, such as 2026-02-01T12:00:00Z, or a day, 2026-02-01 (its midnight in UTC), not '{text}'.");
    }
}
