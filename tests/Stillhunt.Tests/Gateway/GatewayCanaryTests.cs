using System.Net;
using System.Text;
using System.Text.Json;
using Stillhunt.Response.Canaries;
using Stillhunt.Server;
using Stillhunt.Server.Gateway;
using Stillhunt.Tests.Response.Canaries;
using static Stillhunt.Tests.Gateway.RunningGateway;

namespace Stillhunt.Tests.Gateway;

/// <summary>Marks are served to flagged campaigns and put on record.</summary>
public sealed class GatewayCanaryTests
{
    [Fact]
    public async Task A_flagged_campaign_is_served_its_marks_they_are_noted_and_nobody_else_sees_one()
    {
        var folder = Directory.CreateTempSubdirectory("stillhunt-canary-").FullName;
        var body = $$"""{"choices":[ {"index":0,"message":{"role":"assistant","content":"{{MadeProse.Raw(MadeProse.Answer)}}"},"finish_reason":"stop"} ]}""";
        await using var upstream = await MadeUpstream.Answering(Encoding.UTF8.GetBytes(body));
        await using var server = await MadeServer.Start();
        server.Decide = account => account == Account("sk-flagged") ? MadeServer.Obligation("""{"action":"canary"}""") : account == Account("sk-rule") ? MadeServer.Obligation("""{"action":"canary"}""", campaign: null) : MadeServer.Nothing;
        var record = Path.Combine(folder, "canaries.jsonl");
        await using (var gateway = await RunningGateway.Start(upstream, server.Http.Url, change: options => options with { Canaries = new GatewayCanaries([MadeProse.Key], record) }))
        {
            async Task<string> Answer(string key, string request)
            {
                using var answer = await gateway.Post(Chat, request, key);
                return await answer.Content.ReadAsStringAsync();
            }

            var marked = await Answer("sk-flagged", """{"model":"m"}""");
            Assert.Equal(MadeProse.Marked(MadeProse.Raw(MadeProse.Answer)), MadeProse.Raw(JsonDocument.Parse(marked).RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!));
            Assert.NotEqual(body, marked);
            // Who is under no campaign's verdict, and answers for a program.
            foreach (var (key, request) in new[] { ("sk-honest", """{"model":"m"}"""), ("sk-rule", """{"model":"m"}"""), ("sk-flagged", """{"model":"m","response_format":{"type":"json_schema"}}"""), ("sk-flagged", """{"model":"m","logprobs":true}""") })
                Assert.Equal(body, await Answer(key, request));
            // A mark stops nothing: batches and what can't be read pass.
            using var batch = await gateway.Post("/v1/batches", "{}", "sk-flagged");
            Assert.Equal(HttpStatusCode.OK, batch.StatusCode);
            var link = Path.Combine(folder, "link.jsonl");
            File.CreateSymbolicLink(link, record);
            foreach (var name in new[] { record, link }) Assert.Throws<ServeRefusedException>(() => new CanaryRecord(name, TimeProvider.System, new GatewayCounters(), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));
        }

        var served = Assert.Single(CanaryRecordFile.Read(record, out var head, out _));
        Assert.Equal(("c-1", "2026-01", 1L, 1L, (long)MadeProse.Places(MadeProse.Raw(MadeProse.Answer)).Count), (served.Campaign, served.Epoch, served.AnswerCount, served.MarkedCount, served.PlaceCount));
        Assert.NotEqual(CanaryRecordFile.Beginning, head);
        await using (var unkeyed = await RunningGateway.Start(upstream, server.Http.Url))
        {
            using var answer = await unkeyed.Post(Chat, """{"model":"m"}""", "sk-flagged");
            Assert.Equal(body, await answer.Content.ReadAsStringAsync());
            Assert.Equal(1, unkeyed.Gateway.Counters.CanariesWithoutKey.Value);
        }

        Directory.Delete(folder, recursive: true);
    }
}
