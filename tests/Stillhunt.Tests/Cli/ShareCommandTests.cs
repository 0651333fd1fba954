using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Stillhunt.Campaigns;
using Stillhunt.Sharing;
using Stillhunt.Tests.Ingest;
using Stillhunt.Tests.Sharing;

namespace Stillhunt.Tests.Cli;

public sealed class ShareCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_bundle_is_imported_from_an_address()
    {
        var bundle = Encoding.UTF8.GetBytes(ExportSample.Export(ExportSample.Result()).ToJsonString());
        var run = Import(Served($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {bundle.Length}\r\nConnection: close\r\n\r\n", bundle));
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Contains($"{ExportSample.Objects(ExportSample.Export(ExportSample.Result()), "indicator").Count()} indicators added", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Imports_at_the_same_time_lose_nothing()
    {
        var store = Path.Combine(_folder.Path, "intel.json");
        var bundle = _folder.Write("bundle.json", ExportSample.Export(ExportSample.Result()).ToJsonString());
        var running = Enumerable.Range(0, 6).Select(i => CliRun.Start("share", "import", bundle, "--sender", $"Lab {i}", "--store", store)).ToList();
        foreach (var process in running)
        {
            using (process)
            {
                process.WaitForExit();
                Assert.Equal(0, process.ExitCode);
            }
        }

        var senders = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(store))!["received"]!.AsArray().Select(received => (string?)received!["sender"]).Distinct();
        Assert.Equal(Enumerable.Range(0, 6).Select(i => $"Lab {i}"), senders.Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.partial"));
    }

    [Theory]
    [InlineData("\"object_marking_refs\":[5]", 1, "Connection refused")]
    [InlineData("\"granular_markings\":[{\"marking_ref\":\"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1\",\"selectors\":[\"name\"]}]", 2, "TLP:RED")]
    [InlineData("\"granular_markings\":[{\"marking_ref\":\"marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003\",\"selectors\":[\"name\"]}]", 2, "TLP:AMBER+STRICT")]
    public void A_push_looks_at_every_marking_and_trips_over_none(string marking, int exitCode, string told)
    {
        var bundle = _folder.Write("bundle.json", $$"""
            {"type":"bundle","id":"bundle--00000000-0000-4000-8000-000000000001","objects":[{"type":"identity","spec_version":"2.1","id":"identity--00000000-0000-4000-8000-000000000002",
            "created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","name":"Lab",{{marking}}}]}
            """);
        var run = CliRun.Of("share", "push", bundle, "http://127.0.0.1:1/api/collections/a/");
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(told, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_redirect_and_an_error_are_followed_nowhere()
    {
        var moved = Import(Served("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", []));
        Assert.Equal(1, moved.ExitCode);
        Assert.Contains("was answered with 302", moved.Errors, StringComparison.Ordinal);
        Assert.Equal(2, Import("http://lab.example/x.json").ExitCode);
    }

    [Fact]
    public void A_public_export_takes_nothing_from_an_internal_one_and_says_why()
    {
        var result = Path.Combine(_folder.Path, "campaigns.json");
        using (var file = File.Create(result)) ScanResultJson.Write(file, ExportSample.Result());
        var previous = _folder.Write("internal.json", ExportSample.Export(ExportSample.Result(), ExportSample.Request(ShareProfile.Internal)).ToJsonString());
        var to = Path.Combine(_folder.Path, "public.json");
        var run = CliRun.Of("share", "export", "--all", "--producer", "Example Lab", "--profile", "public", "--previous", previous, "--result", result, "--out", to);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("marked TLP:AMBER+STRICT", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(to));
        Assert.Equal(0, CliRun.Of("share", "export", "--all", "--producer", "Example Lab", "--profile", "internal", "--previous", previous, "--result", result, "--out", to).ExitCode);
    }

    [Fact]
    public void A_reversed_campaign_that_nobody_knows_is_told_and_one_that_is_named_as_well_refused()
    {
        var result = Path.Combine(_folder.Path, "campaigns.json");
        using (var file = File.Create(result)) ScanResultJson.Write(file, ExportSample.Result());
        var id = ExportSample.Result().Campaigns[0].Id;
        var (first, second) = (Path.Combine(_folder.Path, "first.json"), Path.Combine(_folder.Path, "second.json"));
        CliRun Export(params string[] more) => CliRun.Of(["share", "export", "--producer", "Example Lab", "--result", result, .. more]);
        Assert.Equal((2, true), (Export(id, "--reverse", id).ExitCode, Export(id, "--reverse", id).Errors.Contains($"{id} is named to be exported", StringComparison.Ordinal)));
        Assert.DoesNotContain("--reverse", Export("--all", "--out", first).Errors, StringComparison.Ordinal);

        // Revoked, once by the result and once by the last export alone: both know it.
        Assert.DoesNotContain("--reverse", Export("--all", "--reverse", id, "--previous", first, "--out", second).Errors, StringComparison.Ordinal);
        using (var file = File.Create(result)) ScanResultJson.Write(file, ExportSample.Result() with { Campaigns = [] });
        Assert.DoesNotContain("--reverse", Export("--all", "--reverse", id, "--previous", second, "--out", second).Errors, StringComparison.Ordinal);

        var unknown = Export("--all", "--reverse", "c-typo", "--previous", second, "--out", second);
        Assert.Equal(0, unknown.ExitCode);
        Assert.Contains("--reverse c-typo:", unknown.Errors, StringComparison.Ordinal);
        Assert.Contains("nor has --previous", unknown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_for_one_provider_alone_goes_with_the_partner_profile()
    {
        var run = CliRun.Of("share", "export", "--all", "--producer", "x", "--profile", "public", "--accounts-of", "cloud", "--result", _folder.Write("r.json", "{}"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--accounts-of goes with the partner profile", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("internal", "TLP:AMBER+STRICT")]
    [InlineData("provider", "TLP:RED")]
    public void What_is_not_for_a_group_is_pushed_nowhere(string profile, string marking)
    {
        var bundle = ExportSample.Export(ExportSample.Result(), ExportSample.Request(profile == "provider" ? ShareProfile.ForProvider("eu") : ShareProfile.Internal));
        var run = CliRun.Of("share", "push", _folder.Write("b.json", bundle.ToJsonString()), "http://127.0.0.1:1/api/collections/x/");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(marking, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_push_that_is_not_done_says_so_and_ends_with_another_code()
    {
        var status = """{"id":"","status":"pending","success_count":0,"failure_count":1,"pending_count":2,"failures":[{"id":"note--1","version":"x","message":"too old"}]}"""u8.ToArray();
        var address = Served($"HTTP/1.1 202 Accepted\r\nContent-Type: application/taxii+json;version=2.1\r\nContent-Length: {status.Length}\r\nConnection: close\r\n\r\n", status);
        var run = CliRun.Of("share", "push", _folder.Write("b.json", Sharing.Taxii.TaxiiClientTests.Many(3).ToJsonString()), address);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("refused: note--1: too old", run.Errors, StringComparison.Ordinal);
        Assert.Contains("0 of 3 objects were taken, 1 failed, 2 are still pending", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_push_whose_server_goes_away_in_the_middle_says_how_far_it_came_and_what_to_do()
    {
        var posts = 0;
        await using var server = await Gateway.MadeUpstream.Start((context, _) =>
        {
            if (++posts > 1) context.Abort();
            context.Response.StatusCode = 202;
            return posts > 1 ? Task.CompletedTask : context.Response.WriteAsync("""{"id":"s","status":"complete","success_count":1000,"failure_count":0,"pending_count":0}""");
        });
        var run = CliRun.Of("share", "push", _folder.Write("b.json", Sharing.Taxii.TaxiiClientTests.Many(2500).ToJsonString()), new Uri(server.Url, "/api/collections/x/").ToString());
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("1,000 of 2,500 objects were taken, 1,000 were sent and not answered, 500 were not added. Push the same bundle again", run.Errors, StringComparison.Ordinal);
    }

    private CliRun Import(string address) => CliRun.Of("share", "import", address, "--sender", "a", "--store", Path.Combine(_folder.Path, "intel.json"));

    /// <summary>The address of a server that answers one request, whatever is asked for.</summary>
    private static string Served(string head, byte[] body)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = Task.Run(async () =>
        {
            using (listener)
            {
                using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
                await using var stream = client.GetStream();
                _ = await stream.ReadAsync(new byte[4096], TestContext.Current.CancellationToken);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
                await stream.WriteAsync(body, TestContext.Current.CancellationToken);
            }
        });
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/campaigns.json";
    }
}
