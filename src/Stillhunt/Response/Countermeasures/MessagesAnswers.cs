using System.Globalization;
using System.Text;
using Stillhunt.Ingest.Json;
using Stillhunt.Response.Canaries;

namespace Stillhunt.Response.Countermeasures;

/// <summary>
/// Anthropic Messages: content blocks <c>thinking</c> and <c>redacted_thinking</c>, and in streams their deltas. Blocks behind an omitted one move up, so that
/// a client finds each at the index that the stream gives it.
/// </summary>
internal sealed class MessagesAnswers(Measures measures) : AnswerRewriter(measures)
{
    /// <summary>Blocks that are withheld, by the provider's index, with the characters that were left out so far.</summary>
    private readonly SortedDictionary<long, long> _withheld = [];

    /// <summary>Texts that are marked and have not ended, by the provider's index.</summary>
    private readonly SortedDictionary<long, CanaryText> _texts = [];

    public static bool IsReasoning(JsonValue block) => block.Get("type"u8) is var type && (type.Is("thinking"u8) || type.Is("redacted_thinking"u8));

    private static bool IsReasoningDelta(JsonValue delta) => delta.Get("type"u8) is var type && (type.Is("thinking_delta"u8) || type.Is("signature_delta"u8));

    public override void Body(JsonValue body, JsonOut to) => Body(body, to, isStream: false);

    private void Body(JsonValue body, JsonOut to, bool isStream)
    {
        to.BeginObject();
        foreach (var property in body.Properties())
        {
            // message_start declares a token or two, of hundreds that follow.
            if (!isStream && property.Is("usage"u8)) TakeUsage(property.Value, isFinal: true);
            if ((Withholds || Measures.Canary is not null) && property.Is("content"u8) && property.Value.IsArray)
            {
                to.Name(property);
                Content(property.Value, to);
            }
            else
            {
                to.Keep(property);
            }
        }

        to.EndObject();
    }

    public override bool Event(JsonValue data, JsonOut to, List<MadeEvent> before)
    {
        var type = data.Get("type"u8);
        if (data.Get("usage"u8) is { IsObject: true } usage) TakeUsage(usage, isFinal: data.Get("delta"u8).Get("stop_reason"u8).Exists);
        if (!(Withholds || Measures.Canary is not null) || !(data.Get("index"u8).TryGetCount(out var index)))
        {
            // Some servers leave out an index of 0: what has none belongs to no block that could be kept in its place.
            if (Withholds && (IsReasoning(data.Get("content_block"u8)) || IsReasoningDelta(data.Get("delta"u8))))
            {
                to.Change();
                return false;
            }

            Whole(data, to);
            return true;
        }

        if (Measures.Canary is { } mark && type.Is("content_block_start"u8) && data.Get("content_block"u8).Get("type"u8).Is("text"u8)) _texts[index] = mark.Text();
        if (type.Is("content_block_stop"u8) && _texts.Remove(index, out var text) && text.Holds) before.Add(Held(index, text));
        if (Withholds && type.Is("content_block_start"u8) && IsReasoning(data.Get("content_block"u8)))
        {
            _withheld[index] = WithheldReasoning.Characters(data.Get("content_block"u8).Get("thinking"u8));
            to.Change();
            if (!Summarises) return false;
            Start(data, to);
            return true;
        }

        if (Withholds && (_withheld.ContainsKey(index) || IsReasoningDelta(data.Get("delta"u8))))
        {
            if (!Summarises || !type.Is("content_block_stop"u8))
            {
                if (_withheld.ContainsKey(index)) _withheld[index] += WithheldReasoning.Characters(data.Get("delta"u8).Get("thinking"u8));
                return false;
            }

            before.Add(Delta(index, "thinking_delta", "thinking", WithheldReasoning.Sentence(_withheld[index])));
            before.Add(Delta(index, "signature_delta", "signature", Encoding.ASCII.GetString(WithheldReasoning.Signature)));
        }

        Moved(data, index, to);
        return true;
    }

    public override void End(List<MadeEvent> before)
    {
        foreach (var (index, text) in _texts) if (text.Holds) before.Add(Held(index, text));
        _texts.Clear();
    }

    private MadeEvent Held(long index, CanaryText text) => Delta(index - Before(index), "text_delta", "text", Encoding.UTF8.GetString(Piece([], text, ends: true)));

    /// <summary>Blocks before this one that the client is not shown.</summary>
    private int Before(long index) => Summarises ? 0 : _withheld.Keys.Count(withheld => withheld < index);

    private static void Start(JsonValue data, JsonOut to)
    {
        to.BeginObject();
        foreach (var property in data.Properties())
        {
            if (property.Is("content_block"u8))
            {
                to.Name(property);
                to.Raw("""{"type":"thinking","thinking":"","signature":""}"""u8);
            }
            else
            {
                to.Keep(property);
            }
        }

        to.EndObject();
    }

    /// <summary>message_start holds a message; other events have nothing to change.</summary>
    private void Whole(JsonValue data, JsonOut to)
    {
        to.BeginObject();
        foreach (var property in data.Properties())
        {
            if (property.Is("message"u8) && property.Value.IsObject)
            {
                to.Name(property);
                Body(property.Value, to, isStream: true);
            }
            else
            {
                to.Keep(property);
            }
        }

        to.EndObject();
    }

    private void Moved(JsonValue data, long index, JsonOut to)
    {
        var by = Before(index);
        if (by > 0) to.Change();
        to.BeginObject();
        foreach (var property in data.Properties())
        {
            if (by > 0 && property.Is("index"u8))
            {
                to.Name(property);
                to.Number(index - by);
            }
            else if (_texts.TryGetValue(index, out var text) && (property.Is("delta"u8) || property.Is("content_block"u8)) && property.Value.IsObject)
            {
                to.Name(property);
                to.BeginObject();
                foreach (var inner in property.Value.Properties())
                {
                    if (inner.Is("text"u8) && inner.Value.IsString) MarkPiece(inner, text, ends: false, to);
                    else to.Keep(inner);
                }

                to.EndObject();
            }
            else
            {
                to.Keep(property);
            }
        }

        to.EndObject();
    }

    private void Content(JsonValue blocks, JsonOut to)
    {
        to.BeginArray();
        foreach (var block in blocks.Items())
        {
            if (Measures.Canary is not null && block.Get("type"u8).Is("text"u8))
            {
                to.BeginObject();
                foreach (var property in block.Properties())
                {
                    if (property.Is("text"u8) && property.Value.IsString) MarkWhole(property, to, counted: true);
                    else to.Keep(property);
                }

                to.EndObject();
                continue;
            }

            if (!Withholds || !IsReasoning(block))
            {
                to.Keep(block);
                continue;
            }

            to.Change();
            if (!Summarises) continue;
            to.BeginObject();
            to.Name("type"u8);
            to.Raw("\"thinking\""u8);
            to.Name("thinking"u8);
            to.Text(WithheldReasoning.Sentence(WithheldReasoning.Characters(block.Get("thinking"u8))));
            to.Name("signature"u8);
            to.Text(Encoding.ASCII.GetString(WithheldReasoning.Signature));
            to.EndObject();
        }

        to.EndArray();
    }

    private static MadeEvent Delta(long index, string type, string field, string text) => new("content_block_delta",
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$$"""{"type":"content_block_delta","index":{{{index}}},"delta":{"type":"{{{type}}}","{{{field}}}":"{{{text}}}"}}""")));
}
