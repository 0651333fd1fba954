using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Stillhunt.Cli.Files;
using Stillhunt.Sharing.Stix;
using Stillhunt.Sharing.Taxii;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt share push</c>: a bundle -> a TAXII collection.</summary>
internal static class SharePushCommand
{
    /// <summary>Sentences about refused objects that are shown.</summary>
    private const int MostNamed = 10;

    public static Command Make(CancellationToken interrupted)
    {
        var bundle = new FileArgument<string>("BUNDLE", FileUse.Read) { Description = "What 'share export' wrote. Look at it before it goes: nothing comes back." };
        var taxii = new TaxiiOptionSet();
        var command = new TaughtCommand("push",
            "Add the objects of a bundle to a TAXII 2.1 collection.",
            $"""
            Example:
              stillhunt share push shared.json https://taxii.example/api/collections/ID/ --token-file token

            Where the server takes its time, it is asked for five minutes what became of the objects.
            An export with the internal profile is refused: it is for your own house; and so is one with --accounts-of. {ExitCodes.Meaning}
            """)
        { bundle };
        taxii.AddTo(command);
        command.SetAction(parsed =>
        {
            var objects = ((JsonArray?)BundleFile.Read(parsed.GetValue(bundle)!)["objects"] ?? []).OfType<JsonObject>().ToList();
            var marks = objects.SelectMany(StixBundle.AllMarksOf).ToHashSet(StringComparer.Ordinal);
            if (marks.Contains(InternalMarking))
                throw new UsageException("The bundle holds objects marked TLP:AMBER+STRICT, which stay in your own house. Export with the partner or public profile.");
            if (marks.Contains(OneReaderMarking))
                throw new UsageException("The bundle holds objects marked TLP:RED, which are for one reader: hand it over yourself, not into a collection.");
            var outcome = taxii.Use(parsed, client => client.Push(objects, interrupted));
            foreach (var one in outcome.Reasons.Take(MostNamed)) ExitCodes.Error("refused: " + one);
            if (outcome.Broken is { } broken) ExitCodes.Error("the push ended before all was sent or answered: " + (broken is HttpRequestException at ? ClientTransport.Reason(at) : broken.Message));
            if (outcome.Fault is { } fault) ExitCodes.Error("the server could not be asked what became of all objects: " + fault);
            Console.Error.WriteLine(Told(outcome, objects.Count));
            if (interrupted.IsCancellationRequested) return ExitCodes.Interrupted;
            return outcome.Failed + outcome.Open + outcome.Unanswered + outcome.Unsent > 0 ? ExitCodes.Partly : ExitCodes.Done;
        });
        return command;
    }

    private static string Told(PushOutcome outcome, int count) => string.Create(CultureInfo.InvariantCulture, $"{outcome.Taken:N0} of {count:N0} objects were taken")
        + (outcome.Failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {outcome.Failed:N0} failed") : "")
        + (outcome.Open > 0 ? string.Create(CultureInfo.InvariantCulture, $", {outcome.Open:N0} are still pending: the server has not said yet what became of them") : "")
        + (outcome.Unanswered > 0 ? string.Create(CultureInfo.InvariantCulture, $", {outcome.Unanswered:N0} were sent and not answered") : "")
        + (outcome.Unsent > 0 ? string.Create(CultureInfo.InvariantCulture, $", {outcome.Unsent:N0} were not added") : "") + "."
        + (outcome.Broken is null ? "" : " Push the same bundle again: what the server has already it does not add a second time.");

    private static readonly string InternalMarking = Tlp.IdOf("amber+strict"), OneReaderMarking = Tlp.IdOf("red");
}
