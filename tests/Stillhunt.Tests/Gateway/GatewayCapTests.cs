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

    public static TheoryData<string, string, string, string> Streams => new()
    {
        {
            "/v1/messages", """{"model":"m","max_tokens":100,"stream":true}""",
            "data: {\"type\":\"message_start\",\"message\":{\"content\":[],\"usage\":{\"output_tokens\":1}}}\n\n",
            "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":40}}\n\n"
        },
        {
            Chat, """{"model":"m","max_tokens":100,"stream":true,"stream_options":{"include_usage":true}}""",
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}],\"usage\":{\"completion_tokens\":1}}\n\n",
            "data: {\"choices\":[],\"usage\":{\"completion_tokens\":40}}\n\n"
        },
        {
            "/v1/responses", """{"model":"m","max_output_tokens":100,"stream":true}""",
            "data: {\"type\":\"response.in_progress\",\"response\":{\"output\":[],\"usage\":{\"output_tokens\":1}}}\n\n",
            "data: {\"type\":\"response.completed\",\"response\":{\"output\":[],\"usage\":{\"output_tokens\":40}}}\n\n"
        },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task A_stream_that_breaks_off_counts_in_full_and_one_whose_end_was_read_by_what_it_declared(string path, string body, string first, string last)
    {
        var (endsAt, left) = (0, new TaskCompletionSource());
        await using var upstream = await MadeUpstream.Start(async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(first + (endsAt > 0 ? last : ""));
            await context.Response.Body.FlushAsync();
            if (endsAt < 2) await left.Task.WaitAsync(TimeSpan.FromSeconds(60), context.RequestAborted);
        });
        await using var server = await MadeServer.Start();
        server.Decide = _ => MadeServer.Obligation("""{"action":"cap","tokens_per_day":200}""");
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        async Task<int> Status(string key)
        {
            var cancelled = gateway.Gateway.Counters.Cancelled.Value;
            using (var answer = await gateway.Post(path, body, key))
            {
                if (answer.StatusCode != HttpStatusCode.OK || endsAt == 2)
                {
                    await answer.Content.ReadAsByteArrayAsync();
                    return (int)answer.StatusCode;
                }

                await using var stream = await answer.Content.ReadAsStreamAsync();
                var (told, piece) = ("", new byte[4096]);
                while (!told.Contains(endsAt > 0 ? "40" : "1", StringComparison.Ordinal)) told += Encoding.UTF8.GetString(piece, 0, await stream.ReadAsync(piece));
            }

            Assert.True(await Server.RunningServer.Until(() => Task.FromResult(gateway.Gateway.Counters.Cancelled.Value > cancelled && gateway.Gateway.IsIdle)));
            return 200;
        }

        // Who leaves before the end has used all that was set aside; who leaves behind it, or reads on, what was declared.
        foreach (var (key, expected) in new[] { ("sk-early", new[] { 200, 200, 429 }), ("sk-late", [200, 200, 200]), ("sk-whole", [200, 200, 200]) })
        {
            var statuses = new List<int>();
            for (var i = 0; i < 3; i++) statuses.Add(await Status(key));
            Assert.Equal(expected, statuses);
            endsAt++;
        }
    }

    [Fact]
    public async Task Limits_that_are_none_and_candidates_that_are_not_shown_do_not_get_round_the_cap()
    {
        await using var upstream = await MadeUpstream.Answering("""{"choices":[],"usage":{"completion_tokens":0}}"""u8.ToArray());
        await using var server = await MadeServer.Start();
        server.Decide = _ => MadeServer.Obligation("""{"action":"cap","tokens_per_day":100}""");
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        foreach (var (body, status, sent) in new[]
        {
            ("""{"model":"m","max_tokens":-1}""", 200, """{"model":"m","max_tokens":100}"""),
            ("""{"model":"m","n":"50"}""", 400, null),
            ("""{"model":"m","max_tokens":50,"best_of":20}""", 200, """{"model":"m","max_tokens":5,"best_of":20}"""),
            ("""{"model":"m","max_tokens":50,"n":2,"prompt":["a","b","c","d","e"]}""", 200, """{"model":"m","max_tokens":10,"n":2,"prompt":["a","b","c","d","e"]}"""),
            ("""{"model":"m","prompt":"a"}""", 200, """{"model":"m","prompt":"a","max_tokens":100}"""),
        })
        {
            using var answer = await gateway.Post("/v1/completions", body);
            await answer.Content.ReadAsByteArrayAsync();
            Assert.Equal(status, (int)answer.StatusCode);
            if (sent is not null) Assert.Equal(sent, Encoding.UTF8.GetString(upstream.Requests.Last().Body));
            Assert.True(await Server.RunningServer.Until(() => Task.FromResult(gateway.Gateway.IsIdle)));
        }
    }
}
