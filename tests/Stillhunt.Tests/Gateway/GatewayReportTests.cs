using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Stillhunt.Server.Gateway;
using Stillhunt.Tests.Response.Countermeasures;
using Stillhunt.Tests.Server;
using static Stillhunt.Tests.Gateway.RunningGateway;

namespace Stillhunt.Tests.Gateway;

/// <summary>What went through is reported to the server.</summary>
public sealed class GatewayReportTests
{
    [Fact]
    public async Task Exchanges_reach_the_real_server_with_account_answer_and_usage()
    {
        await using var serve = await RunningServer.Start();
        await using var upstream = await MadeUpstream.Start(async (context, body) =>
        {
            var isStream = context.Request.Path.Value!.EndsWith("messages", StringComparison.Ordinal);
            context.Response.ContentType = isStream ? "text/event-stream" : "application/json";
            await context.Response.WriteAsync(isStream ? MadeAnswers.MessagesStream : """{"choices":[{"message":{"content":"Two"}}],"usage":{"prompt_tokens":3,"completion_tokens":4}}""");
        });
        await using (var gateway = await RunningGateway.Start(upstream, new Uri(serve.Server.Urls.First()), change: options => options with { Account = new AccountRule { BodyField = "metadata.user_id" } }))
        {
            using (var chat = await gateway.Post(Chat, "{\"model\":\"m\",\n\"messages\":[{\"role\":\"user\",\"content\":\"q\"}],\"metadata\":{\"user_id\":\"ann\"}}")) await chat.Content.ReadAsByteArrayAsync();
            using (var messages = await gateway.Post("/v1/messages", """{"model":"m","messages":[{"role":"user","content":"q"}],"metadata":{"user_id":"ann"}}""")) await messages.Content.ReadAsByteArrayAsync();
            Assert.True(await RunningServer.Until(() => Task.FromResult(gateway.Gateway.Counters.Reported.Value == 2)));
        }

        Assert.Equal(2, (await serve.Get("/v1/status")).Json.GetProperty("exchange_count").GetInt32());
        Assert.True(await RunningServer.Until(async () => (await serve.Get("/v1/accounts/ann")).Status == 200));
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task An_answer_that_is_not_in_the_encoding_it_names_is_reported_without_its_text_and_refused_where_it_must_be_changed(string encoding)
    {
        await using var upstream = await MadeUpstream.Start(async (context, _) =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers.ContentEncoding = encoding;
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes("""{"choices":[{"message":{"content":"no such encoding"}}]}"""));
        });
        await using var server = await MadeServer.Start();
        server.Decide = account => account == "watched" ? MadeServer.Obligation("""{"action":"strip","fields":["logprobs"]}""") : MadeServer.Nothing;
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url, change: options => options with { Account = new AccountRule { BodyField = "user" } });
        foreach (var (account, status) in new[] { ("watched", 502), ("honest", 200), ("other", 200) })
        {
            using var answer = await gateway.Post(Chat, $$"""{"model":"m","user":"{{account}}","messages":[{"role":"user","content":"q"}]}""");
            Assert.Equal(status, (int)answer.StatusCode);
            await answer.Content.ReadAsByteArrayAsync();
        }

        Assert.True(await RunningServer.Until(() => Task.FromResult(server.Reports.Count == 3)));
    }

    [Fact]
    public async Task Reports_that_do_not_fit_are_dropped_and_counted_and_hold_nobody_up()
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        await using var gateway = await RunningGateway.Start(upstream, Dead, change: options => options with { Limits = options.Limits with { ReportQueueBytes = 1000 } });
        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.OK, (await gateway.Post(Chat, """{"model":"m"}""")).StatusCode);
        Assert.True(await RunningServer.Until(() => Task.FromResult(gateway.Gateway.Counters.ReportsDropped.Value >= 4)));
    }
}
