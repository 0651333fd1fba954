using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Stillhunt.Server.Gateway;
using Stillhunt.Tests.Server;
using static Stillhunt.Tests.Gateway.RunningGateway;

namespace Stillhunt.Tests.Gateway;

/// <summary>What is asked of a model is looked at, whatever form it comes in.</summary>
public sealed class GatewayRequestTests
{
    private const string Body = """{"model":"m-9","messages":[{"role":"user","content":"q"}],"seed":7}""";

    public static TheoryData<byte[]> WhatSomeProvidersReadAndNoClientSends => new(new byte[][]
    {
        [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Body)],
        Encoding.Unicode.GetBytes(Body),
        Encoding.UTF8.GetBytes("""{"model":"m-9","temperature":NaN}"""),
        Encoding.UTF8.GetBytes("""{"model":"m-9","x":""" + new string('[', 252) + new string(']', 252) + "}"),
        Encoding.UTF8.GetBytes("[" + Body + "]"),
        [],
    });

    [Theory]
    [MemberData(nameof(WhatSomeProvidersReadAndNoClientSends))]
    public async Task What_can_not_be_looked_at_does_not_reach_a_model(byte[] body)
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        await using var server = await MadeServer.Start();
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        foreach (var path in new[] { Chat, "/v1/messages", "/v1/responses" })
        {
            using var answer = await gateway.Post(path, "", change: request => request.Content = new ByteArrayContent(body));
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            Assert.Equal((400, "unreadable_request"), ((int)answer.StatusCode, json.RootElement.GetProperty("error").GetProperty("code").GetString()));
        }

        // Files are uploaded in forms that are none of the gateway's business.
        using (var other = await gateway.Post("/v1/files", "", change: request => request.Content = new ByteArrayContent(body))) Assert.Equal(200, (int)other.StatusCode);
        Assert.Equal(body, upstream.Requests.Single().Body);
        Assert.Equal(3, gateway.Gateway.Counters.UnreadableRequests.Value);
    }

    [Theory]
    [InlineData("application/json; charset=utf-7", 400)]
    [InlineData("application/json;CHARSET = \"Shift_JIS\"", 400)]
    [InlineData("application/json; charset=utf-8; charset=unicode_escape", 400)]
    [InlineData("application/json; charset*=utf-16''x", 400)]
    [InlineData("application/json; Charset=\"UTF-8\"", 200)]
    [InlineData("application/json; charset=ISO-8859-1", 200)]
    [InlineData("application/json; charset=", 200)]
    [InlineData("text/plain", 200)]
    public async Task A_charset_in_which_the_same_bytes_are_another_request_is_refused(string contentType, int status)
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        await using var server = await MadeServer.Start();
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        foreach (var (path, expected) in new[] { (Chat, status), ("/v1/files", 200) })
        {
            using var answer = await gateway.Post(path, Body, change: request =>
            {
                request.Content!.Headers.Remove("Content-Type");
                request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            });
            Assert.Equal(expected, (int)answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("""{"model":"m","n":1,"n":9}""")]
    [InlineData("""{"model":"m","stream":true,"stream":false}""")]
    [InlineData("""{"model":"m","logprobs":false,"\u006cogprobs":true}""")]
    [InlineData("""{"model":"m","max_tokens":5,"max_tokens":500000}""")]
    [InlineData("""{"model":"m","stream":true,"stream_options":{"include_usage":true,"include_usage":false}}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a","content":"b"}]}""")]
    public async Task A_member_that_stands_twice_is_refused_under_a_verdict_and_passes_as_it_came_without_one(string body)
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        await using var server = await MadeServer.Start();
        server.Decide = account => account == Account("sk-stripped") ? MadeServer.Obligation("""{"action":"strip","fields":["logprobs","n"]}""")
            : account == Account("sk-capped") ? MadeServer.Obligation("""{"action":"cap","tokens_per_day":1000000}""") : MadeServer.Nothing;
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        foreach (var (key, status) in new[] { ("sk-stripped", 400), ("sk-capped", 400), ("sk-honest", 200) })
        {
            using var answer = await gateway.Post(Chat, body, key);
            Assert.Equal(status, (int)answer.StatusCode);
        }

        Assert.Equal(body, Encoding.UTF8.GetString(upstream.Requests.Single().Body));
        Assert.Equal(2, gateway.Gateway.Counters.UnreadableRequests.Value);
    }

    [Fact]
    public async Task A_request_that_names_two_models_is_decided_on_for_both()
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        await using var server = await MadeServer.Start();
        server.DecideFor = (_, model) => model == "closed" ? MadeServer.Obligation("""{"action":"hold"}""") : MadeServer.Nothing;
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        async Task<int> Status(string body)
        {
            using var answer = await gateway.Post(Chat, body);
            return (int)answer.StatusCode;
        }

        Assert.Equal(403, await Status("""{"model":"closed","model":"open"}"""));
        Assert.Equal(403, await Status("""{"model":"open","model":"closed"}"""));
        Assert.Equal(200, await Status("""{"model":"open","model":"open"}"""));
        Assert.Equal("""{"model":"open","model":"open"}""", Encoding.UTF8.GetString(upstream.Requests.Single().Body));
    }

    [Theory]
    [InlineData("""{"Model":"closed"}""")]
    [InlineData("""{"model":"open","MODEL":"closed"}""")]
    [InlineData("""{"MODEL":"closed","model":"open"}""")]
    [InlineData("""{"model":"open","mo\u0044el":"closed"}""")]
    public async Task A_model_counts_however_its_name_is_written(string body)
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        await using var server = await MadeServer.Start();
        server.DecideFor = (account, model) => account == Account("sk-test") && model == "closed" ? MadeServer.Obligation("""{"action":"hold"}""") : MadeServer.Nothing;
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        foreach (var (key, status) in new[] { ("sk-test", 403), ("sk-honest", 200) })
        {
            using var answer = await gateway.Post(Chat, body, key);
            Assert.Equal(status, (int)answer.StatusCode);
        }

        Assert.Equal(body, Encoding.UTF8.GetString(upstream.Requests.Single().Body));
    }

    [Fact]
    public async Task Of_two_models_the_one_that_restricts_counts_though_the_other_is_marked_or_nobody_knows_of_it()
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        await using var server = await MadeServer.Start();
        server.DecideFor = (_, model) => model switch { "closed" => MadeServer.Obligation("""{"action":"hold"}"""), "marked" => MadeServer.Obligation("""{"action":"canary"}"""), "open" => MadeServer.Nothing, _ => null };
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        async Task<int> Status(params string[] models)
        {
            using var answer = await gateway.Post(Chat, $"{{{string.Join(',', models.Select(model => $"\"model\":\"{model}\""))}}}");
            return (int)answer.StatusCode;
        }

        Assert.Equal(403, await Status("closed", "marked"));
        Assert.Equal(403, await Status("marked", "closed"));
        Assert.Equal(200, await Status("open", "marked"));
        // What was decided before holds while the server is silent.
        Assert.Equal(403, await Status("closed", "unknown"));
        Assert.Equal(403, await Status("unknown", "closed"));
    }

    [Fact]
    public async Task A_request_that_names_a_crowd_of_models_asks_nothing_of_the_server()
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        await using var server = await MadeServer.Start();
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        foreach (var (count, status) in new[] { (9, 400), (8, 200) })
        {
            using var answer = await gateway.Post(Chat, $"{{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"model\":\"m{i}\""))}}}");
            Assert.Equal((status, count == 9 ? 0 : 8), ((int)answer.StatusCode, server.QuestionCount));
        }
    }

    [Fact]
    public async Task A_compaction_that_names_a_limit_sets_aside_as_much_as_one_that_names_none()
    {
        await using var upstream = await MadeUpstream.Answering("""{"object":"response.compaction","output":[]}"""u8.ToArray());
        await using var server = await MadeServer.Start();
        server.Decide = _ => MadeServer.Obligation("""{"action":"cap","tokens_per_day":100}""");
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        // An answer that declares nothing counts as much as was set aside.
        foreach (var status in new[] { 200, 429 })
        {
            using var answer = await gateway.Post("/v1/responses/compact", """{"model":"m","input":"long","max_output_tokens":1}""");
            Assert.Equal(status, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_compaction_asks_a_model_and_counts_by_what_it_declares()
    {
        const string body = """{"model":"m","input":"long"}""";
        await using var upstream = await MadeUpstream.Answering("""{"object":"response.compaction","output":[{"type":"compaction","encrypted_content":"x"}],"usage":{"output_tokens":80}}"""u8.ToArray());
        await using var server = await MadeServer.Start();
        server.Decide = _ => MadeServer.Obligation("""{"action":"cap","tokens_per_day":100}""");
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        var statuses = new List<int>();
        foreach (var path in new[] { "/v1/responses/compact", "/v1/responses", "/v1/responses/compact" })
        {
            using var answer = await gateway.Post(path, path == "/v1/responses" ? """{"model":"m","max_output_tokens":50}""" : body);
            statuses.Add((int)answer.StatusCode);
            await answer.Content.ReadAsByteArrayAsync();
        }

        Assert.Equal([200, 200, 429], statuses);
        Assert.Equal([body, """{"model":"m","max_output_tokens":20}"""], upstream.Requests.Select(asked => Encoding.UTF8.GetString(asked.Body)));
        Assert.True(await RunningServer.Until(() => Task.FromResult(server.Reports.Count == 3)));
        using var unreadable = await gateway.Post("/v1/responses/compact", "no json");
        Assert.Equal(400, (int)unreadable.StatusCode);
    }

    [Fact]
    public async Task Tables_for_a_model_of_another_kind_pass()
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        await using var server = await MadeServer.Start();
        server.Decide = account => account == Account("sk-honest") ? MadeServer.Nothing : MadeServer.Obligation("""{"action":"withhold-reasoning"}""");
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        async Task<int> Status(string key, string type)
        {
            using var answer = await gateway.Post("/invocations", "", key, request => request.Content = new StringContent("1,2,3\n", Encoding.UTF8, type));
            return (int)answer.StatusCode;
        }

        Assert.Equal(200, await Status("sk-honest", "text/csv"));
        Assert.Equal("1,2,3\n", Encoding.UTF8.GetString(upstream.Requests.Single().Body));
        Assert.Equal(400, await Status("sk-honest", "application/json"));
        Assert.Equal(403, await Status("sk-flagged", "text/csv"));
    }

    [Fact]
    public async Task A_models_name_is_seen_however_it_is_written()
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        await using var server = await MadeServer.Start();
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        var name = new string('m', 200);
        (await gateway.Post(Chat, $$"""{"model":"{{string.Concat(name.Select(letter => $"\\u{(int)letter:x4}"))}}"}""")).Dispose();
        Assert.Equal(name, server.Questions.Single().GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task A_packed_request_is_unpacked_to_be_looked_at_and_goes_on_as_it_came(string encoding)
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        await using var server = await MadeServer.Start();
        server.Decide = account => account == Account("sk-watched") ? MadeServer.Obligation("""{"action":"strip","fields":["seed"]}""") : MadeServer.Nothing;
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        foreach (var key in new[] { "sk-honest", "sk-watched" })
        {
            using var answer = await gateway.Post(Chat, "", key, request => request.Content = Packed(Body, encoding));
            Assert.Equal(200, (int)answer.StatusCode);
        }

        Assert.Equal(["m-9", "m-9"], server.Questions.Select(question => question.GetProperty("model").GetString()));
        Assert.True(upstream.Requests.TryDequeue(out var honest));
        Assert.Equal((encoding, Body), (honest.Headers["Content-Encoding"], await Unpacked(honest.Body, encoding)));
        Assert.True(upstream.Requests.TryDequeue(out var watched));
        Assert.Equal("""{"model":"m-9","messages":[{"role":"user","content":"q"}]}""", Encoding.UTF8.GetString(watched.Body));
        Assert.DoesNotContain("Content-Encoding", watched.Headers.Keys);
        Assert.True(await RunningServer.Until(() => Task.FromResult(server.Reports.Count == 2)));
        Assert.All(server.Reports, report => Assert.Equal("q", report.GetProperty("request").GetProperty("messages")[0].GetProperty("content").GetString()));
    }

    [Fact]
    public async Task A_request_that_is_too_large_unpacked_or_not_packed_as_it_says_is_refused()
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        await using var server = await MadeServer.Start();
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url, change: options => options with { Limits = options.Limits with { RequestBytes = 100_000 } });
        async Task<int> Status(HttpContent content, string encoding)
        {
            content.Headers.ContentEncoding.Clear();
            content.Headers.ContentEncoding.Add(encoding);
            using var answer = await gateway.Post(Chat, "", change: request => request.Content = content);
            return (int)answer.StatusCode;
        }

        Assert.Equal(413, await Status(Packed("{\"x\":\"" + new string(' ', 100_000) + "\"}", "gzip"), "gzip"));
        Assert.Equal(400, await Status(new StringContent(Body), "gzip"));
        Assert.Equal(400, await Status(Packed(Body, "gzip"), "deflate"));
        Assert.Equal(400, await Status(Packed(Body, "gzip"), "zstd"));
        Assert.Equal(400, await Status(new ByteArrayContent(await Packed(Body, "gzip").ReadAsByteArrayAsync() is var whole ? whole[..^12] : []), "gzip"));
        Assert.Equal(200, await Status(new StringContent(Body), "identity"));
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task Blanks_and_deep_nesting_hide_nothing_from_the_report()
    {
        await using var serve = await RunningServer.Start();
        await using var upstream = await MadeUpstream.Answering("""{"choices":[],"usage":{"completion_tokens":4}}"""u8.ToArray());
        await using var gateway = await RunningGateway.Start(upstream, new Uri(serve.Server.Urls.First()), change: options => options with { Account = new AccountRule { BodyField = "user" } });
        var bodies = new[]
        {
            "{\"user\":\"ann\",\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a \\\" b\"}]" + new string(' ', 17 << 20) + "}",
            "{\"user\":\"ann\",\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + new string('x', 17 << 20) + "\"}]}",
            "{\"user\":\"ann\",\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"q\"}],\"x\":" + new string('[', 251) + new string(']', 251) + "}",
        };
        foreach (var body in bodies)
        {
            using var answer = await gateway.Post(Chat, body);
            Assert.Equal(200, (int)answer.StatusCode);
            await answer.Content.ReadAsByteArrayAsync();
        }

        Assert.True(await RunningServer.Until(() => Task.FromResult(gateway.Gateway.Counters.Reported.Value == 3)));
        Assert.Equal(0, gateway.Gateway.Counters.ReportsDropped.Value);
        Assert.Equal(3, (await serve.Get("/v1/status")).Json.GetProperty("exchange_count").GetInt32());
    }

    private static ByteArrayContent Packed(string text, string encoding)
    {
        var packed = new MemoryStream();
        using (Stream to = encoding == "gzip" ? new GZipStream(packed, CompressionLevel.Fastest) : new ZLibStream(packed, CompressionLevel.Fastest)) to.Write(Encoding.UTF8.GetBytes(text));
        var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add(encoding);
        return content;
    }

    private static async Task<string> Unpacked(byte[] packed, string encoding)
    {
        using var from = new MemoryStream(packed);
        await using Stream stream = encoding == "gzip" ? new GZipStream(from, CompressionMode.Decompress) : new ZLibStream(from, CompressionMode.Decompress);
        return await new StreamReader(stream).ReadToEndAsync();
    }
}
