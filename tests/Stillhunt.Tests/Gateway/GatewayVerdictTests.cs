using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Stillhunt.Tests.Response.Countermeasures;
using Stillhunt.Tests.Server;
using static Stillhunt.Tests.Gateway.RunningGateway;

namespace Stillhunt.Tests.Gateway;

/// <summary>Verdicts are carried out on requests and answers.</summary>
public sealed class GatewayVerdictTests
{
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
        foreach (var path in new[] { "/generate", "/api/chat", "/v1/chat/completions/batch", "/v1/threads/t/runs", "/async/chat/completions" }) Assert.Equal(403, await Status(path, "{}"));
        // Below an endpoint a model may answer in a way that is not known here, and no cap would count it.
        foreach (var path in new[] { "/v1/responses/resp_1/compact", "/v1/chat/completions/again" })
        {
            Assert.Equal(403, await Status(path, "{}"));
            Assert.Equal(200, await Status(path, "{}", "sk-honest"));
        }

        foreach (var path in new[] { "/v1/embeddings", "/v1/images/generations" }) Assert.Equal(200, await Status(path, "{}"));
        Assert.Equal(502, await Status("/invocations", "{}"));
        Assert.Equal(200, await Status("/generate", "{}", "sk-honest"));
        Assert.Equal(400, await Status("/v1/messages", "no json"));
        Assert.Equal(400, await Status("/v1/messages", "{}", encoding: "gzip"));
        Assert.Equal(502, await Status("/v1/messages", "{}"));
        Assert.Equal(400, await Status("/v1/messages", "no json", "sk-honest"));
        foreach (var (path, body) in new[] { ("/v1/messages/batches", "{}"), ("/v1/messages/count_tokens", "no json"), ("/v1/messages", "{}") }) Assert.Equal(200, await Status(path, body, "sk-honest"));
        Assert.Equal(413, await Status("/v1/messages", new string(' ', 2000), "sk-honest"));
        Assert.Equal(501, await Status("/v1/x%2Fmessages", "{}", "sk-honest"));
        using var looped = await gateway.Post(Chat, "{}", change: request => request.Headers.TryAddWithoutValidation("Via", "1.1 stillhunt-gateway"));
        Assert.Equal(501, (int)looped.StatusCode);
    }

    [Theory]
    [InlineData("/v1/chat/deferred-completion/r-1", """{"choices":[{"index":0,"message":{"content":"Seven."}}]}""")]
    [InlineData("/async/chat/completions/r-1", null)]
    [InlineData("/api/paas/v4/async-result/r-1", null)]
    public async Task An_answer_that_is_fetched_later_is_cleared_or_refused(string path, string? cleared)
    {
        const string made = """{"choices":[{"index":0,"message":{"content":"Seven.","reasoning_content":"zebra"}}]}""";
        await using var upstream = await MadeUpstream.Answering(Encoding.UTF8.GetBytes(made));
        await using var server = await MadeServer.Start();
        server.Decide = account => account == Account("sk-honest") ? MadeServer.Nothing : MadeServer.Obligation("""{"action":"withhold-reasoning"}""");
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        foreach (var (key, expected) in new[] { ("sk-honest", made), ("sk-flagged", cleared) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
            using var answer = await gateway.Http.SendAsync(request);
            Assert.Equal(expected is null ? 403 : 200, (int)answer.StatusCode);
            if (expected is not null) Assert.Equal(expected, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_conversation_that_a_model_answers_is_closed_under_a_verdict_and_one_that_keeps_items_is_not()
    {
        await using var upstream = await MadeUpstream.Answering("""{"outputs":[{"content":[{"type":"thinking","thinking":"zebra"}]}]}"""u8.ToArray());
        await using var server = await MadeServer.Start();
        server.Decide = account => account == Account("sk-honest") ? MadeServer.Nothing : MadeServer.Obligation("""{"action":"withhold-reasoning"}""");
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        foreach (var (path, body, key, status) in new[]
        {
            ("/v1/conversations", """{"model":"m","inputs":"q"}""", "sk-flagged", 403), ("/v1/conversations/conv_1", """{"inputs":[{"role":"user","content":"q"}]}""", "sk-flagged", 403),
            ("/v1/conversations", "\uFEFF{\"inputs\":\"q\"}", "sk-flagged", 403), ("/v1/conversations", """{"items":[]}""", "sk-flagged", 200), ("/v1/conversations", "", "sk-flagged", 200),
            ("/v1/conversations", """{"model":"m","inputs":"q"}""", "sk-honest", 200),
        })
        {
            using var answer = await gateway.Post(path, body, key);
            Assert.True(status == (int)answer.StatusCode, $"{path} {body} {key} {answer.StatusCode}");
        }

        Assert.Equal(3, upstream.Requests.Count);
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

    [Theory]
    [InlineData("""{"action":"withhold-reasoning"}""")]
    [InlineData("""{"action":"cap","tokens_per_day":1000000}""")]
    [InlineData("""{"action":"cap","requests_per_hour":1000}""")]
    public async Task An_account_whose_verdict_is_another_now_can_go_on_with_its_conversation(string obligation)
    {
        await using var upstream = await MadeUpstream.Answering("""{"content":[{"type":"thinking","thinking":"zebra","signature":"s"}]}"""u8.ToArray());
        await using var server = await MadeServer.Start();
        server.Decide = _ => MadeServer.Obligation("""{"action":"withhold-reasoning","summarise":true}""");
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        string content;
        using (var answer = await gateway.Post("/v1/messages", """{"model":"m","max_tokens":5}"""))
        {
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            content = json.RootElement.GetProperty("content").GetRawText();
        }

        server.Decide = _ => MadeServer.Obligation(obligation);
        (await gateway.Post("/v1/messages", $$"""{"model":"m","max_tokens":5,"messages":[{"role":"assistant","content":{{content}}}]}""")).Dispose();
        Assert.Equal("""{"model":"m","max_tokens":5,"messages":[{"role":"assistant","content":[]}]}""", Encoding.UTF8.GetString(upstream.Requests.Last().Body));
    }
}
