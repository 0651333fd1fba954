using Stillhunt.Ingest.Json;
using Stillhunt.Response.Canaries;

namespace Stillhunt.Response.Countermeasures;

/// <summary>
/// OpenAI Responses: output items of type <c>reasoning</c> with their summaries and encrypted content, and token probabilities of text parts. In streams items behind an
/// omitted one move up and sequence numbers close up, so that what a client puts together from events is what the last event holds whole.
/// </summary>
internal sealed class ResponsesAnswers(Measures measures) : AnswerRewriter(measures)
{
    /// <summary>Items that are withheld, by the provider's index.</summary>
    private readonly SortedSet<long> _withheld = [];

    /// <summary>Texts that are marked and have not ended, with the last event of each, from which one is made for what is held back.</summary>
    private readonly SortedDictionary<(long Output, long Content), (CanaryText Text, byte[] Last)> _texts = [];

    /// <summary>Events dropped, less those made: by so much sequence numbers move.</summary>
    private int _dropped;

    private bool _isStream;

    /// <summary>A response, a list of its items or of a conversation's, or one of these.</summary>
    public override void Body(JsonValue body, JsonOut to)
    {
        if (body.Get("type"u8).IsString && !body.Get("output"u8).Exists) Item(body, to, isDone: true);
        else Body(body, to, isFinal: true);
    }

