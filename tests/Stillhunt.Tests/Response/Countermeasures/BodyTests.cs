using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Stillhunt.Response;
using Stillhunt.Response.Countermeasures;
using static Stillhunt.Tests.Response.Countermeasures.MadeAnswers;

namespace Stillhunt.Tests.Response.Countermeasures;

public sealed class BodyTests
{
    private const string Message =
        """
        {"id":"msg_1","type":"message","content":[ {"type":"thinking","thinking":"a zebra","signature":"zebrasig"}, {"type":"redacted_thinking","data":"zebra"},
          {"type":"text","text":"Tw\u006f", "x": 1.50} ],"usage":{"output_tokens":9}}
        """;

    [Fact]
    public void Thinking_goes_and_everything_else_stays_as_it_was_written()
    {
        Assert.Equal("""{"id":"msg_1","type":"message","content":[{"type":"text","text":"Tw\u006f", "x": 1.50}],"usage":{"output_tokens":9}}""", Body(ModelApi.Messages, Withheld, Message));
        Assert.Equal("""{"id":"msg_1","type":"message","content":[{"type":"thinking","thinking":"Reasoning withheld by the provider: 7 characters.","signature":"d2l0aGhlbGQ="},{"type":"thinking","thinking":"Reasoning withheld by the provider: a part of unknown length.","signature":"d2l0aGhlbGQ="},{"type":"text","text":"Tw\u006f", "x": 1.50}],"usage":{"output_tokens":9}}""",
            Body(ModelApi.Messages, Summarised, Message));
        Assert.Equal(Message, Body(ModelApi.Messages, Stripped, Message));
    }

    [Fact]
    public void A_replacement_that_comes_back_is_taken_out_of_the_history_and_nothing_else_is()
    {
        using var answer = JsonDocument.Parse(Body(ModelApi.Messages, Summarised, Message));
        var request = $$"""{"model":"m","max_tokens":10,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":{{answer.RootElement.GetProperty("content").GetRawText()}}},{"role":"user","content":[{"type":"thinking","thinking":"mine","signature":"c2ln"}]}]}""";
        Assert.Equal("""{"model":"m","max_tokens":10,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"text","text":"Tw\u006f", "x": 1.50}]},{"role":"user","content":[{"type":"thinking","thinking":"mine","signature":"c2ln"}]}]}""",
            Request(ModelApi.Messages, Summarised, request));
    }

