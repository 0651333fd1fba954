using System.CommandLine;
using System.Globalization;
using Stillhunt.Cli.Files;
using Stillhunt.Sharing.Intel;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt share pull</c>: what is new in a TAXII collection -> the store.</summary>
internal static class SharePullCommand
{
    /// <summary>Sentences about objects that are left out that are shown.</summary>
    private const int MostNamed = 10;

    public static Command Make(CancellationToken interrupted)
    {
        var taxii = new TaxiiOptionSet();
        var sender = new Option<string>("--sender") { Description = "Your name for who runs the collection.", HelpName = "NAME", Required = true };
        var trust = new Option<double>("--trust") { Description = "How far you trust the sender, 0 to 1.", HelpName = "N", DefaultValueFactory = _ => IntelOptions.UnknownTrust };
        var store = new FileOption<string>("--store", FileUse.Kept) { Form = OutputForm.Any, Description = "The store; it is made at the first pull.", HelpName = "FILE", DefaultValueFactory = _ => "intel.json" };
        var after = new Option<string?>("--added-after") { Description = "Take only what was added after this time: what the last pull printed.", HelpName = "T" };
        var whole = new FileOption<string?>("--bundle", FileUse.Written) { Form = OutputForm.Any, Description = "Also write everything that came, and not only indicators, as a STIX bundle.", HelpName = "FILE" };
        var command = new TaughtCommand("pull",
            "Take indicators from a TAXII 2.1 collection into your store.",
            $"""
            Example:
              stillhunt share pull https://taxii.example/api/collections/ID/ --user lab --password-file pw --sender "Exchange"

            {ExitCodes.Meaning}
            """);
        taxii.AddTo(command);
        foreach (var option in new Option[] { sender, trust, store, after, whole }) command.Add(option);
        command.SetAction(parsed =>
        {
            var (name, weight, into, since) = (parsed.GetValue(sender)!.Trim(), parsed.GetValue(trust), parsed.GetValue(store)!, parsed.GetValue(after));
            if (weight is not (>= 0 and <= 1)) throw new UsageException("--trust takes a number from 0 to 1.");
            if (name.Length is 0 or > 200 || name.Contains('\n', StringComparison.Ordinal)) throw new UsageException("--sender takes a name of 1 to 200 characters.");
            if (since is not null && !StixTime.TryRead(since, out _)) throw new UsageException("--added-after takes a time such as 2026-02-01T00:00:00.000000Z.");
            var pulled = taxii.Use(parsed, client => client.Pull(since, interrupted));
            var (bundle, last) = (pulled.Bundle, pulled.AddedAfter);
            foreach (var one in pulled.Skipped.Take(MostNamed)) ExitCodes.Error("left out: " + one);
            if (pulled.SkippedCount > 0)
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{pulled.SkippedCount:N0} {(pulled.SkippedCount == 1 ? "object is" : "objects are")} not read here and left out; all others were taken."));
            if (parsed.GetValue(whole) is { } all) BundleFile.Write(all, bundle);
            var import = ShareImportCommand.Import(bundle, into, name, weight, out var count);
            IntelFile.Tell(import);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{import.Added:N0} indicators added, {import.Updated:N0} newer, {import.Unchanged:N0} as before, {import.Refused.Count:N0} refused; {into} holds {count:N0}."));
            if (pulled.IsCut) Console.Error.WriteLine("The collection holds more than is taken at once; pull the rest with the time below.");
            if (last is not null) Console.Error.WriteLine("Next time: --added-after " + last);
            return pulled.IsCut ? ExitCodes.Partly : ExitCodes.Done;
        });
        return command;
    }
}
