using System.CommandLine;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Stillhunt.Cli.Files;
using Stillhunt.Reporting.Text;
using Stillhunt.Server.Store.Sqlite;
using Stillhunt.Sharing.Taxii;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt share collection</c>: what the TAXII server of 'stillhunt serve' offers, and to which keys.</summary>
internal static partial class ShareCollectionCommand
{
    public static Command Make() => new TaughtCommand("collection",
        "Make, list and remove the collections of the TAXII server in 'stillhunt serve', and say which keys may read and write them.",
        """
        Examples:
          stillhunt keys add --name "Other Lab" --scope share
          stillhunt share collection add --title "Campaigns" --alias campaigns --read 5f1c0a9b2d33
          stillhunt share collection rights campaigns --read 5f1c0a9b2d33,77aa01c2d3e4 --write 77aa01c2d3e4
          stillhunt share pull https://HOST/api/collections/campaigns/ --token-file key --sender "This Lab"     (the other lab)
        Keys with the scope admin may do everything. A change counts in a running server at once.
        """)
    {
        Add(), List(), Rights(), Remove(),
    };

    private static Command Add()
    {
        var store = new StoreOption();
        var title = new Option<string>("--title") { Description = "What readers see.", Required = true, HelpName = "TEXT" };
        var alias = new Option<string?>("--alias") { Description = "A name that is good in an address: letters, digits, '-' and '_'.", HelpName = "NAME" };
        var description = new Option<string?>("--description") { Description = "What it is for.", HelpName = "TEXT" };
        var (read, write) = RightOptions();
        var command = new Command("add", "Make a collection and print its id.") { title, alias, description, read, write };
        store.AddTo(command);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(title)!.Trim() is not { Length: > 0 and <= 200 } named) throw new UsageException("--title takes 1 to 200 characters.");
            if (parsed.GetValue(alias) is { } shortName && !AliasForm().IsMatch(shortName)) throw new UsageException("--alias takes at most 64 letters, digits, '-' and '_'.");
            using var opened = store.Open(parsed, mustExist: false);
            var collection = new CollectionInfo
            {
                Id = Guid.NewGuid().ToString(), Title = named, Alias = parsed.GetValue(alias), Description = parsed.GetValue(description),
                Readers = Keys(opened, parsed.GetValue(read), "--read"), Writers = Keys(opened, parsed.GetValue(write), "--write"),
            };
            if (!opened.Sharing.AddCollection(collection)) throw new InvalidOperationException($"There is a collection with the alias {collection.Alias} already; 'stillhunt share collection list' shows it.");
            Console.Error.WriteLine($"stillhunt: its address is https://HOST/{new TaxiiOptions().ApiRoot}/collections/{collection.Alias ?? collection.Id}/");
            Console.Out.WriteLine(collection.Id);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command List()
    {
        var store = new StoreOption();
        var json = new JsonOption("Write the list as JSON", OutputForm.Json("id"));
        var command = new Command("list", "List the collections and who may read and write them.");
        store.AddTo(command);
        json.AddTo(command);
        command.SetAction(parsed =>
        {
            using var opened = store.Open(parsed);
            var all = opened.Sharing.LoadCollections();
            if (json.Write(parsed, () => new JsonArray([.. all.Select(collection => (JsonNode)new JsonObject
                {
                    ["id"] = collection.Id, ["title"] = collection.Title, ["alias"] = collection.Alias, ["description"] = collection.Description,
                    ["readers"] = new JsonArray([.. collection.Readers.Select(name => JsonValue.Create(name))]), ["writers"] = new JsonArray([.. collection.Writers.Select(name => JsonValue.Create(name))]),
                })]))) return ExitCodes.Done;
            foreach (var collection in all)
                Console.Out.WriteLine($"{collection.Id}  {collection.Alias ?? "-",-16}  read: {Names(collection.Readers)}; write: {Names(collection.Writers)}  {OutputText.Terminal(collection.Title, 60)}");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Rights()
    {
        var store = new StoreOption();
        var name = new Argument<string>("COLLECTION") { Description = "Id or alias." };
        var (read, write) = RightOptions();
        var command = new Command("rights", "Say anew which keys may read and write a collection; whoever is not named may not.") { name, read, write };
        store.AddTo(command);
        command.SetAction(parsed =>
        {
            using var opened = store.Open(parsed);
            opened.Sharing.SetRights(Find(opened, parsed.GetValue(name)!).Id, Keys(opened, parsed.GetValue(read), "--read"), Keys(opened, parsed.GetValue(write), "--write"));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Remove()
    {
        var store = new StoreOption();
        var name = new Argument<string>("COLLECTION") { Description = "Id or alias." };
        var command = new Command("remove", "Remove a collection with everything in it.") { name };
        store.AddTo(command);
        command.SetAction(parsed =>
        {
            using var opened = store.Open(parsed);
            opened.Sharing.RemoveCollection(Find(opened, parsed.GetValue(name)!).Id);
            return ExitCodes.Done;
        });
        return command;
    }

    private static (Option<string?> Read, Option<string?> Write) RightOptions() => (
        new("--read") { Description = "Ids of keys that may read it, comma-separated; * is every key with the scope share.", HelpName = "KEYS" },
        new("--write") { Description = "Ids of keys that may write it.", HelpName = "KEYS" });

    private static CollectionInfo Find(SqliteStore store, string name) => store.Sharing.LoadCollections().FirstOrDefault(collection => collection.Id == name || collection.Alias == name)
        ?? throw new InvalidOperationException($"There is no collection '{name}'; 'stillhunt share collection list' shows them.");

    private static HashSet<string> Keys(SqliteStore store, string? list, string option)
    {
        var names = (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        var known = store.Keys.Load().Select(key => key.Id).ToHashSet(StringComparer.Ordinal);
        return names.FirstOrDefault(name => name != "*" && !known.Contains(name)) is { } unknown
            ? throw new UsageException($"{option}: there is no key '{unknown}'; 'stillhunt keys list' shows their ids.") : names;
    }

    private static string Names(IReadOnlySet<string> names) => names.Count == 0 ? "nobody" : string.Join(',', names.Order(StringComparer.Ordinal));

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex AliasForm();
}
