using System.Buffers;
using System.Text;
using Stillhunt.Response.Countermeasures;

namespace Stillhunt.Tests.Response.Countermeasures;

/// <summary>Invented answers of each API in the shapes of their SDKs' types, with the same secret in every place where reasoning stands.</summary>
internal static class MadeAnswers
{
    public const string Secret = "zebra";

    public static readonly Measures Withheld = new() { Reasoning = ReasoningView.Omitted }, Summarised = new() { Reasoning = ReasoningView.Summarised }, Stripped = new() { StripLogprobs = true, StripCandidates = true, StripSeed = true };

    public const string MessagesStream =
        """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"usage":{"input_tokens":40,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

        event: ping
        data: {"type": "ping"}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"a zebra, "}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"z\u00e9bra"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"zebrasig"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: content_block_start
        data: {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"zebrasecret"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":1}

        event: content_block_start
        data: {"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"Two \ud83d"}}

        event: content_block_delta
        data: {"type":"content_block_delta",
        data:  "index":2,"delta":{"type":"text_delta","text":"\ude00 invoices — \"1.0e2\""}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":2}

        event: content_block_start
        data: {"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"toolu_1","name":"calc","input":{}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\"index\": 0}"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":3}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":57}}

        event: message_stop
        data: {"type":"message_stop"}


        """;

    public const string ChatStream =
        """
        data: {"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":"","reasoning_content":"a zebra "},"logprobs":null,"finish_reason":null}]}

        data: {"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":null,"reasoning_content":"runs"},"finish_reason":null}],"usage":null}

        data: {"id":"c1","object":"chat.completion.chunk","choices":[{"index":1,"delta":{"reasoning":"zebra","reasoning_details":[{"type":"reasoning.encrypted","data":"zebra"}]},"finish_reason":null}]}

        : keep-alive

        data: {"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Two"},"logprobs":{"content":[{"token":"Two","logprob":-0.1,"top_logprobs":[]}]},"finish_reason":null}]}

        data: {"id":"c1","object":"chat.completion.chunk","choices":[{"index":1,"delta":{"content":"Other"},"finish_reason":null},{"index":0,"delta":{"content":" invoices"},"logprobs":null,"finish_reason":null}]}

        data: {"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

        data: {"id":"c1","object":"chat.completion.chunk","choices":[{"index":1,"delta":{},"finish_reason":"stop"}]}

        data: {"id":"c1","object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":300,"completion_tokens":41,"total_tokens":341}}

        data: [DONE]


        """;

    public const string ResponsesStream =
        """
        event: response.created
        data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","status":"in_progress","output":[]}}

        event: response.output_item.added
        data: {"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[],"encrypted_content":"zebra1"}}

        event: response.reasoning_summary_part.added
        data: {"type":"response.reasoning_summary_part.added","sequence_number":2,"item_id":"rs_1","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""}}

        event: response.reasoning_summary_text.delta
        data: {"type":"response.reasoning_summary_text.delta","sequence_number":3,"item_id":"rs_1","output_index":0,"summary_index":0,"delta":"a zebra"}

        event: response.reasoning_summary_text.done
        data: {"type":"response.reasoning_summary_text.done","sequence_number":4,"item_id":"rs_1","output_index":0,"summary_index":0,"text":"a zebra"}

        event: response.output_item.done
        data: {"type":"response.output_item.done","sequence_number":5,"output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"a zebra"}],"encrypted_content":"zebra2"}}

        event: response.output_item.added
        data: {"type":"response.output_item.added","sequence_number":6,"output_index":1,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}

        event: response.content_part.added
        data: {"type":"response.content_part.added","sequence_number":7,"item_id":"msg_1","output_index":1,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}}

        event: response.output_text.delta
        data: {"type":"response.output_text.delta","sequence_number":8,"item_id":"msg_1","output_index":1,"content_index":0,"delta":"Two","logprobs":[{"token":"Two","logprob":-0.25}]}

        event: response.output_text.done
        data: {"type":"response.output_text.done","sequence_number":9,"item_id":"msg_1","output_index":1,"content_index":0,"text":"Two","logprobs":[{"token":"Two","logprob":-0.25}]}

        event: response.output_item.done
        data: {"type":"response.output_item.done","sequence_number":10,"output_index":1,"item":{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Two","annotations":[],"logprobs":[{"token":"Two","logprob":-0.25}]}]}}

        event: response.completed
        data: {"type":"response.completed","sequence_number":11,"response":{"id":"resp_1","object":"response","status":"completed","output":[{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"a zebra"}],"encrypted_content":"zebra2"},{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Two","annotations":[],"logprobs":[{"token":"Two","logprob":-0.25}]}]}],"usage":{"input_tokens":20,"output_tokens":130,"output_tokens_details":{"reasoning_tokens":64}}}}


        """;

    public static string StreamOf(ModelApi api) => api switch { ModelApi.Messages => MessagesStream, ModelApi.Responses => ResponsesStream, _ => ChatStream };

    public static string Rewrite(ModelApi api, Measures measures, params IEnumerable<byte[]> pieces)
    {
        var (events, to) = (new AnswerEvents(api, measures), new ArrayBufferWriter<byte>());
        foreach (var piece in pieces) events.Push(piece, to);
        events.End(to);
        return Encoding.UTF8.GetString(to.WrittenSpan);
    }

    public static string Rewrite(ModelApi api, Measures measures, string stream) => Rewrite(api, measures, Encoding.UTF8.GetBytes(stream));

    public static string Body(ModelApi api, Measures measures, string body)
    {
        var to = new ArrayBufferWriter<byte>();
        Assert.True(AnswerBody.TryRewrite(api, measures, Encoding.UTF8.GetBytes(body), to, out _));
        return Encoding.UTF8.GetString(to.WrittenSpan);
    }

    public static string Request(ModelApi api, Measures measures, string body)
    {
        var to = new ArrayBufferWriter<byte>();
        Assert.True(RequestBody.TryRewrite(api, measures, Encoding.UTF8.GetBytes(body), to));
        return Encoding.UTF8.GetString(to.WrittenSpan);
    }
}
