using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Stillhunt.Response.Canaries;
using Stillhunt.Server;
using Stillhunt.Server.Gateway;
using Stillhunt.Tests.Response.Canaries;
using Stillhunt.Tests.Response.Countermeasures;
using Stillhunt.Tests.Server;

namespace Stillhunt.Tests.Gateway;

public sealed class GatewayTests
{
    private const string Chat = "/v1/chat/completions";

    private static readonly Uri Dead = new("http://127.0.0.1:1");

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
        });
        Assert.Equal(207, (int)answer.StatusCode);
        Assert.Equal(bytes, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal(["a=1", "b=2"], answer.Headers.GetValues("Set-Cookie"));
        Assert.Equal("a, b", answer.Headers.GetValues("X-Request-Id").Single());
        Assert.True(upstream.Requests.TryDequeue(out var asked));
        Assert.Equal((Chat + "?a=%2C&b=c+d", body), (asked.Target, Encoding.UTF8.GetString(asked.Body)));
        Assert.Equal(("Bearer sk-test", "1", "gzip", "1.1 stillhunt-gateway"), (asked.Headers["Authorization"], asked.Headers["X-Kept"], asked.Headers["Accept-Encoding"], asked.Headers["Via"]));
        Assert.False(asked.Headers.ContainsKey("X-Private"));
        Assert.Equal(1, gateway.Gateway.Counters.Unchanged.Value);
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
    public async Task A_verdict_is_carried_out_on_request_and_stream_and_another_account_beside_it_is_untouched()
    {
        await using var upstream = await MadeUpstream.Start(async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream; charset=utf-8";
            foreach (var piece in Encoding.UTF8.GetBytes(MadeAnswers.ChatStream).Chunk(97)) await context.Response.Body.WriteAsync(piece);
        });
        await using var server = await MadeServer.Start();
        server.Decide = account => account == Account("sk-flagged") ? MadeServer.Obligation("""{"action":"strip","fields":["logprobs","n","seed"]},{"action":"withhold-reasoning","summarise":true}""") : MadeServer.Nothing;
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        const string body = """{"model":"m","stream":true,"n":2,"logprobs":true,"seed":3}""";
        using (var answer = await gateway.Post(Chat, body, "sk-flagged"))
        {
            var text = await answer.Content.ReadAsStringAsync();
            Assert.DoesNotContain(MadeAnswers.Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain("Other", text, StringComparison.Ordinal);
            Assert.Contains(" invoices", text, StringComparison.Ordinal);
        }

        using (var answer = await gateway.Post(Chat, body, "sk-honest")) Assert.Equal(MadeAnswers.ChatStream, await answer.Content.ReadAsStringAsync());
        Assert.Equal(["""{"model":"m","stream":true}""", body], upstream.Requests.Select(asked => Encoding.UTF8.GetString(asked.Body)));
    }

    [Fact]
    public async Task An_answer_that_came_compressed_is_rewritten_plain()
    {
        await using var upstream = await MadeUpstream.Start(async (context, _) =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers.ContentEncoding = "gzip";
            await using var packed = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
            await packed.WriteAsync(Encoding.UTF8.GetBytes("""{"content":[{"type":"thinking","thinking":"zebra"},{"type":"text","text":"Two"}]}"""));
        });
        await using var server = await MadeServer.Start();
        server.Decide = _ => MadeServer.Obligation("""{"action":"withhold-reasoning"}""");
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        using var answer = await gateway.Post("/v1/messages", """{"model":"m","max_tokens":5}""", change: request => request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip"));
        Assert.Equal("""{"content":[{"type":"text","text":"Two"}]}""", await answer.Content.ReadAsStringAsync());
        Assert.Empty(answer.Content.Headers.ContentEncoding);
        Assert.Equal("identity", upstream.Requests.Single().Headers["Accept-Encoding"]);
    }

    [Theory]
    [InlineData("verify", 403, "verification_required")]
    [InlineData("hold", 403, "account_on_hold")]
    [InlineData("suspend", 403, "account_suspended")]
    public async Task A_challenge_reaches_the_client_and_nothing_the_provider(string action, int status, string code)
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        await using var server = await MadeServer.Start();
        server.Decide = _ => MadeServer.Obligation($$"""{"action":"{{action}}"}""");
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url, change: options => options with { HelpUrl = "https://help.example/" });
        using var answer = await gateway.Post("/v1/messages", """{"model":"m"}""");
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal((status, code, "error"), ((int)answer.StatusCode, json.RootElement.GetProperty("error").GetProperty("code").GetString()!, json.RootElement.GetProperty("type").GetString()!));
        Assert.Equal("<https://help.example/>; rel=\"help\"", answer.Headers.GetValues("Link").Single());
        Assert.Empty(upstream.Requests);
        Assert.True(await RunningServer.Until(() => Task.FromResult(!server.Reports.IsEmpty)));
        Assert.Equal(status, server.Reports.First().GetProperty("status").GetInt32());
    }

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
            Assert.Throws<ServeRefusedException>(() => new CanaryRecord(record, TimeProvider.System, new GatewayCounters(), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));
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

    [Fact]
    public async Task While_no_decision_can_be_had_open_lets_through_and_closed_refuses()
    {
        await using var upstream = await MadeUpstream.Answering("""{"ok":1}"""u8.ToArray());
        await using (var open = await RunningGateway.Start(upstream, Dead))
        {
            using var answer = await open.Post(Chat, "{\"n\":2}");
            Assert.Equal((200, """{"ok":1}"""), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
            Assert.Equal(1, open.Gateway.Counters.Undecided.Value);
        }

        await using (var closed = await RunningGateway.Start(upstream, Dead, closed: true))
        {
            using var answer = await closed.Post(Chat, "{}");
            Assert.Equal((503, true), ((int)answer.StatusCode, answer.Headers.RetryAfter is not null));
            using var admin = new HttpClient { BaseAddress = new Uri(closed.Gateway.Urls[^1]) };
            Assert.Contains("stillhunt_gateway_undecided_total 1", await admin.GetStringAsync("/metrics"), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/healthz")).StatusCode);
        }

        Assert.Single(upstream.Requests);
        // A server that answers, but slowly, or with something else than a decision, is as good as none.
        var stalled = new TaskCompletionSource();
        await using var slow = await MadeUpstream.Start((_, _) => stalled.Task);
        await using (var late = await RunningGateway.Start(upstream, slow.Url, closed: true, options => options with { Limits = options.Limits with { DecideTime = TimeSpan.FromMilliseconds(20) } }))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await late.Post(Chat, "{}")).StatusCode);
        stalled.SetResult();
        await using var server = await MadeServer.Start();
        foreach (var strange in new[] { null, "[]", """{"obligations":[{"action":"burn"}]}""" })
        {
            server.Decide = _ => strange;
            await using var gateway = await RunningGateway.Start(upstream, server.Http.Url, closed: true);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.Post(Chat, "{}")).StatusCode);
        }
    }

    [Fact]
    public async Task A_decision_is_asked_once_for_requests_that_come_within_its_time()
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        await using var server = await MadeServer.Start();
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url, change: options => options with { Limits = options.Limits with { DecideKept = TimeSpan.FromHours(1) } });
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async i => (await gateway.Post(Chat, """{"model":"m"}""")).Dispose()));
        Assert.Equal(1, server.QuestionCount);
        (await gateway.Post(Chat, """{"model":"other"}""")).Dispose();
        Assert.Equal(2, server.QuestionCount);
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

    [Fact]
    public async Task What_can_not_be_carried_out_is_refused_rather_than_let_through()
    {
        await using var upstream = await MadeUpstream.Answering("[]"u8.ToArray());
        await using var server = await MadeServer.Start();
        server.Decide = account => account == Account("sk-honest") ? MadeServer.Nothing : MadeServer.Obligation("""{"action":"withhold-reasoning"}""");
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url, change: options => options with { Limits = options.Limits with { RequestBytes = 1000 } });
        async Task<int> Status(string path, string body, string key = "sk-flagged", string? encoding = null)
        {
            using var answer = await gateway.Post(path, body, key, request => { if (encoding is not null) request.Content!.Headers.ContentEncoding.Add(encoding); });
            return (int)answer.StatusCode;
        }

        Assert.Equal(403, await Status("/v1/messages/batches", "{}"));
        Assert.Equal(400, await Status("/v1/messages", "no json"));
        Assert.Equal(400, await Status("/v1/messages", "{}", encoding: "gzip"));
        Assert.Equal(502, await Status("/v1/messages", "{}"));
        foreach (var (path, body) in new[] { ("/v1/messages/batches", "{}"), ("/v1/messages", "no json"), ("/v1/messages", "{}") }) Assert.Equal(200, await Status(path, body, "sk-honest"));
        Assert.Equal(413, await Status("/v1/messages", new string(' ', 2000), "sk-honest"));
        Assert.Equal(501, await Status("/v1/x%2Fmessages", "{}", "sk-honest"));
        using var looped = await gateway.Post(Chat, "{}", change: request => request.Headers.TryAddWithoutValidation("Via", "1.1 stillhunt-gateway"));
        Assert.Equal(501, (int)looped.StatusCode);
    }

    [Fact]
    public async Task An_account_whose_verdict_is_over_can_go_on_with_its_conversation()
    {
        await using var upstream = await MadeUpstream.Answering("""{"content":[{"type":"thinking","thinking":"zebra","signature":"s"}]}"""u8.ToArray());
        await using var server = await MadeServer.Start();
        server.Decide = _ => MadeServer.Obligation("""{"action":"withhold-reasoning","summarise":true}""");
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        string content;
        using (var answer = await gateway.Post("/v1/messages", """{"model":"m"}"""))
        {
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            content = json.RootElement.GetProperty("content").GetRawText();
        }

        server.Decide = _ => MadeServer.Nothing;
        var next = $$"""{"messages":[{"role":"assistant","content":{{content}}}]}""";
        using (var answer = await gateway.Post("/v1/messages", next)) Assert.Contains("zebra", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        (await gateway.Post("/v1/messages", next, "sk-other")).Dispose();
        Assert.Equal(["""{"messages":[{"role":"assistant","content":[]}]}""", next], upstream.Requests.Skip(1).Select(asked => Encoding.UTF8.GetString(asked.Body)));
    }

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

    [Fact]
    public async Task What_would_be_unsafe_does_not_start()
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        foreach (var change in new Func<GatewayOptions, GatewayOptions>[]
        {
            options => options with { Urls = ["http://0.0.0.0:0"] }, options => options with { AdminUrl = "http://0.0.0.0:0" },
            options => options with { Upstream = new Uri("ftp://x/") }, options => options with { HelpUrl = "javascript:x" },
        })
            await Assert.ThrowsAsync<ServeRefusedException>(() => RunningGateway.Start(upstream, Dead, change: change));
    }

    private static string Account(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
