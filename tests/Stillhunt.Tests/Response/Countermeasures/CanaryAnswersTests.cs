using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stillhunt.Response.Canaries;
using Stillhunt.Response.Countermeasures;
using Stillhunt.Tests.Response.Canaries;
using static Stillhunt.Tests.Response.Countermeasures.MadeAnswers;

namespace Stillhunt.Tests.Response.Countermeasures;

/// <summary>Marks in bodies and streams of each API.</summary>
public sealed class CanaryAnswersTests
{
    private static readonly string Raw = MadeProse.Raw(MadeProse.Answer), MarkedText = MadeProse.Text(MadeProse.Marked(Raw));

    public static TheoryData<ModelApi> Apis => [ModelApi.ChatCompletions, ModelApi.Responses, ModelApi.Messages];

    [Theory]
    [MemberData(nameof(Apis))]
    public void A_body_is_marked_in_its_text_and_stays_as_it_was_written_everywhere_else(ModelApi api)
    {
        var body = BodyOf(api, Raw);
        var (measures, mark) = Marking();
        Assert.Equal(body.Replace(Raw, MadeProse.Marked(Raw), StringComparison.Ordinal), Body(api, measures, body).Replace(",\"finish", ", \"finish", StringComparison.Ordinal));
        Assert.Equal(MadeProse.Places(Raw).Count, mark.PlaceCount);
        Assert.InRange(mark.ChangedCount, 1, mark.PlaceCount);
        // Nothing to mark: the very bytes.
        Assert.Equal(BodyOf(api, "Two invoices."), Body(api, Marking().Measures, BodyOf(api, "Two invoices.")));
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public void A_stream_says_what_the_body_says_whatever_its_pieces(ModelApi api)
    {
        var random = new Random(5);
        foreach (var most in new[] { 1, 3, 12, 40, 10_000 })
        {
            var stream = StreamOf(api, [.. MadeProse.Pieces(Raw, () => random.Next(1, most + 1))]);
            var (measures, mark) = Marking();
            var rewritten = Rewrite(api, measures, stream);
            Assert.Equal(MarkedText, Said(api, rewritten));
            Assert.Equal(MadeProse.Places(Raw).Count, mark.PlaceCount);
            var bytes = Encoding.UTF8.GetBytes(stream);
            var at = random.Next(1, bytes.Length);
            Assert.Equal(rewritten, Rewrite(api, Marking().Measures, bytes[..at], bytes[at..]));
            // Reasoning taken out of the same stream changes nothing about the text.
            Assert.Equal(MarkedText, Said(api, Rewrite(api, Marking().Measures with { Reasoning = ReasoningView.Omitted }, stream)));
        }
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public void A_stream_that_breaks_off_still_gives_all_that_came(ModelApi api)
    {
        var pieces = MadeProse.Pieces(Raw, () => 5).ToArray();
        var end = api switch { ModelApi.ChatCompletions => "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{},", ModelApi.Responses => "event: response.output_text.done", _ => "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":1}" };
        for (var count = 60; count < pieces.Length; count += 7)
        {
            var stream = StreamOf(api, pieces[..count]);
            var came = stream[..stream.IndexOf(end, StringComparison.Ordinal)];
            Assert.Equal(MadeProse.Text(MadeProse.Marked(string.Concat(pieces[..count]))), Said(api, Rewrite(api, Marking().Measures, came)));
            // Some providers end a chat stream without saying that its candidates do.
            Assert.Equal(Said(api, Rewrite(api, Marking().Measures, came)), Said(api, Rewrite(api, Marking().Measures, came + "data: [DONE]\n\n")));
        }
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public void Short_answers_say_the_same_and_what_can_not_be_read_passes(ModelApi api)
    {
        // Half a surrogate pair is no text to a test's reader.
        var stream = MadeAnswers.StreamOf(api).Replace("\\ud83d", "", StringComparison.Ordinal).Replace("\\ude00", "", StringComparison.Ordinal) + "data: {no json\n\n";
        Assert.Equal(Said(api, stream), Said(api, Rewrite(api, Marking().Measures, stream)));
        Assert.EndsWith("data: {no json\n\n", Rewrite(api, Marking().Measures, stream), StringComparison.Ordinal);
        Assert.Equal("no json", Body(api, Marking().Measures, "no json"));
    }

    private static (Measures Measures, CanaryMark Mark) Marking()
    {
        var mark = new CanaryMark(MadeProse.Key, "c-1");
        return (new Measures { Canary = mark }, mark);
    }

    private static string BodyOf(ModelApi api, string raw) => (api switch
    {
        ModelApi.ChatCompletions => """{"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":"TEXT","tool_calls":[{"function":{"arguments":"{\"a\":1.0e2}"}}]}, "finish_reason":"stop"}],"usage":{"completion_tokens":1.0}}""",
        ModelApi.Responses => """{"id":"r1","output":[{"type":"message","content":[{"type":"output_text","text":"TEXT","annotations":[ ]}]},{"type":"function_call","arguments":"{\"a\": 1}"}]}""",
        _ => """{"id":"m1","content":[{"type":"text","text":"TEXT"},{"type":"tool_use","input":{"a": 1.50}}],"usage":{"output_tokens":9}}""",
    }).Replace("TEXT", raw, StringComparison.Ordinal);

    private static string StreamOf(ModelApi api, string[] pieces)
    {
        var (stream, number) = (new StringBuilder(), 0);
        var whole = string.Concat(pieces);
        void Event(string name, string data, string text = "") =>
            stream.Append(api == ModelApi.ChatCompletions ? "" : $"event: {name}\n").Append("data: ").Append(data.Replace("TEXT", text, StringComparison.Ordinal)).Append("\n\n");
        void Numbered(string type, string data, string text = "") => Event(type, $"{{\"type\":\"{type}\",\"sequence_number\":{number++.ToString(CultureInfo.InvariantCulture)},{data[1..]}", text);
        switch (api)
        {
            case ModelApi.ChatCompletions:
                Event("", """{"id":"c1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""");
                foreach (var piece in pieces) Event("", """{"id":"c1","choices":[{"index":0,"delta":{"content":"TEXT"},"finish_reason":null}]}""", piece);
                Event("", """{"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
                stream.Append("data: [DONE]\n\n");
                break;
            case ModelApi.Responses:
                Numbered("response.created", """{"response":{"output":[]}}""");
                Numbered("response.output_item.added", """{"output_index":0,"item":{"type":"reasoning","summary":[]}}""");
                Numbered("response.output_item.done", """{"output_index":0,"item":{"type":"reasoning","summary":[]}}""");
                Numbered("response.output_item.added", """{"output_index":1,"item":{"id":"msg_1","type":"message","content":[]}}""");
                foreach (var piece in pieces) Numbered("response.output_text.delta", """{"item_id":"msg_1","output_index":1,"content_index":0,"delta":"TEXT","logprobs":[]}""", piece);
                Numbered("response.output_text.done", """{"item_id":"msg_1","output_index":1,"content_index":0,"text":"TEXT","logprobs":[]}""", whole);
                Numbered("response.output_item.done", """{"output_index":1,"item":{"id":"msg_1","type":"message","content":[{"type":"output_text","text":"TEXT","annotations":[],"logprobs":[]}]}}""", whole);
                Numbered("response.completed", """{"response":{"output":[{"id":"msg_1","type":"message","content":[{"type":"output_text","text":"TEXT","annotations":[],"logprobs":[]}]}]}}""", whole);
                break;
            default:
                Event("message_start", """{"type":"message_start","message":{"content":[],"usage":{"output_tokens":1}}}""");
                Event("content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}""");
                Event("content_block_stop", """{"type":"content_block_stop","index":0}""");
                Event("content_block_start", """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}""");
                foreach (var piece in pieces) Event("content_block_delta", """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"TEXT"}}""", piece);
                Event("content_block_stop", """{"type":"content_block_stop","index":1}""");
                Event("message_stop", """{"type":"message_stop"}""");
                break;
        }

        return stream.ToString();
    }

    /// <summary>The text as a client puts it together; where the stream tells it again, it has to be the same.</summary>
    private static string Said(ModelApi api, string stream)
    {
        var (text, number, stopped) = (new StringBuilder(), 0, false);
        foreach (var data in AnswerEventsData.Of(Encoding.UTF8.GetBytes(stream)))
        {
            var json = JsonNode.Parse(data)!;
            switch (api)
            {
                case ModelApi.ChatCompletions:
                    foreach (var choice in json["choices"]!.AsArray())
                    {
                        if ((int?)choice!["index"] != 0) continue;
                        Assert.False(stopped);
                        text.Append((string?)choice["delta"]!["content"]);
                        stopped = choice["finish_reason"] is not null;
                    }

                    break;
                case ModelApi.Responses:
                    Assert.Equal(number++, (int)json["sequence_number"]!);
                    if ((string?)json["type"] == "response.output_text.delta") text.Append((string?)json["delta"]);
                    if ((string?)json["type"] == "response.output_text.done") Assert.Equal(text.ToString(), (string?)json["text"]);
                    if ((string?)json["type"] == "response.completed") Assert.Contains(json["response"]!["output"]!.AsArray(), item => (string?)item!["content"]?[0]?["text"] == text.ToString());
                    break;
                default:
                    if ((string?)json["type"] == "content_block_delta" && (string?)json["delta"]!["type"] == "text_delta") text.Append((string?)json["delta"]!["text"]);
                    break;
            }
        }

        return text.ToString();
    }
}
