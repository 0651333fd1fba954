using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Stillhunt.Server.Store.Sqlite;
using Stillhunt.Sketches;
using Stillhunt.Tests.Ingest;
using Stillhunt.Tests.Ledger;

namespace Stillhunt.Tests.Cli;

public sealed class ServeCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Store => Path.Combine(_folder.Path, "s.db");

    [Fact]
    public void Keys_are_made_listed_and_revoked_and_shown_once()
    {
        var key = _folder.Write("key", "0123456789abcdef\n");
        var added = CliRun.Of("keys", "add", "--store", Store, "--key-file", key, "--name", "gateway", "--scope", "ingest,decide");
        Assert.Equal(0, added.ExitCode);
        var text = added.Output.Trim();
        Assert.StartsWith("slh_", text, StringComparison.Ordinal);
        var listed = CliRun.Of("keys", "list", "--store", Store, "--key-file", key, "--json");
        Assert.DoesNotContain(text[^20..], listed.Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(listed.Output);
        var id = json.RootElement[0].GetProperty("id").GetString()!;
        Assert.Equal("ingest,decide", json.RootElement[0].GetProperty("scopes").GetString());
        Assert.Equal(0, CliRun.Of("keys", "revoke", id, "--store", Store, "--key-file", key).ExitCode);
        Assert.Equal(1, CliRun.Of("keys", "revoke", id, "--store", Store, "--key-file", key).ExitCode);
        Assert.Equal(2, CliRun.Of("keys", "add", "--store", Store, "--key-file", key, "--name", "x", "--scope", "everything").ExitCode);
        // Without TLS a server for other machines does not start, keys or not.
        var open = CliRun.Of("serve", "--store", Store, "--key-file", key, "--urls", "http://0.0.0.0:0");
        Assert.Equal(2, open.ExitCode);
        Assert.Contains("in clear", open.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keys", "add", "--name", "x", "--scope", "read", "--days", "2147483647")]
    [InlineData("serve", "--keep-prompts", "2147483647")]
    [InlineData("serve", "--interval", "1e300")]
    [InlineData("serve", "--store-limit", "9223372036854775807")]
    [InlineData("gateway", "--upstream", "http://127.0.0.1:1", "--server", "http://127.0.0.1:1", "--fail", "open", "--upstream-timeout", "NaN")]
    public void A_number_that_can_not_be_counted_with_is_named_before_anything_starts(params string[] arguments)
    {
        var run = CliRun.Of(arguments[0] == "gateway" ? arguments : [.. arguments, "--store", Store, "--key-file", _folder.Write("key", "0123456789abcdef\n")]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(arguments[^2] + " takes a number from", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Store));
    }

    [Fact]
    public void A_port_in_use_is_told_in_one_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var run = CliRun.Of("serve", "--store", Store, "--key-file", _folder.Write("key", "0123456789abcdef\n"), "--urls", $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("address already in use", Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_with_faults_ends_with_code_2_and_every_line()
    {
        var path = _folder.Write("policy.yaml", "version: 1\nmode: act\ncampaigns:\n  - {rule: a, when: {confidence: 2}, then: [flag]}\n");
        var run = CliRun.Of("policy", "check", path);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("line 2, field mode", run.Errors, StringComparison.Ordinal);
        Assert.Contains("line 4, field campaigns[0].when.confidence", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Review_audit_backup_and_deletion_work_on_a_stopped_store()
    {
        var key = _folder.Write("key", "0123456789abcdef\n");
        var hash = HashKeyFile.LoadOrCreate(key);
        using (var store = SqliteStore.Open(Store, hash)) store.Campaigns.Save([MadeCampaigns.Tracked("c-1", ["a1", "a2"])], []);
        string[] at = ["--store", Store, "--key-file", key];
        Assert.Equal(0, CliRun.Of(["campaign", "confirm", "c-1", "--by", "ada", "--note", "looked at it", .. at]).ExitCode);
        Assert.Equal(0, CliRun.Of(["store", "delete-account", "a1", "--by", "ada", .. at]).ExitCode);
        // Gone by now, mistyped, or of another source: nothing was deleted, and that somebody asked for it stands in the trail.
        foreach (var unknown in new string[][] { ["a1"], ["A2"], ["a2", "--source", "eu"] })
        {
            var run = CliRun.Of(["store", "delete-account", .. unknown, "--by", "ada", .. at]);
            Assert.Equal(1, run.ExitCode);
            Assert.StartsWith($"stillhunt: Nothing is kept of account '{unknown[0]}' of the log source '{(unknown.Length > 1 ? "eu" : "default")}', so nothing was deleted.", run.Errors, StringComparison.Ordinal);
        }

        var export = Path.Combine(_folder.Path, "audit.jsonl");
        Assert.Equal(0, CliRun.Of(["audit", "export", "--out", export, .. at]).ExitCode);
        Assert.Contains("5 records, unbroken", CliRun.Of("audit", "verify", export).Output, StringComparison.Ordinal);
        Assert.Equal(["review", "deletion", "deletion-of-nothing", "deletion-of-nothing", "deletion-of-nothing"], File.ReadLines(export).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("kind").GetString()));
        Assert.Contains("\\u0022source\\u0022:\\u0022eu\\u0022,\\u0022account\\u0022:\\u0022a2\\u0022", File.ReadLines(export).Last(), StringComparison.Ordinal);
        // However the head was written down.
        var head = CliRun.Of("audit", "verify", export).Output.Trim().Split(' ')[^1];
        Assert.Equal(0, CliRun.Of("audit", "verify", export, "--head", head.ToUpperInvariant()).ExitCode);
        var torn = _folder.Write("torn.jsonl", File.ReadAllText(export) + "{\"seq\":3");
        Assert.Equal((1, $"stillhunt: {torn}, line 6: The line is no record of an audit trail."), (CliRun.Of("audit", "verify", torn).ExitCode, CliRun.Of("audit", "verify", torn).Errors.Trim()));
        File.WriteAllText(export, File.ReadAllText(export).Replace("confirmed", "dismissed", StringComparison.Ordinal));
        Assert.Equal(1, CliRun.Of("audit", "verify", export).ExitCode);
        Assert.Equal(0, CliRun.Of("store", "backup", Store, "--out", Path.Combine(_folder.Path, "b.db")).ExitCode);
        using var backup = SqliteStore.Open(Path.Combine(_folder.Path, "b.db"), hash);
        Assert.Equal("a2", Assert.Single(Assert.Single(backup.Campaigns.Load()).Members).Id);
    }

    [Fact]
    public void A_store_that_was_cut_to_nothing_is_refused_by_every_command()
    {
        var empty = _folder.Write("empty.db", "");
        string[] at = ["--store", empty, "--key-file", _folder.Write("key", "0123456789abcdef\n")];
        var policy = _folder.Write("policy.yaml", "version: 1\nmode: shadow\n");
        foreach (var command in new string[][] { ["audit", "verify", .. at], ["policy", "backtest", policy, .. at], ["store", "check", empty], ["store", "restore", empty, "--store", Store],
            ["serve", "--urls", "http://127.0.0.1:0", .. at], ["keys", "add", "--name", "gateway", "--scope", "ingest", .. at] })
        {
            var run = CliRun.Of(command);
            Assert.Equal((1, ""), (run.ExitCode, run.Output));
            Assert.Contains("is no store", run.Errors, StringComparison.Ordinal);
        }

        Assert.Equal(0, new FileInfo(empty).Length);
        Assert.False(File.Exists(Store));
    }

    public void Dispose() => _folder.Dispose();
}
