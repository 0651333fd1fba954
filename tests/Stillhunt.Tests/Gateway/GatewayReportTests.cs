using System.Net;
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

    [Fact]
    public async Task Reports_that_do_not_fit_are_dropped_and_counted_and_hold_nobody_up()
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        await using var gateway = await RunningGateway.Start(upstream, Dead, change: options => options with { Limits = options.Limits with { ReportQueueBytes = 1000 } });
        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.OK, (await gateway.Post(Chat, """{"model":"m"}""")).StatusCode);
        Assert.True(await RunningServer.Until(() => Task.FromResult(gateway.Gateway.Counters.ReportsDropped.Value >= 4)));
    }
}
