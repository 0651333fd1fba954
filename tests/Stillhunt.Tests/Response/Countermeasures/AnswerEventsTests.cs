using System.Text;
using System.Text.Json;
using Stillhunt.Response.Countermeasures;
using static Stillhunt.Tests.Response.Countermeasures.MadeAnswers;

namespace Stillhunt.Tests.Response.Countermeasures;

public sealed class AnswerEventsTests
{
    private static readonly Measures[] AllMeasures =
        [Withheld, Summarised, Stripped, Withheld with { StripLogprobs = true, StripCandidates = true }, Summarised with { HideUsage = true, StripCandidates = true }];

    public static TheoryData<ModelApi> Apis => [ModelApi.ChatCompletions, ModelApi.Responses, ModelApi.Messages];

    [Theory]
    [MemberData(nameof(Apis))]
    public void Where_a_stream_is_cut_into_reads_makes_no_difference(ModelApi api)
    {
        foreach (var lineEnd in new[] { "\n", "\r\n", "\r" })
        {
            var stream = Encoding.UTF8.GetBytes(StreamOf(api).Replace("\n", lineEnd, StringComparison.Ordinal));
            // Lines are cut out before anything is taken out of them: one of the measures meets every cut beside every kind of line end.
            foreach (var measures in lineEnd == "\n" ? AllMeasures : AllMeasures[^1..])
            {
                var whole = Rewrite(api, measures, stream);
                Assert.Equal(whole, Rewrite(api, measures, stream.Select(unit => new[] { unit })));
                for (var at = 1; at < stream.Length; at++) Assert.True(whole == Rewrite(api, measures, stream[..at], stream[at..]), $"cut at {at}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public void A_stream_with_nothing_to_take_out_passes_byte_for_byte(ModelApi api)
    {
        // Of the answer's own form nothing is lost: white space, escapes, numbers, comments, a last event without its empty line.
        var stream = "\uFEFFretry: 3\r\nid: 7\r\n\r\n: comment\n\n" + StreamOf(api).TrimEnd('\n');
        Assert.Equal(stream, Rewrite(api, new Measures { StripSeed = true }, stream));
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public void No_reasoning_and_no_signature_of_it_gets_through(ModelApi api)
    {
        foreach (var measures in new[] { Withheld, Summarised })
        {
            var rewritten = Rewrite(api, measures, StreamOf(api));
            Assert.DoesNotContain(Secret, rewritten, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("bra\"", rewritten, StringComparison.Ordinal);
            Assert.Contains("Two", rewritten, StringComparison.Ordinal);
            Assert.Equal(measures == Summarised, rewritten.Contains("Reasoning withheld by the provider", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public void A_stream_that_breaks_off_anywhere_still_lets_nothing_through(ModelApi api)
    {
        var stream = Encoding.UTF8.GetBytes(StreamOf(api));
        for (var length = 0; length < stream.Length; length++)
            Assert.DoesNotContain(Secret, Rewrite(api, Withheld, stream[..length]), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Content_blocks_come_in_the_order_of_their_indexes_as_an_sdk_expects()
    {
        foreach (var (measures, types) in new[] { (Withheld, new[] { "text", "tool_use" }), (Summarised, ["thinking", "thinking", "text", "tool_use"]), (Stripped, ["thinking", "redacted_thinking", "text", "tool_use"]) })
        {
            var blocks = new List<(string Type, StringBuilder Text, bool Stopped)>();
            foreach (var data in Data(Rewrite(ModelApi.Messages, measures, MessagesStream)))
            {
                if (!data.TryGetProperty("index", out var index)) continue;
                var at = index.GetInt32();
                switch (data.GetProperty("type").GetString())
                {
                    case "content_block_start":
                        Assert.Equal(blocks.Count, at);
                        blocks.Add((data.GetProperty("content_block").GetProperty("type").GetString()!, new(), false));
                        break;
                    case "content_block_delta":
                        Assert.False(blocks[at].Stopped);
                        foreach (var name in new[] { "thinking", "text", "partial_json" }) if (data.GetProperty("delta").TryGetProperty(name, out var text)) blocks[at].Text.Append(text.GetRawText()[1..^1]);
                        break;
                    default:
                        blocks[at] = blocks[at] with { Stopped = true };
                        break;
                }
            }

            Assert.Equal(types, blocks.Select(block => block.Type));
            Assert.All(blocks, block => Assert.True(block.Stopped));
            Assert.Equal("Two \\ud83d\\ude00 invoices — \\\"1.0e2\\\"", blocks[^2].Text.ToString());
            if (measures == Summarised) Assert.Equal("Reasoning withheld by the provider: 14 characters.", blocks[0].Text.ToString());
        }
    }

    [Fact]
    public void A_responses_stream_adds_up_to_the_response_in_its_last_event()
    {
        foreach (var measures in new[] { Withheld, Summarised, Stripped })
        {
            var (items, next) = (new List<string>(), 0);
            foreach (var data in Data(Rewrite(ModelApi.Responses, measures, ResponsesStream)))
            {
                Assert.Equal(next++, data.GetProperty("sequence_number").GetInt32());
                if (data.TryGetProperty("output_index", out var index)) Assert.InRange(index.GetInt32(), 0, items.Count);
                switch (data.GetProperty("type").GetString())
                {
                    case "response.output_item.added":
                        Assert.Equal(items.Count, data.GetProperty("output_index").GetInt32());
                        items.Add("");
                        break;
                    case "response.output_item.done":
                        items[data.GetProperty("output_index").GetInt32()] = data.GetProperty("item").GetRawText();
                        break;
                    case "response.completed":
                        Assert.Equal(items, data.GetProperty("response").GetProperty("output").EnumerateArray().Select(item => item.GetRawText()));
                        break;
                    default: break;
                }
            }

            Assert.Equal(measures == Withheld ? 1 : 2, items.Count);
            if (measures == Stripped) Assert.DoesNotContain("-0.25", string.Concat(items), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_chat_stream_keeps_one_candidate_its_text_and_its_end()
    {
        var chunks = Data(Rewrite(ModelApi.ChatCompletions, Stripped with { Reasoning = ReasoningView.Summarised }, ChatStream)).ToList();
        var choices = chunks.SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray()).ToList();
        Assert.All(choices, choice => Assert.Equal(0, choice.GetProperty("index").GetInt32()));
        Assert.Equal("Two invoices", string.Concat(choices.Select(choice => choice.GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : "")));
        Assert.Equal(["Reasoning withheld by the provider: 12 characters."], choices.Where(choice => choice.GetProperty("delta").TryGetProperty("reasoning_content", out _)).Select(choice => choice.GetProperty("delta").GetProperty("reasoning_content").GetString()));
        Assert.Equal("stop", Assert.Single(choices, choice => choice.TryGetProperty("finish_reason", out var end) && end.ValueKind == JsonValueKind.String).GetProperty("finish_reason").GetString());
        Assert.All(choices, choice => Assert.False(choice.TryGetProperty("logprobs", out var given) && given.ValueKind == JsonValueKind.Object));
        Assert.Equal(41, chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public void Usage_that_the_client_did_not_ask_for_is_read_and_kept_from_it()
    {
        var (events, to) = (new AnswerEvents(ModelApi.ChatCompletions, new Measures { HideUsage = true }), new System.Buffers.ArrayBufferWriter<byte>());
        events.Push(Encoding.UTF8.GetBytes(ChatStream), to);
        events.End(to);
        Assert.Equal(41, events.OutputTokens);
        Assert.DoesNotContain("completion_tokens", Encoding.UTF8.GetString(to.WrittenSpan), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_dropped_leaves_a_sign_of_life_and_what_can_not_be_read_is_dropped()
    {
        var (events, to) = (new AnswerEvents(ModelApi.Messages, Withheld), new System.Buffers.ArrayBufferWriter<byte>());
        events.Push("data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\"}}\n\ndata: {zebra\n\n"u8, to);
        Assert.Equal(":\n\n:\n\n", Encoding.UTF8.GetString(to.WrittenSpan));
        Assert.Equal(1, events.UnreadableCount);
    }

    private static IEnumerable<JsonElement> Data(string stream) =>
        AnswerEventsData.Of(Encoding.UTF8.GetBytes(stream)).Select(data => JsonDocument.Parse(data).RootElement);

    [Fact]
    public void A_thinking_block_without_an_index_is_left_out_all_the_same()
    {
        const string stream = """
            event: content_block_start
            data: {"type":"content_block_start","content_block":{"type":"thinking","thinking":"zebra"}}

            event: content_block_delta
            data: {"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"zebra"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":"0","delta":{"type":"signature_delta","signature":"zebra"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Two"}}


            """;
        foreach (var measures in new[] { Withheld, Summarised })
        {
            var rewritten = Rewrite(ModelApi.Messages, measures, stream);
            Assert.DoesNotContain(Secret, rewritten, StringComparison.Ordinal);
            Assert.Contains("Two", rewritten, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public void What_comes_as_a_stream_and_is_no_event_is_left_out_and_counted(ModelApi api)
    {
        foreach (var body in new[] { """{"choices":[{"message":{"reasoning":"zebra"}}]}""", "{\n  \"content\": [{\"type\":\"thinking\",\"thinking\":\"zebra\"}]\n}\n", "event: x\nzebra\n\n" })
        {
            var events = new AnswerEvents(api, Withheld);
            var to = new System.Buffers.ArrayBufferWriter<byte>();
            events.Push(Encoding.UTF8.GetBytes(body), to);
            events.End(to);
            Assert.Equal((1, ":\n\n"), (events.UnreadableCount, Encoding.UTF8.GetString(to.WrittenSpan)));
        }

        const string known = "event: ping\r\n\r\n: comment\n\nid\nretry: 5\n\ndata\n\n";
        Assert.Equal(known, Rewrite(api, Withheld, known));
    }
}
