using Stillhunt.Ingest.Json;

namespace Stillhunt.Response.Countermeasures;

/// <summary>
/// OpenAI Responses: output items of type <c>reasoning</c> with their summaries and encrypted content, and token probabilities of text parts. In streams items behind an
/// omitted one move up and sequence numbers close up, so that what a client puts together from events is what the last event holds whole.
/// </summary>
internal sealed class ResponsesAnswers(Measures measures) : AnswerRewriter(measures)
{
    /// <summary>Items that are withheld, by the provider's index.</summary>
    private readonly SortedSet<long> _withheld = [];

    private int _dropped;

    /// <summary>A response, or a list of its items.</summary>
    public override void Body(JsonValue body, JsonOut to)
    {
        to.BeginObject();
        foreach (var property in body.Properties())
        {
            if (property.Is("usage"u8)) TakeUsage(property.Value);
            if ((property.Is("output"u8) || property.Is("data"u8)) && property.Value.IsArray)
            {
                to.Name(property);
                Items(property.Value, to);
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

        to.BeginObject();
        foreach (var property in data.Properties())
        {
            if (property.Is("response"u8) && property.Value.IsObject)
            {
                to.Name(property);
                Body(property.Value, to);
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
            else if (_dropped > 0 && property.Is("sequence_number"u8) && property.Value.TryGetCount(out var number))
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
        else if (Measures.StripLogprobs && item.Get("content"u8).IsArray)
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
        if (!Measures.StripLogprobs || !part.IsObject)
        {
            to.Keep(part);
            return;
        }

        to.BeginObject();
        foreach (var property in part.Properties())
        {
            if (property.Is("logprobs"u8) && property.Value.Exists) Empty(property, to);
            else to.Keep(property);
        }

        to.EndObject();
    }

    /// <summary>Keeps the item and its id, by which clients and the provider refer to it; its text becomes a sentence, its encrypted form goes.</summary>
    private static void Reasoning(JsonValue item, JsonOut to, bool isDone)
    {
        to.Change();
        long characters = 0;
        to.BeginObject();
        foreach (var property in item.Properties())
        {
            if (property.Is("summary"u8) || property.Is("content"u8)) foreach (var part in property.Value.Items()) characters += WithheldReasoning.Characters(part.Get("text"u8));
            else if (!property.Is("encrypted_content"u8)) to.Keep(property);
        }

        to.Name("summary"u8);
        to.BeginArray();
        if (isDone)
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
