using Stillhunt.Response.Countermeasures;
using static Stillhunt.Tests.Response.Countermeasures.MadeAnswers;

namespace Stillhunt.Tests.Response.Countermeasures;

/// <summary>Reasoning that stands elsewhere than in the usual fields, because a client asked for it there or a server puts it there.</summary>
public sealed class WaysAroundTests
{
    [Theory]
    [InlineData("\"reasoning_steps\":[{\"thought\":\"zebra\"}]")]
    [InlineData("\"reasoning_items\":[{\"encrypted_content\":\"zebra\"}]")]
    [InlineData("\"reasoning_signature\":\"zebra\"")]
    [InlineData("\"reasoningContent\":\"zebra\"")]
    [InlineData("\"\\u0072easoning_content\":\"zebra\"")]
    [InlineData("\"thought_signature\":\"zebra\"")]
    [InlineData("\"thoughts\":[\"zebra\"]")]
    [InlineData("\"raw_output\":{\"completion\":\"zebra\"}")]
    public void Whatever_chat_servers_call_reasoning_goes_from_candidate_message_and_stream(string field)
    {
        foreach (var place in new[] { "\"message\":{\"content\":\"Two\"," + field + "}", "\"message\":{\"content\":\"Two\"}," + field })
        {
            var body = $$"""{"choices":[{"index":0,"finish_reason":"stop",{{place}}}]}""";
            Assert.Equal("""{"choices":[{"index":0,"finish_reason":"stop","message":{"content":"Two"}}]}""", Body(ModelApi.ChatCompletions, Withheld, body));
            Assert.DoesNotContain(Secret, Body(ModelApi.ChatCompletions, Summarised, body), StringComparison.Ordinal);
            Assert.Equal(body, Body(ModelApi.ChatCompletions, Measures.None, body));
        }

        var stream = "data: {\"choices\":[{\"index\":0,\"delta\":{" + field + "}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Two\"}}]}\n\n";
        Assert.Equal(":\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Two\"}}]}\n\n", Rewrite(ModelApi.ChatCompletions, Withheld, stream));
    }

    [Fact]
    public void What_the_model_wrote_as_it_wrote_it_is_not_asked_for_and_not_given()
    {
        Assert.Equal("""{"model":"m"}""", Request(ModelApi.ChatCompletions, Withheld, """{"model":"m","raw_output":true}"""));
        Assert.Equal("""{"model":"m"}""", Request(ModelApi.ChatCompletions, Stripped, """{"model":"m","raw_output":true}"""));
        Assert.Equal("""{"choices":[{"index":0,"text":"Two"}]}""", Body(ModelApi.ChatCompletions, Stripped, """{"choices":[{"index":0,"text":"Two","raw_output":{"completion_logprobs":{}}}]}"""));
    }

    /// <summary>So Go reads JSON, long s and Kelvin sign included.</summary>
    [Theory]
    [InlineData("""{"model":"m","N":8,"LogProbs":true}""", """{"model":"m","max_completion_tokens":40}""")]
    [InlineData("""{"model":"m","top_logprob\u017F":5,"be\u017Ft_of":8}""", """{"model":"m","max_completion_tokens":40}""")]
    [InlineData("""{"max_tokens":10,"MAX_TOKENS":900}""", """{"max_tokens":10,"MAX_TOKENS":40}""")]
    [InlineData("""{"Max_Tokens":900}""", """{"Max_Tokens":40,"max_completion_tokens":40}""")]
    [InlineData("{\"max_tokens\":10,\"max_to\u212Aens\":900}", "{\"max_tokens\":10,\"max_to\u212Aens\":40}")]
    [InlineData("""{"max_tokens":10,"max_token":900,"n\u0303":8}""", """{"max_tokens":10,"max_token":900,"n\u0303":8}""")]
    public void A_name_in_other_letters_asks_for_no_more(string body, string rewritten) =>
        Assert.Equal(rewritten, Request(ModelApi.ChatCompletions, Stripped with { OutputTokens = 40 }, body));

