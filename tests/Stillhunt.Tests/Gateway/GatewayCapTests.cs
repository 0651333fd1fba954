using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using static Stillhunt.Tests.Gateway.RunningGateway;

namespace Stillhunt.Tests.Gateway;

/// <summary>Requests and tokens are counted against what an account may have.</summary>
public sealed class GatewayCapTests
{
    [Fact]
    public async Task Caps_count_requests_and_declared_tokens_and_lower_what_is_asked_for()
    {
        await using var upstream = await MadeUpstream.Answering("""{"choices":[],"usage":{"completion_tokens":60}}"""u8.ToArray());
        await using var server = await MadeServer.Start();
        server.Decide = _ => MadeServer.Obligation("""{"action":"cap","requests_per_hour":3,"tokens_per_day":100}""");
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        var statuses = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            using var answer = await gateway.Post(Chat, """{"model":"m","max_tokens":80}""");
            statuses.Add((int)answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 86_400);
            await answer.Content.ReadAsByteArrayAsync();
        }

        Assert.Equal([200, 200, 429, 429], statuses);
        Assert.Equal(["""{"model":"m","max_tokens":80}""", """{"model":"m","max_tokens":40}"""], upstream.Requests.Select(asked => Encoding.UTF8.GetString(asked.Body)));
    }

    [Fact]
    public async Task Tokens_of_an_answer_that_did_not_come_and_of_a_request_that_was_refused_are_given_back()
    {
        var status = 500;
        await using var upstream = await MadeUpstream.Start((context, _) =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("""{"choices":[],"usage":{"completion_tokens":60}}""");
        });
        await using var server = await MadeServer.Start();
        server.Decide = _ => MadeServer.Obligation("""{"action":"cap","tokens_per_day":100}""");
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        async Task<int> Status(string body)
        {
            using var answer = await gateway.Post(Chat, body);
            await answer.Content.ReadAsByteArrayAsync();
            return (int)answer.StatusCode;
        }

        Assert.Equal(500, await Status("""{"model":"m","max_tokens":100}"""));
        status = 200;
        Assert.Equal(200, await Status("""{"model":"m","max_tokens":100}"""));
        Assert.Equal(429, await Status("""{"model":"m","n":50}"""));
        Assert.Equal(200, await Status("""{"model":"m","max_tokens":40}"""));
    }
}