    [Fact]
    public void Reasoning_in_the_fields_of_every_chat_provider_goes()
    {
        const string body = """{"choices":[{"index":0,"message":{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"zebra"}]},{"type":"text","text":"Two"}],"reasoning_content":"zebra","reasoning":"zebra","reasoning_details":[{"text":"zebra"}],"thinking_blocks":[{"thinking":"zebra","signature":"zebra"}],"provider_specific_fields":{"reasoning_content":"zebra","citations":null}},"logprobs":{"content":[]},"finish_reason":"stop"},{"index":1,"message":{"content":"Other"}}]}""";
        Assert.Equal("""{"choices":[{"index":0,"message":{"role":"assistant","content":[{"type":"text","text":"Two"}],"provider_specific_fields":{"citations":null}},"logprobs":null,"finish_reason":"stop"}]}""",
            Body(ModelApi.ChatCompletions, Withheld with { StripLogprobs = true, StripCandidates = true }, body));
        Assert.DoesNotContain(Secret, Body(ModelApi.ChatCompletions, Summarised, body), StringComparison.Ordinal);
        Assert.Contains("\"reasoning_content\":\"Reasoning withheld by the provider: 10 characters.\"", Body(ModelApi.ChatCompletions, Summarised, body), StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_account_may_not_have_is_not_asked_for()
    {
        Assert.Equal("""{"model":"m","temperature":1.0,"messages":[]}""", Request(ModelApi.ChatCompletions, Stripped, """{"model":"m","n":4,"logprobs":true,"top_logprobs":20,"seed":7,"best_of":9,"\u006e":3,"temperature":1.0,"messages":[]}"""));
        Assert.Equal("""{"model":"m","include":["reasoning.encrypted_content"],"input":"q"}""", Request(ModelApi.Responses, Stripped, """{"model":"m","include":["message.output_text.logprobs","reasoning.encrypted_content"],"top_logprobs":3,"input":"q"}"""));
        const string untouched = """{ "model": "m", "n": 4, "thinking": {"type": "enabled"} }""";
        Assert.Equal(untouched, Request(ModelApi.Messages, Stripped, untouched));
    }

    [Theory]
    [InlineData(ModelApi.ChatCompletions, """{"max_tokens":5000,"max_completion_tokens":50}""", """{"max_tokens":2000,"max_completion_tokens":50}""")]
    [InlineData(ModelApi.ChatCompletions, """{"model":"m"}""", """{"model":"m","max_completion_tokens":2000}""")]
    [InlineData(ModelApi.ChatCompletions, """{"max_tokens":"9000"}""", """{"max_tokens":2000}""")]
    [InlineData(ModelApi.ChatCompletions, """{"max_tokens":-1}""", """{"max_tokens":2000}""")]
    [InlineData(ModelApi.ChatCompletions, """{"max_tokens":50,"n_predict":-1}""", """{"max_tokens":50,"n_predict":2000}""")]
    [InlineData(ModelApi.ChatCompletions, """{"max_output_tokens":50}""", """{"max_output_tokens":50,"max_completion_tokens":2000}""")]
    [InlineData(ModelApi.ChatCompletions, """{"prompt":"q"}""", """{"prompt":"q","max_tokens":2000}""")]
    [InlineData(ModelApi.ChatCompletions, """{"max_completion_tokens":50,"prompt":"q"}""", """{"max_completion_tokens":50,"prompt":"q","max_tokens":2000}""")]
    [InlineData(ModelApi.Messages, """{"max_tokens":0}""", """{"max_tokens":2000}""")]
    [InlineData(ModelApi.Responses, """{"max_output_tokens":1e9}""", """{"max_output_tokens":2000}""")]
    [InlineData(ModelApi.Responses, """{}""", """{"max_output_tokens":2000}""")]
    [InlineData(ModelApi.Messages, """{"max_tokens":16000,"thinking":{"type":"enabled","budget_tokens":10000}}""", """{"max_tokens":2000,"thinking":{"type":"enabled","budget_tokens":1024}}""")]
    [InlineData(ModelApi.Messages, """{"max_tokens":1500,"thinking":{"type":"enabled","budget_tokens":1200}}""", """{"max_tokens":1500,"thinking":{"type":"enabled","budget_tokens":1200}}""")]
    public void Output_is_capped_at_what_is_left(ModelApi api, string request, string capped) =>
        Assert.Equal(capped, Request(api, new Measures { OutputTokens = 2000 }, request));

    [Theory]
    [InlineData("""{"n":3}""", 3L, 1)]
    [InlineData("""{"n":2,"best_of":20}""", 20L, 1)]
    [InlineData("""{"best_of":20,"n":null}""", 20L, 1)]
    [InlineData("""{"n":"50"}""", null, 1)]
    [InlineData("""{"n":2,"best_of":[9]}""", null, 1)]
    [InlineData("""{"prompt":["a","b","c"],"n":2}""", 2L, 3)]
    [InlineData("""{"prompt":[1,2,3]}""", 1L, 1)]
    [InlineData("""{"prompt":[[1,2],[3]]}""", 1L, 2)]
    [InlineData("""{"prompt":"a"}""", 1L, 1)]
    public void Every_candidate_for_every_prompt_is_counted(string request, long? candidates, long prompts)
    {
        var facts = RequestFacts.Read(Encoding.UTF8.GetBytes(request))!;
        Assert.Equal((candidates, prompts), (facts.CandidateCount, facts.PromptCount));
    }

    [Theory]
    [InlineData("""{"model":"m","separate_reasoning":false,"return_token_ids":true}""", """{"model":"m"}""")]
    [InlineData("""{"model":"m","reasoning_format":"none"}""", """{"model":"m"}""")]
    [InlineData("""{"model":"m","reasoning_format":"deepseek-legacy"}""", """{"model":"m"}""")]
    [InlineData("""{"model":"m","reasoning_format":"raw"}""", """{"model":"m","reasoning_format":"parsed"}""")]
    [InlineData("""{ "model":"m","reasoning_format":"hidden","separate_reasoning":true}""", """{ "model":"m","reasoning_format":"hidden","separate_reasoning":true}""")]
    public void Reasoning_is_not_asked_for_where_it_would_not_be_found(string request, string asked)
    {
        Assert.Equal(asked, Request(ModelApi.ChatCompletions, Withheld, request));
        Assert.Equal(asked, Request(ModelApi.ChatCompletions, Summarised, request));
        Assert.Equal(request, Request(ModelApi.ChatCompletions, Stripped, request));
        // Nor is anything left of it when the verdict is over.
        var restored = new System.Buffers.ArrayBufferWriter<byte>();
        Assert.True(RequestBody.TryRewrite(ModelApi.ChatCompletions, Measures.None, Encoding.UTF8.GetBytes(request), restored, wasReplaced: true));
        Assert.Equal(request, Encoding.UTF8.GetString(restored.WrittenSpan));
    }

    [Fact]
    public void Lists_of_stored_answers_are_cleared_as_the_answers_are()
    {
        const string list = """{"object":"list","data":[{"id":"c","choices":[{"index":0,"message":{"content":"Two","reasoning_content":"zebra"},"logprobs":{"content":[{"token":"Two"}]}},{"index":1,"message":{"content":"Other"}}]}],"has_more":false}""";
        Assert.Equal("""{"object":"list","data":[{"id":"c","choices":[{"index":0,"message":{"content":"Two"},"logprobs":null}]}],"has_more":false}""", Body(ModelApi.ChatCompletions, Withheld with { StripLogprobs = true, StripCandidates = true }, list));
        Assert.Equal("""{"data":[{"role":"assistant","content":"Two"}]}""", Body(ModelApi.ChatCompletions, Withheld, """{"data":[{"role":"assistant","content":"Two","reasoning":"zebra"}]}"""));
        Assert.Equal("""{"object":"list","data":[{"type":"message","content":[{"type":"output_text","text":"Two","logprobs":[]}]}]}""", Body(ModelApi.Responses, Withheld with { StripLogprobs = true },
            """{"object":"list","data":[{"type":"reasoning","summary":[{"text":"zebra"}],"encrypted_content":"zebra"},{"type":"message","content":[{"type":"output_text","text":"Two","logprobs":[{"token":"Two"}]}]}]}"""));
        const string item = """{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"zebra"}],"content":[{"text":"zebra"}],"encrypted_content":"zebra"}""";
        Assert.Equal("""{"id":"rs_1","type":"reasoning","summary":[]}""", Body(ModelApi.Responses, Withheld, item));
        Assert.Equal("""{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"Reasoning withheld by the provider: 10 characters."}]}""", Body(ModelApi.Responses, Summarised, item));
    }

    [Fact]
    public void What_stands_beside_the_message_tells_no_reasoning_and_no_probabilities()
    {
        const string body = """{"choices":[{"index":0,"message":{"content":"Two","reasoning_content":"zebra","provider_specific_fields":{"reasoningContentBlocks":[{"text":"zebra"}],"citations":[]}},"logprobs":{"content":[{"token":"zebra"}]},"token_ids":[7],"provider_specific_fields":{"thinking_blocks":["zebra"],"stop":1}}],"prompt_logprobs":[{}],"provider_specific_fields":{"thought_signature":"zebra"}}""";
        Assert.Equal("""{"choices":[{"index":0,"message":{"content":"Two","provider_specific_fields":{"citations":[]}},"logprobs":null,"token_ids":null,"provider_specific_fields":{"stop":1}}],"prompt_logprobs":[{}],"provider_specific_fields":{}}""", Body(ModelApi.ChatCompletions, Withheld, body));
        Assert.Contains("\"token_ids\":[7]", Body(ModelApi.ChatCompletions, Stripped, body), StringComparison.Ordinal);
        Assert.Contains("\"prompt_logprobs\":null", Body(ModelApi.ChatCompletions, Stripped, body), StringComparison.Ordinal);
        // Probabilities of what is not withheld stay where none are to be stripped.
        const string plain = """{"choices":[{"index":0,"message":{"content":"Two"},"logprobs":{"content":[{"token":"Two"}]}}]}""";
        Assert.Equal(plain, Body(ModelApi.ChatCompletions, Withheld, plain));
    }

    [Fact]
    public void Only_obligations_become_measures()
    {
        Assert.Equal(Measures.None, Measures.Of([]));
        Assert.Equal(Measures.None, Measures.Of([new Obligation(ResponseAction.Flag), new Obligation(ResponseAction.Cap) { RequestsPerHour = 1 }]));
        Assert.Equal(new Measures { StripSeed = true, Reasoning = ReasoningView.Omitted },
            Measures.Of([new Obligation(ResponseAction.Strip) { Fields = ["seed"] }, new Obligation(ResponseAction.WithholdReasoning) { Summarise = true }, new Obligation(ResponseAction.WithholdReasoning)]));
    }

    [Fact]
    public void Without_measures_any_object_passes_byte_for_byte()
    {
        Prop.ForAll<string, double, int>((text, number, api) =>
        {
            var body = $"{{ \"choices\" : [ {{\"message\":{{\"reasoning\":{JsonSerializer.Serialize(text)}}}}} ], \"output\":[{{\"type\":\"reasoning\"}}],\"n\": {JsonSerializer.Serialize(double.IsFinite(number) ? number : 0)} }}\n";
            var known = (ModelApi)((uint)api % 3);
            return Body(known, Measures.None, body) == body && Request(known, Measures.None, body) == body;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_is_no_json_object_is_refused_rather_than_passed()
    {
        foreach (var body in new[] { "", "[1]", "{", "{\"a\":1}x", "\"zebra\"", "{'a':1}" })
            Assert.False(AnswerBody.TryRewrite(ModelApi.Messages, Withheld, Encoding.UTF8.GetBytes(body), new System.Buffers.ArrayBufferWriter<byte>(), out _));
    }

    [Fact]
    public void An_answer_that_names_a_member_twice_is_not_taken_for_cleared_and_an_event_of_that_kind_is_left_out()
    {
        const string twice = """{"choices":[{"index":0,"index":1,"message":{"content":"a"},"logprobs":null,"logprobs":{"content":[]}}]}""";
        var to = new System.Buffers.ArrayBufferWriter<byte>();
        var measures = Measures.None with { StripLogprobs = true };
        Assert.False(AnswerBody.TryRewrite(ModelApi.ChatCompletions, measures, Encoding.UTF8.GetBytes(twice), to, out _));
        Assert.Equal(0, to.WrittenCount);
        var events = new AnswerEvents(ModelApi.ChatCompletions, measures);
        events.Push(Encoding.UTF8.GetBytes($"data: {twice}\n\n"), to);
        Assert.Equal((1, ":\n\n"), (events.UnreadableCount, Encoding.UTF8.GetString(to.WrittenSpan)));
    }

    [Theory]
    [InlineData("/v1/responses/compact", ModelApi.Responses, true)]
    [InlineData("/v1/responses/resp_1/compact", ModelApi.Responses, false)]
    [InlineData("/v1/chat/completions", ModelApi.ChatCompletions, true)]
    [InlineData("//V1//Chat/Completions/", ModelApi.ChatCompletions, true)]
    [InlineData("/openai/deployments/x/chat/completions", ModelApi.ChatCompletions, true)]
    [InlineData("/v1/responses/resp_1", ModelApi.Responses, false)]
    [InlineData("/v1/messages", ModelApi.Messages, true)]
    [InlineData("/v1/messages/count_tokens", ModelApi.Messages, false)]
    [InlineData("/v1/models", null, false)]
    [InlineData("/v1/chat/deferred-completion/r-1", ModelApi.ChatCompletions, false)]
    [InlineData("/v1/chat;a=b/completions;c=d", ModelApi.ChatCompletions, true)]
    [InlineData("/v1/chat/completions/chatcmpl-1/messages", ModelApi.ChatCompletions, true)]
    [InlineData("/invocations", ModelApi.ChatCompletions, true)]
    [InlineData("/v1/conversations/conv_1/items", ModelApi.Responses, false)]
    [InlineData("/v1/conversations", ModelApi.Responses, false)]
    public void A_path_says_which_api_it_is(string path, ModelApi? api, bool asks)
    {
        Assert.Equal(api, ModelApis.Find(path));
        Assert.Equal(asks, ModelApis.AsksModel(path));
    }

    [Theory]
    [InlineData("/v1/messages/count_tokens", true)]
    [InlineData("/v1/responses/input_tokens", true)]
    [InlineData("/v1/responses/resp_1/cancel", true)]
    [InlineData("/v1/responses/compact", true)]
    [InlineData("/v1/conversations/conv_1/items", true)]
    [InlineData("/v1/conversations/conv_1", true)]
    [InlineData("/v1/embeddings", true)]
    [InlineData("/v1/responses/resp_1/compact", false)]
    [InlineData("/v1/responses/resp_1", false)]
    [InlineData("/v1/chat/completions/cancel", false)]
    [InlineData("/v1/chat/completions/chatcmpl-1", false)]
    [InlineData("/v1/chat/completions/embeddings", false)]
    [InlineData("/v1/conversations/conv_1/restart", false)]
    [InlineData("/v1/messages/stream", false)]
    public void What_answers_below_an_endpoint_is_known_only_where_it_is_named(string path, bool known) => Assert.Equal(known, ModelApis.IsKnown(path));

    [Fact]
    public void A_refusal_has_the_shape_of_each_api_and_says_where_to_act()
    {
        using var openAi = JsonDocument.Parse(Refusal.Of(RefusalKind.VerificationRequired).Body(ModelApi.ChatCompletions, "https://help.example/verify"));
        Assert.Equal("verification_required", openAi.RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(JsonValueKind.Null, openAi.RootElement.GetProperty("error").GetProperty("param").ValueKind);
        Assert.Equal("https://help.example/verify", openAi.RootElement.GetProperty("error").GetProperty("action").GetProperty("url").GetString());
        using var anthropic = JsonDocument.Parse(Refusal.Of(RefusalKind.Suspended).Body(ModelApi.Messages, null));
        Assert.Equal(("error", "permission_error"), (anthropic.RootElement.GetProperty("type").GetString(), anthropic.RootElement.GetProperty("error").GetProperty("type").GetString()));
        Assert.Equal("contact", anthropic.RootElement.GetProperty("error").GetProperty("action").GetProperty("type").GetString());
        foreach (var kind in Enum.GetValues<RefusalKind>()) Assert.InRange(Refusal.Of(kind).Status, 400, 599);
    }
}