    [Fact]
    public void A_message_that_is_said_to_be_a_thought_keeps_what_stands_behind_it()
    {
        const string body = """{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"<thought>a zebra</thought>Two","extra_content":{"google":{"thought":true,"thought_signature":"zebra"}}}}]}""";
        Assert.Equal("""{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Two","extra_content":{"google":{}}}}]}""", Body(ModelApi.ChatCompletions, Withheld, body));
        Assert.Contains("Reasoning withheld by the provider: 26 characters.", Body(ModelApi.ChatCompletions, Summarised, body), StringComparison.Ordinal);
        const string stream = """
            data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"<thought>a zeb","extra_content":{"google":{"thought":true}}}}]}

            data: {"choices":[{"index":0,"delta":{"content":"ra","extra_content":{"google":{"thought":true}}}}]}

            data: {"choices":[{"index":0,"delta":{"content":"Two"},"finish_reason":"stop"}]}


            """;
        var rewritten = Rewrite(ModelApi.ChatCompletions, Withheld, stream);
        Assert.DoesNotContain("zeb", rewritten, StringComparison.Ordinal);
        Assert.DoesNotContain("\"ra\"", rewritten, StringComparison.Ordinal);
        Assert.Contains("\"content\":\"Two\"", rewritten, StringComparison.Ordinal);
        Assert.Equal(stream, Rewrite(ModelApi.ChatCompletions, Stripped, stream));
    }

    [Fact]
    public void A_call_of_a_tool_stays_without_the_handle_of_the_reasoning_before_it()
    {
        const string body = """{"choices":[{"index":0,"message":{"content":null,"tool_calls":[{"id":"c","function":{"name":"f","arguments":"{ \"a\":1 }"},"extra_content":{"google":{"thought_signature":"zebra"}},"provider_specific_fields":{"thought_signature":"zebra"},"thoughtSignature":"zebra"},null]}}]}""";
        Assert.Equal("""{"choices":[{"index":0,"message":{"content":null,"tool_calls":[{"id":"c","function":{"name":"f","arguments":"{ \"a\":1 }"},"extra_content":{"google":{}},"provider_specific_fields":{}},null]}}]}""",
            Body(ModelApi.ChatCompletions, Withheld, body));
        Assert.Equal(body, Body(ModelApi.ChatCompletions, Stripped with { StripCandidates = false }, body));
    }

    [Fact]
    public void Characters_are_counted_whichever_field_of_the_same_reasoning_stands_first() =>
        Assert.Contains("\"reasoning\":\"Reasoning withheld by the provider: 5 characters.\"",
            Body(ModelApi.ChatCompletions, Summarised, """{"choices":[{"index":0,"message":{"reasoning_details":[{"text":"zebra"}],"reasoning":"zebra","content":"Two"}}]}"""), StringComparison.Ordinal);

    [Fact]
    public void A_response_tells_no_messages_as_the_model_wrote_them()
    {
        Assert.Equal("""{"model":"m","input":"q"}""", Request(ModelApi.Responses, Withheld, """{"model":"m","enable_response_messages":true,"input":"q"}"""));
        const string response = """{"id":"r","output":[{"type":"message","content":[{"type":"output_text","text":"Two"}]}],"input_messages":[{"message":"zebra"}],"output_messages":[{"type":"raw_message_tokens","message":"zebra","tokens":[7]}]}""";
        const string cleared = """{"id":"r","output":[{"type":"message","content":[{"type":"output_text","text":"Two"}]}]}""";
        Assert.Equal(cleared, Body(ModelApi.Responses, Withheld, response));
        Assert.Equal(response, Body(ModelApi.Responses, Stripped, response));
        Assert.Contains(cleared, Rewrite(ModelApi.Responses, Summarised, $$"""data: {"type":"response.completed","response":{{response}}}{{"\n\n"}}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_reasoning_item_only_what_names_it_is_kept() =>
        Assert.Equal("""{"output":[{"type":"reasoning","id":"rs_1","status":"completed","summary":[{"type":"summary_text","text":"Reasoning withheld by the provider: 5 characters."}]}]}""",
            Body(ModelApi.Responses, Summarised, """{"output":[{"type":"reasoning","id":"rs_1","status":"completed","summary":[{"type":"summary_text","text":"zebra"}],"signature":"zebra","reasoning":"zebra","format":"zebra"}]}"""));
}
