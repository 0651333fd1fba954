using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Stillhunt.Server.Gateway;
using Stillhunt.Tests.Server;
using static Stillhunt.Tests.Gateway.RunningGateway;

namespace Stillhunt.Tests.Gateway;

/// <summary>What passes, passes as it came and as it comes.</summary>
public sealed class GatewayPassingTests
{
    [Fact]
    public async Task Honest_traffic_passes_byte_for_byte_in_both_directions()
    {
        var bytes = RandomNumberGenerator.GetBytes(200_000);
        await using var upstream = await MadeUpstream.Start(async (context, _) =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (207, "application/octet-stream");
            context.Response.Headers["X-Request-Id"] = "a, b";
            context.Response.Headers.Append("Set-Cookie", "a=1");
            context.Response.Headers.Append("Set-Cookie", "b=2");
            context.Response.Headers.ContentEncoding = "gzip";
            await context.Response.Body.WriteAsync(bytes);
        });
        await using var server = await MadeServer.Start();
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        const string body = "{ \"model\" : \"m\",\r\n \"n\": 4, \"seed\":1, \"messages\":[]}";
        using var answer = await gateway.Post(Chat + "?a=%2C&b=c+d", body, change: request =>
        {
            request.Headers.TryAddWithoutValidation("Connection", "X-Private");
            request.Headers.TryAddWithoutValidation("X-Private", "1");
            request.Headers.TryAddWithoutValidation("X-Kept", "1");
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
            request.Headers.ExpectContinue = true;
        });
        Assert.Equal(207, (int)answer.StatusCode);
        Assert.Equal(bytes, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal(["a=1", "b=2"], answer.Headers.GetValues("Set-Cookie"));
        Assert.Equal("a, b", answer.Headers.GetValues("X-Request-Id").Single());
        Assert.True(upstream.Requests.TryDequeue(out var asked));
        Assert.Equal((Chat + "?a=%2C&b=c+d", body), (asked.Target, Encoding.UTF8.GetString(asked.Body)));
        Assert.Equal(("Bearer sk-test", "1", "gzip", "1.1 stillhunt-gateway"), (asked.Headers["Authorization"], asked.Headers["X-Kept"], asked.Headers["Accept-Encoding"], asked.Headers["Via"]));
        foreach (var hop in new[] { "X-Private", "Expect" }) Assert.False(asked.Headers.ContainsKey(hop));
        Assert.Equal(1, gateway.Gateway.Counters.Unchanged.Value);
    }

    [Fact]
    public async Task An_offer_to_upgrade_is_passed_over_unless_it_is_a_websocket()
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        await using var server = await MadeServer.Start();
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        async Task<int> Status(string protocol)
        {
            using var answer = await gateway.Post(Chat, """{"model":"m"}""", change: request =>
            {
                request.Headers.TryAddWithoutValidation("Upgrade", protocol);
                request.Headers.TryAddWithoutValidation("Connection", "Upgrade, HTTP2-Settings");
                request.Headers.TryAddWithoutValidation("HTTP2-Settings", "AAMAAABkAAQCAAAAAAIAAAAA");
            });
            return (int)answer.StatusCode;
        }

