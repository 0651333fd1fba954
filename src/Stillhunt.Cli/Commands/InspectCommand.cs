using System.CommandLine;
using System.Text.Json.Nodes;
using Stillhunt.Cli.Files;
using Stillhunt.Cli.Output;
using Stillhunt.Ingest;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt inspect</c>: what the first records of a log show, before anyone scans it.</summary>
internal static class InspectCommand
{
    public static Command Make(CancellationToken interrupted)
    {
        var log = new FileArgument<string>("LOG", FileUse.Logs) { Description = "A file, a glob, a folder, or - for standard input; .gz and .zst are read as they are." };
        var records = new Option<int>("--records") { Description = "How many records of each file to look at.", DefaultValueFactory = _ => 1000, HelpName = "N" };
        var reading = new ReadingOptions();
        var json = new JsonOption("Write what was found as JSON", OutputForm.Json("path"));
        var command = new TaughtCommand("inspect",
            "Say what is recognised in the first records of a log: the format, which identity is taken as the account, and which fields are missing, so that you know what detection will lack.",
            $"""
            Example:
              stillhunt inspect logs/2026-02-01.jsonl.gz

            {ExitCodes.Meaning}
            """)
        { log, records };
        reading.AddTo(command);
        json.AddTo(command);
        command.SetAction(parsed =>
        {
            var count = parsed.GetValue(records);
            if (count < 1) throw new UsageException("--records takes a number of at least 1.");
            var options = reading.Read(parsed);
            var inspection = Interruption.Run(() => LogInspection.Inspect(parsed.GetValue(log)!, options, count, interrupted), interrupted);
            if (!json.Write(parsed, () => Node(inspection))) InspectionTable.Print(Terminals.Output, inspection, options);
            foreach (var fault in inspection.Faults) ExitCodes.Error(fault.Text);
            if (inspection.ExchangeCount == 0) return ExitCodes.NoInput;
            return inspection.Faults.Any(fault => fault.IsLoss) ? ExitCodes.Partly : ExitCodes.Done;
        });
        return command;
    }

    private static JsonObject Node(LogInspection seen) => new()
    {
        ["path"] = seen.Path,
        ["record_count"] = seen.RecordCount,
        ["exchange_count"] = seen.ExchangeCount,
        ["formats"] = new JsonArray([.. seen.Formats.Select(format => new JsonObject { ["name"] = format.Name, ["record_count"] = format.RecordCount, ["share"] = Math.Round(format.Share, 4) })]),
        ["account_rule"] = seen.AccountRule,
        ["account_example"] = seen.AccountExample,
        ["account_count"] = seen.AccountCount,
        ["largest_account"] = seen.LargestAccount,
        ["largest_account_share"] = Math.Round(seen.LargestAccountShare, 4),
        ["one_identity_dominates"] = seen.OneIdentityDominates,
        ["fields"] = new JsonObject(seen.Fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)Math.Round(field.Share, 4)))),
        ["missing"] = new JsonArray([.. seen.Missing.Select(name => JsonValue.Create(name))]),
        ["rejected"] = Counts(seen.Rejected),
        ["rejections"] = new JsonArray([.. seen.Rejections.Select(refused => new JsonObject
        {
            ["reason"] = refused.Reason, ["field"] = refused.Field, ["record_count"] = refused.RecordCount, ["first"] = new JsonArray([.. refused.First.Select(place => JsonValue.Create(place))]),
        })]),
        ["empty_mappings"] = new JsonArray([.. seen.EmptyMappings.Select(mapped => new JsonObject { ["field"] = mapped.Field, ["path"] = mapped.Path })]),
        ["dropped_fields"] = Counts(seen.DroppedFields),
        ["faults"] = new JsonArray([.. seen.Faults.Select(fault => new JsonObject { ["path"] = fault.Path, ["reason"] = fault.Reason, ["text"] = fault.Text })]),
    };

    private static JsonObject Counts(IReadOnlyDictionary<string, long> counts) => new(counts.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
}
