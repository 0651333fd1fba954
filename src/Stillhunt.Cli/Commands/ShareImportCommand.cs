using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stillhunt.Cli.Files;
using Stillhunt.Server;
using Stillhunt.Sharing.Intel;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt share import</c>: a STIX bundle of somebody else -> the store that scans look things up in.</summary>
internal static class ShareImportCommand
{
    public static Command Make()
    {
        var bundle = new FileArgument<string>("BUNDLE", FileUse.Read) { Description = "A STIX 2.1 bundle or a MISP event in JSON: a file, an address that begins with https://, or - for standard input." };
        var sender = new Option<string>("--sender") { Description = "Your name for who sent it. A sender can change and revoke only what came from the same sender.", HelpName = "NAME", Required = true };
        var trust = new Option<double>("--trust") { Description = "How far you trust the sender, 0 to 1: a factor of every match's bits.", HelpName = "N", DefaultValueFactory = _ => IntelOptions.UnknownTrust };
        var store = new FileOption<string>("--store", FileUse.Kept) { Form = OutputForm.Any, Description = "The store; it is made at the first import.", HelpName = "FILE", DefaultValueFactory = _ => "intel.json" };
        var command = new TaughtCommand("import",
            "Take indicators of others into your store. Only indicators are kept, and only those whose pattern is one plain comparison, a sketch or a keyed value are looked for.",
            $"""
            Examples:
              stillhunt share import shared.json --sender "Example Lab" --trust 0.8
              stillhunt share import https://lab.example/campaigns.json --sender "Example Lab"
              stillhunt scan logs/ --intel intel.json --group-key lab-exchange.key --json campaigns.json

            A bundle is refused as a whole where it is larger than 64 MiB, nested deeper than 32, holds two objects with one id and version, or marks itself
            in a circle. {ExitCodes.Meaning}
            """)
        { bundle, sender, trust, store };
        command.SetAction(parsed =>
        {
            var (path, into, name, weight) = (parsed.GetValue(bundle)!, parsed.GetValue(store)!, parsed.GetValue(sender)!.Trim(), parsed.GetValue(trust));
            if (weight is not (>= 0 and <= 1)) throw new UsageException("--trust takes a number from 0 to 1.");
            if (name.Length is 0 or > 200 || name.Contains('\n', StringComparison.Ordinal)) throw new UsageException("--sender takes a name of 1 to 200 characters.");
            var import = Import(Read(path), into, name, weight, out var count);
            IntelFile.Tell(import);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{import.Added:N0} indicators added, {import.Updated:N0} newer, {import.Unchanged:N0} as before, {import.Revoked:N0} revoked, {import.Refused.Count:N0} refused; {into} holds {count:N0}."));
            return import.Refused.Count > 0 && import.Added + import.Updated + import.Unchanged == 0 ? ExitCodes.NoInput : ExitCodes.Done;
        });
        return command;
    }

    /// <summary>How long another command that adds to the store is waited for: it reads and writes half a gigabyte at most.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Adds a bundle to a store on disk; of several commands that do so at the same time one after the other.</summary>
    /// <exception cref="IOException">Another one holds it for too long, or it can't be written.</exception>
    public static IntelStore.Import Import(JsonObject bundle, string into, string sender, double trust, out int count)
    {
        using var alone = OutputFile.IsDevice(into) ? null : Held(RealPath.Of(into) + ".lock");
        var store = File.Exists(into) ? IntelFile.ReadStore(into) : new IntelStore();
        var import = store.Add(bundle, sender, trust);
        OutputFile.WriteText(into, to => to.Write(store.ToJson().ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n"));
        count = store.Count;
        return import;
    }

    /// <summary>It stays beside the store: a lock that is deleted while another waits for it locks nothing.</summary>
    private static FileStream Held(string path)
    {
        for (var left = Patience; ; left -= Pause)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (IOException) when (left > TimeSpan.Zero && File.Exists(path))
            {
                Thread.Sleep(Pause);
            }
        }
    }

    private static JsonObject Read(string path)
    {
        if (BundleDownload.IsAddress(path)) return BundleDownload.Read(path, StixLimits.Default, out var wrong) ?? throw new InvalidDataException($"{path}: {wrong}");
        if (path != "-" && !File.Exists(path)) throw new FileNotFoundException($"There is no bundle {path}.", path);
        using var from = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
        var name = path == "-" ? "standard input" : path;
        return StixBundle.ReadAny(from, StixLimits.Default, out var fault) ?? throw new InvalidDataException($"{name}: {fault}");
    }
}
