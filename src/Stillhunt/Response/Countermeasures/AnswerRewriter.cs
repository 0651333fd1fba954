using System.Buffers;
using Stillhunt.Ingest.Json;
using Stillhunt.Response.Canaries;

namespace Stillhunt.Response.Countermeasures;

/// <summary>Takes out of one answer, whole or as its stream's events, what <see cref="Measures"/> says. One for each answer: a stream has a state.</summary>
internal abstract class AnswerRewriter(Measures measures)
{
    protected Measures Measures { get; } = measures;

    protected bool Withholds => Measures.Reasoning != ReasoningView.AsItIs;

    protected bool Summarises => Measures.Reasoning == ReasoningView.Summarised;

    private long? _declared;

    /// <summary>
    /// Output tokens that the whole answer declared; null where it declared none, or as long as more may come: streams tell what was used so far, and a client that leaves then has had more.
    /// </summary>
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

    /// <summary>Events with what is still held back, where a stream ends without having said that its texts do.</summary>
    public virtual void End(List<MadeEvent> before)
    {
    }

    /// <summary>Writes a whole text of an answer, marked.</summary>
    /// <param name="counted">False where the same text was counted in another place of the answer.</param>
    protected void MarkWhole(JsonProperty property, JsonOut to, bool counted)
    {
        var mark = Measures.Canary!;
        var marked = CanaryText.Whole(counted ? mark.Text() : mark.TextAgain(), property.Value.Raw);
        if (!marked.AsSpan().SequenceEqual(property.Value.Raw)) to.Change();
        to.Name(property);
        to.RawText(marked);
    }

    /// <summary>Writes a piece of a streamed text, marked, as far as it can be written yet.</summary>
    protected static void MarkPiece(JsonProperty property, CanaryText text, bool ends, JsonOut to)
    {
        var marked = Piece(property.Value.Raw, text, ends);
        if (!marked.SequenceEqual(property.Value.Raw)) to.Change();
        to.Name(property);
        to.RawText(marked);
    }

    protected static ReadOnlySpan<byte> Piece(ReadOnlySpan<byte> raw, CanaryText text, bool ends)
    {
        var marked = new ArrayBufferWriter<byte>(raw.Length + 64);
        text.Push(raw, marked);
        if (ends) text.End(marked);
        return marked.WrittenSpan;
    }

    /// <param name="isFinal">Whether the answer says no more.</param>
    protected void TakeUsage(JsonValue usage, bool isFinal)
    {
        foreach (var property in usage.Properties())
        {
            if ((property.Is("completion_tokens"u8) || property.Is("output_tokens"u8)) && property.Value.TryGetCount(out var count)) _declared = count;
        }

        if (isFinal) IsWhole();
    }

    /// <summary>The answer is at its end, so what it declared last counts.</summary>
    public void IsWhole() => OutputTokens = _declared;
}

/// <summary>An event that no provider sent.</summary>
/// <param name="Name">Empty for APIs whose events have none.</param>
internal readonly record struct MadeEvent(string Name, byte[] Data);
