using Stillhunt.Ingest.Json;

namespace Stillhunt.Response.Countermeasures;

/// <summary>Takes out of one answer, whole or as its stream's events, what <see cref="Measures"/> says. One for each answer: a stream has a state.</summary>
internal abstract class AnswerRewriter(Measures measures)
{
    protected Measures Measures { get; } = measures;

    protected bool Withholds => Measures.Reasoning != ReasoningView.AsItIs;

    protected bool Summarises => Measures.Reasoning == ReasoningView.Summarised;

    /// <summary>Output tokens that the answer declared; null where it declared none.</summary>
    public long? OutputTokens { get; private set; }

    public static AnswerRewriter Of(ModelApi api, Measures measures) => api switch
    {
        ModelApi.ChatCompletions => new ChatAnswers(measures),
        ModelApi.Responses => new ResponsesAnswers(measures),
        _ => new MessagesAnswers(measures),
    };

    /// <summary>Writes a whole answer.</summary>
    public abstract void Body(JsonValue body, JsonOut to);

    /// <summary>Writes one event's data.</summary>
    /// <param name="before">Events that go before it.</param>
    /// <returns>Whether the event is left; false drops it.</returns>
    public abstract bool Event(JsonValue data, JsonOut to, List<MadeEvent> before);

    protected void TakeUsage(JsonValue usage)
    {
        foreach (var property in usage.Properties())
        {
            // Streams of Messages tell it again and again, and it grows.
            if ((property.Is("completion_tokens"u8) || property.Is("output_tokens"u8)) && property.Value.TryGetCount(out var count)) OutputTokens = count;
        }
    }
}

/// <summary>An event that no provider sent.</summary>
internal readonly record struct MadeEvent(string Name, byte[] Data);