        Assert.Equal(200, await Status("h2c"));
        Assert.Equal(501, await Status("WebSocket"));
        Assert.Equal(501, await Status("h2c, websocket"));
        Assert.DoesNotContain("Upgrade", upstream.Requests.Single().Headers.Keys);
    }

    [Fact]
    public void A_header_that_the_providers_connection_names_goes_no_further()
    {
        // Kestrel writes a Connection header of its own, so no server in this process can send this one.
        using var answer = new HttpResponseMessage { Content = new ByteArrayContent([]) };
        foreach (var (name, value) in new[] { ("Connection", "keep-alive, x-hop"), ("X-Hop", "1"), ("X-Kept", "1"), ("Transfer-Encoding", "chunked") }) answer.Headers.TryAddWithoutValidation(name, value);
        var context = new DefaultHttpContext();
        ProxyHeaders.Copy(answer, context.Response, rewritten: false);
        Assert.Equal(["X-Kept"], context.Response.Headers.Keys);
    }

    [Fact]
    public async Task The_first_piece_of_an_answer_is_there_before_the_second_is_made()
    {
        var read = new TaskCompletionSource();
        await using var upstream = await MadeUpstream.Start(async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.WriteAsync("data: {\"a\":1}\n\n"u8.ToArray());
            await read.Task;
            await context.Response.Body.WriteAsync("data: [DONE]\n\n"u8.ToArray());
        });
        await using var server = await MadeServer.Start();
        foreach (var decision in new[] { MadeServer.Nothing, MadeServer.Obligation("""{"action":"withhold-reasoning"}""") })
        {
            read = new TaskCompletionSource();
            server.Decide = _ => decision;
            await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
            using var answer = await gateway.Post(Chat, """{"model":"m","stream":true}""");
            await using var stream = await answer.Content.ReadAsStreamAsync();
            var piece = new byte[100];
            Assert.Equal("data: {\"a\":1}\n\n", Encoding.UTF8.GetString(piece, 0, await stream.ReadAsync(piece)));
            read.SetResult();
            Assert.Equal("data: [DONE]\n\n", await new StreamReader(stream).ReadToEndAsync());
        }
    }

    [Fact]
    public async Task When_the_client_leaves_the_provider_is_told_and_what_was_sent_is_reported()
    {
        var left = new TaskCompletionSource();
        await using var upstream = await MadeUpstream.Start(async (context, _) =>
        {
            context.RequestAborted.Register(left.SetResult);
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.WriteAsync("data: {\"choices\":[{\"delta\":{\"content\":\"Tw\"}}]}\n\n"u8.ToArray());
            await left.Task;
        });
        await using var server = await MadeServer.Start();
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        using (var answer = await gateway.Post(Chat, """{"model":"m","stream":true}"""))
        {
            await using var stream = await answer.Content.ReadAsStreamAsync();
            await stream.ReadExactlyAsync(new byte[10]);
        }

        await left.Task;
        Assert.True(await RunningServer.Until(() => Task.FromResult(!server.Reports.IsEmpty)));
        var report = server.Reports.Single();
        Assert.Equal((Account("sk-test"), 200, "Tw"), (report.GetProperty("account").GetString()!, report.GetProperty("status").GetInt32(), report.GetProperty("response")[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString()!));
        Assert.Equal(1, gateway.Gateway.Counters.Cancelled.Value);
    }

    [Fact]
    public async Task A_slow_reader_holds_back_the_provider_rather_than_filling_memory()
    {
        var written = 0L;
        await using var upstream = await MadeUpstream.Start(async (context, _) =>
        {
            var piece = new byte[1 << 20];
            for (var i = 0; i < 64 && !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.Body.WriteAsync(piece, context.RequestAborted);
                Interlocked.Add(ref written, piece.Length);
            }
        });
        await using var server = await MadeServer.Start();
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        using var socket = new TcpClient { ReceiveBufferSize = 4096 };
        var url = gateway.Http.BaseAddress!;
        await socket.ConnectAsync(url.Host, url.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /v1/files HTTP/1.1\r\nHost: {url.Authority}\r\nAuthorization: Bearer sk-test\r\n\r\n"));
        await socket.GetStream().ReadExactlyAsync(new byte[100]);
        // Until it stands still: nobody reads.
        var before = -1L;
        Assert.True(await RunningServer.Until(async () =>
        {
            await Task.Delay(200);
            var now = Interlocked.Read(ref written);
            var isStill = now == before && now > 0;
            before = now;
            return isStill;
        }));
        Assert.InRange(Interlocked.Read(ref written), 1, 60L << 20);
    }

    [Fact]
    public async Task A_provider_that_is_away_slow_or_breaks_off_is_told_in_the_apis_own_form()
    {
        await using var server = await MadeServer.Start();
        var stalled = new TaskCompletionSource();
        await using var slow = await MadeUpstream.Start((_, _) => stalled.Task);
        await using (var gateway = await RunningGateway.Start(slow, server.Http.Url, change: options => options with { Upstream = Dead }))
        {
            using var answer = await gateway.Post("/v1/messages", "{}");
            Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
            Assert.Contains("\"api_error\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await using (var gateway = await RunningGateway.Start(slow, server.Http.Url, change: options => options with { Limits = options.Limits with { UpstreamTime = TimeSpan.FromMilliseconds(100) } }))
            Assert.Equal(HttpStatusCode.GatewayTimeout, (await gateway.Post("/v1/messages", "{}")).StatusCode);
        stalled.SetResult();

        var begun = new TaskCompletionSource();
        await using var broken = await MadeUpstream.Start(async (context, _) =>
        {
            await context.Response.Body.WriteAsync("data: {}\n\n"u8.ToArray());
            await begun.Task;
            context.Abort();
        });
        await using (var gateway = await RunningGateway.Start(broken, server.Http.Url))
        {
            // An answer that is not whole must not look whole.
            using var answer = await gateway.Post(Chat, "{}");
            begun.SetResult();
            await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsByteArrayAsync());
        }
    }
}
