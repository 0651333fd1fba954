using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Stillhunt.Cli.Files;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt share push</c>: a bundle -> a TAXII collection.</summary>
internal static class SharePushCommand
{
    public static Command Make(CancellationToken interrupted)
    {
        var bundle = new FileArgument<string>("BUNDLE", FileUse.Read) { Description = "What 'share export' wrote. Look at it before it goes: nothing comes back." };
        var taxii = new TaxiiOptionSet();
        var command = new TaughtCommand("push",
            "Add the objects of a bundle to a TAXII 2.1 collection.",
            $"""
            Example:
              stillhunt share push shared.json https://taxii.example/api/collections/ID/ --token-file token

            An export with the internal profile is refused: it is for your own house; and so is one with --accounts-of. {ExitCodes.Meaning}
            """)
        { bundle };
        taxii.AddTo(command);
        command.SetAction(parsed =>
        {
            var objects = ((JsonArray?)BundleFile.Read(parsed.GetValue(bundle)!)["objects"] ?? []).OfType<JsonObject>().ToList();
            if (objects.Any(item => item["object_marking_refs"] is JsonArray marks && marks.Any(mark => (string?)mark == InternalMarking)))
                throw new UsageException("The bundle holds objects marked TLP:AMBER+STRICT, which stay in your own house. Export with the partner or public profile.");
            if (objects.Any(item => item["object_marking_refs"] is JsonArray marks && marks.Any(mark => (string?)mark == OneReaderMarking)))
                throw new UsageException("The bundle holds objects marked TLP:RED, which are for one reader: hand it over yourself, not into a collection.");
            var (taken, refused) = taxii.Use(parsed, client => client.Push(objects, interrupted));
            foreach (var one in refused.Take(10)) ExitCodes.Error("refused: " + one);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{taken:N0} of {objects.Count:N0} objects were taken."));
            return refused.Count > 0 ? ExitCodes.Partly : ExitCodes.Done;
        });
        return command;
    }

    private static readonly string InternalMarking = Sharing.Stix.Tlp.IdOf("amber+strict"), OneReaderMarking = Sharing.Stix.Tlp.IdOf("red");
}
