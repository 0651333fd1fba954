using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Stillhunt.Server;
using Stillhunt.Server.Notices;
using Stillhunt.Server.Store.Sqlite;
using Stillhunt.Sketches;
using Stillhunt.Tests.Ingest;
using Stillhunt.Tests.Ledger;

namespace Stillhunt.Tests.Server;

public sealed class WebhookTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task An_event_is_delivered_signed_in_order_and_again_where_the_receiver_failed()
    {
        var folder = Directory.CreateTempSubdirectory("stillhunt-serve-").FullName;
        var received = new ConcurrentQueue<(string Signature, string Body)>();
        using var receiver = LocalReceiver.Listen(out var url);
        var failures = 1;
        _ = Task.Run(async () =>
        {
            while (receiver.IsListening)
            {
                var call = await receiver.GetContextAsync();
                using var body = new StreamReader(call.Request.InputStream);
                received.Enqueue((call.Request.Headers["Stillhunt-Signature"]!, await body.ReadToEndAsync()));
                call.Response.StatusCode = failures-- > 0 ? 500 : 204;
                call.Response.Close();
            }
        });
        using (var store = SqliteStore.Open(Path.Combine(folder, "s.db"), KeyedHash.Fixed))
            store.Campaigns.Save([MadeCampaigns.Tracked("c-1", ["a1"]), MadeCampaigns.Tracked("c-2", ["a2"])], []);
        try
        {
            await using var server = await RunningServer.Start(folder, options => options with { Notices = new NoticeConfig { Webhooks = [new WebhookTarget(new Uri(url), Secret, ["confirmed"])] } });
            await server.Post("/v1/campaigns/c-1/confirm", """{"by":"ada","note":"first"}""");
            await server.Post("/v1/campaigns/c-2/dismiss", """{"by":"ada","note":"not asked for"}""");
            await server.Post("/v1/campaigns/c-2/confirm", """{"by":"ada","note":"second"}""");
            Assert.True(await RunningServer.Until(() => Task.FromResult(received.Count >= 3)));
            Assert.Equal(["c-1", "c-1", "c-2"], received.Select(message => JsonDocument.Parse(message.Body).RootElement.GetProperty("campaign").GetString()));
            foreach (var (signature, body) in received)
            {
                var time = signature.Split(',')[0]["t=".Length..];
                Assert.Equal(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{time}.{body}"))), signature.Split(",v1=")[1]);
            }
        }
        finally
        {
            receiver.Stop();
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_configuration_tells_all_its_faults()
    {
        using var folder = new TemporaryFolder();
        var secret = folder.Write("short", "abc");
        var path = folder.Write("config.yaml", $"webhooks:\n  - url: http://hooks.example/\n    secret_file: {secret}\n  - url: https://hooks.example/\n    secret_file: {secret}\n    events: [everything]\nsyslog: {{port: 99999}}\nother: 1\n");
        Assert.Null(ServeConfig.Load(path, out var faults));
        Assert.Equal([2, 5, 6, 7, 7, 8], faults.Select(fault => fault.Line).Order());
    }
}
