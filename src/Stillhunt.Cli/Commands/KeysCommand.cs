using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Stillhunt.Cli.Files;
using Stillhunt.Reporting.Text;
using Stillhunt.Server.Security;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt keys</c>: who may call the server, and for what.</summary>
internal static class KeysCommand
{
    /// <summary>Requests a second of a key; a hundredth is one in a hundred seconds.</summary>
    public const double LeastRate = 0.01, MostRate = 1e9;

    private const string ScopeList = "ingest (send traffic), accounts (send what is known of accounts), decide (ask for decisions), read, act (confirm, approve, reverse), share (the TAXII collections that it is given), admin (everything)";

    public static Command Make() => new TaughtCommand("keys",
        "Make, list and revoke the keys of 'stillhunt serve'. From the first key on every caller needs one.",
        """
        Examples:
          stillhunt keys add --name gateway --scope ingest,decide
          stillhunt keys add --name billing --scope accounts
          stillhunt keys list
          stillhunt keys revoke 5f1c0a9b2d33
        A change counts in a running server within two seconds.
        """)
    {
        Add(), List(), Revoke(),
    };

    private static Command Add()
    {
        var store = new StoreOption();
        var name = new Option<string>("--name") { Description = "Who or what will use it; stands in the audit trail.", Required = true, HelpName = "NAME" };
        var scope = new Option<string>("--scope") { Description = $"Comma-separated: {ScopeList}.", Required = true, HelpName = "LIST" };
        var days = new Option<int?>("--days") { Description = "Days until it runs out. Default: never.", HelpName = "DAYS" };
        var rate = new Option<double?>("--rate") { Description = "Requests a second that it may make; more are answered with 429. Requests for decisions do not count (serve --decide-rate). Default: what the server's --key-rate says.", HelpName = "N" };
        var command = new Command("add", "Make a key and print it, once.") { name, scope, days, rate };
        store.AddTo(command);
        command.SetAction(parsed =>
        {
            if (ScopeNames.Parse(parsed.GetValue(scope)!, out var unknown) is not { } scopes || scopes == Scopes.None)
                throw new UsageException($"--scope: '{unknown}' is no scope. There are {ScopeList}.");
            if (parsed.GetValue(rate) is { } asked) OptionRange.Check(asked, LeastRate, MostRate, "--rate");
            if (parsed.GetValue(days) is { } lasts) OptionRange.Check(lasts, 1, OptionRange.MostDays, "--days");
            using var opened = store.Open(parsed, mustExist: false);
            var (key, text) = ApiKey.Make(parsed.GetValue(name)!, scopes, TimeProvider.System.GetUtcNow(), parsed.GetValue(days) is { } d ? TimeSpan.FromDays(d) : null, parsed.GetValue(rate));
            opened.Keys.Add(key);
            Console.Error.WriteLine($"stillhunt: key {key.Id} with {scopes.Text()}. It is kept as a hash only: note it now.");
            Console.Out.WriteLine(text);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command List()
    {
        var store = new StoreOption();
        var json = new JsonOption("Write the list as JSON", OutputForm.Json("id"));
        var command = new Command("list", "List the keys; never the keys themselves.");
        store.AddTo(command);
        json.AddTo(command);
        command.SetAction(parsed =>
        {
            using var opened = store.Open(parsed);
            var keys = opened.Keys.Load();
            if (json.Write(parsed, () => new JsonArray([.. keys.Select(key => (JsonNode)new JsonObject
                { ["id"] = key.Id, ["name"] = key.Name, ["scopes"] = key.Scopes.Text(), ["created"] = Time(key.CreatedMs), ["expires"] = Time(key.ExpiresMs), ["revoked"] = Time(key.RevokedMs), ["rate"] = key.Rate })]))) return ExitCodes.Done;
            foreach (var key in keys)
            {
                var state = key.RevokedMs is { } revoked ? "revoked " + Time(revoked) : key.ExpiresMs is { } expires ? "until " + Time(expires) : "valid";
                Console.Out.WriteLine($"{key.Id}  {key.Scopes.Text(),-28}  {state,-28}  {OutputText.Terminal(key.Name, 60)}");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Revoke()
    {
        var store = new StoreOption();
        var id = new Argument<string>("ID") { Description = "As 'stillhunt keys list' shows it." };
        var command = new Command("revoke", "Revoke a key.") { id };
        store.AddTo(command);
        command.SetAction(parsed =>
        {
            using var opened = store.Open(parsed);
            if (!opened.Keys.Revoke(parsed.GetValue(id)!, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()))
                throw new InvalidOperationException($"There is no key '{parsed.GetValue(id)}' that is not revoked already; 'stillhunt keys list' shows them.");
            Console.Error.WriteLine($"stillhunt: key {parsed.GetValue(id)} is revoked.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static string? Time(long? ms) => ms is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : null;
}