    private void Body(JsonValue body, JsonOut to, bool isFinal)
    {
        to.BeginObject();
        foreach (var property in body.Properties())
        {
            if (property.Is("usage"u8)) TakeUsage(property.Value, isFinal);
            if ((property.Is("output"u8) || property.Is("data"u8)) && property.Value.IsArray)
            {
                to.Name(property);
                Items(property.Value, to);
            }
            else if (Withholds && property.Value.Exists && (property.Is("output_messages"u8) || property.Is("input_messages"u8)))
            {
                // vLLM, if it is asked to: all messages as the model read and wrote them, reasoning among them.
                to.Change();
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
        if (Withholds && IsReasoning(data, out var isDropped))
        {
            if (data.Get("output_index"u8).TryGetCount(out var withheld)) _withheld.Add(withheld);
            if (isDropped || !Summarises)
            {
                to.Change();
                _dropped++;
                return false;
            }
        }

        _isStream = true;
        CanaryText? text = null;
        if (Measures.Canary is { } mark && data.Get("output_index"u8).TryGetCount(out var output) && data.Get("content_index"u8).TryGetCount(out var content))
        {
            var type = data.Get("type"u8);
            if (type.Is("response.output_text.delta"u8)) _texts[(output, content)] = (text = _texts.TryGetValue((output, content), out var begun) ? begun.Text : mark.Text(), data.Raw.ToArray());
            else if (type.Is("response.output_text.done"u8) && _texts.Remove((output, content), out var ended) && ended.Text.Holds) before.Add(Held(ended.Text, ended.Last, data.Get("sequence_number"u8)));
        }

        to.BeginObject();
        foreach (var property in data.Properties())
        {
            if (text is not null && property.Is("delta"u8) && property.Value.IsString)
            {
                MarkPiece(property, text, ends: false, to);
            }
            else if (Measures.Canary is not null && property.Is("text"u8) && property.Value.IsString && data.Get("type"u8).Is("response.output_text.done"u8))
            {
                MarkWhole(property, to, counted: false);
            }
            else if (property.Is("response"u8) && property.Value.IsObject)
            {
                to.Name(property);
                Body(property.Value, to, isFinal: AnswerEventsData.IsLast(data));
            }
            else if (property.Is("item"u8) && property.Value.IsObject)
            {
                to.Name(property);
                Item(property.Value, to, isDone: !data.Get("type"u8).Is("response.output_item.added"u8));
            }
            else if (property.Is("part"u8) && property.Value.IsObject)
            {
                to.Name(property);
                Part(property.Value, to);
            }
            else if (Measures.StripLogprobs && property.Is("logprobs"u8) && property.Value.Exists)
            {
                Empty(property, to);
            }
            else if (_dropped != 0 && property.Is("sequence_number"u8) && property.Value.TryGetCount(out var number))
            {
                to.Change();
                to.Name(property);
                to.Number(number - _dropped);
            }
            else if (property.Is("output_index"u8) && property.Value.TryGetCount(out var index) && Moved(index) is var moved && moved != index)
            {
                to.Change();
                to.Name(property);
                to.Number(moved);
            }
            else
            {
                to.Keep(property);
            }
        }

        to.EndObject();
        return true;
    }

    public override void End(List<MadeEvent> before)
    {
        foreach (var (text, last) in _texts.Values) if (text.Holds) before.Add(Held(text, last, default));
        _texts.Clear();
    }

    /// <summary>A delta as the last one was, with what is held back.</summary>
    /// <param name="number">Of the event before which it goes; where there is none it follows the last.</param>
    private MadeEvent Held(CanaryText text, ReadOnlySpan<byte> last, JsonValue number)
    {
        var made = new JsonOut();
        made.BeginObject();
        foreach (var property in JsonValue.Of(last).Properties())
        {
            made.Name(property);
            if (property.Is("delta"u8)) made.RawText(Piece([], text, ends: true));
            else if (property.Is("logprobs"u8) && property.Value.IsArray) made.Raw("[]"u8);
            else if (property.Is("sequence_number"u8) && number.TryGetCount(out var next)) made.Number(next - _dropped);
            else if (property.Is("sequence_number"u8) && property.Value.TryGetCount(out var before)) made.Number(before - _dropped + 1);
            else if (property.Is("output_index"u8) && property.Value.TryGetCount(out var index)) made.Number(Moved(index));
            else made.Keep(property.Value);
        }

        made.EndObject();
        _dropped--;
        return new MadeEvent("response.output_text.delta", made.Written.ToArray());
    }

    private long Moved(long index) => Summarises ? index : index - _withheld.Count(withheld => withheld < index);

    /// <param name="isDropped">Whether it goes in either view: pieces of reasoning, and parts of items.</param>
    private static bool IsReasoning(JsonValue data, out bool isDropped)
    {
        var type = data.Get("type"u8);
        // response.reasoning_text.delta, response.reasoning_summary_part.added, response.reasoning_summary_text.done, and what may yet come.
        isDropped = type.IsString && !type.Escaped && type.Raw.StartsWith("response.reasoning"u8);
        if (isDropped) return true;
        if (data.Get("part"u8).Get("type"u8) is var part && (part.Is("reasoning_text"u8) || part.Is("summary_text"u8))) return isDropped = true;
        return data.Get("item"u8).Get("type"u8).Is("reasoning"u8);
    }

    private void Items(JsonValue items, JsonOut to)
    {
        to.BeginArray();
        foreach (var item in items.Items())
        {
            if (Withholds && !Summarises && item.Get("type"u8).Is("reasoning"u8)) to.Change();
            else Item(item, to, isDone: true);
        }

        to.EndArray();
    }

    private void Item(JsonValue item, JsonOut to, bool isDone)
    {
        if (Withholds && item.Get("type"u8).Is("reasoning"u8))
        {
            Reasoning(item, to, isDone);
        }
        else if ((Measures.StripLogprobs || Measures.Canary is not null) && item.Get("content"u8).IsArray)
        {
            to.BeginObject();
            foreach (var property in item.Properties())
            {
                if (!property.Is("content"u8))
                {
                    to.Keep(property);
                    continue;
                }

                to.Name(property);
                to.BeginArray();
                foreach (var part in property.Value.Items()) Part(part, to);
                to.EndArray();
            }

            to.EndObject();
        }
        else
        {
            to.Keep(item);
        }
    }

    private void Part(JsonValue part, JsonOut to)
    {
        var marks = Measures.Canary is not null && part.Get("type"u8).Is("output_text"u8);
        if (!(Measures.StripLogprobs || marks) || !part.IsObject)
        {
            to.Keep(part);
            return;
        }

        to.BeginObject();
        foreach (var property in part.Properties())
        {
            if (Measures.StripLogprobs && property.Is("logprobs"u8) && property.Value.Exists) Empty(property, to);
            else if (marks && property.Is("text"u8) && property.Value.IsString) MarkWhole(property, to, counted: !_isStream);
            else to.Keep(property);
        }

        to.EndObject();
    }

    /// <summary>Keeps the item and its id, by which clients and the provider refer to it; its text becomes a sentence. Its encrypted form goes, and whatever else a provider put there (<c>signature</c>: OpenRouter).</summary>
    private void Reasoning(JsonValue item, JsonOut to, bool isDone)
    {
        to.Change();
        long characters = 0;
        to.BeginObject();
        foreach (var property in item.Properties())
        {
            if (property.Is("summary"u8) || property.Is("content"u8)) foreach (var part in property.Value.Items()) characters += WithheldReasoning.Characters(part.Get("text"u8));
            else if (property.Is("type"u8) || property.Is("id"u8) || property.Is("status"u8)) to.Keep(property);
        }

        to.Name("summary"u8);
        to.BeginArray();
        if (isDone && Summarises)
        {
            to.BeginObject();
            to.Name("type"u8);
            to.Raw("\"summary_text\""u8);
            to.Name("text"u8);
            to.Text(WithheldReasoning.Sentence(characters));
            to.EndObject();
        }

        to.EndArray();
        to.EndObject();
    }

    private static void Empty(JsonProperty property, JsonOut to)
    {
        to.Change();
        to.Name(property);
        to.Raw("[]"u8);
    }
}
