using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Content;

/// <summary>How a property was taken.</summary>
internal enum Taken
{
    /// <summary>The property means nothing here.</summary>
    No,
    Yes,

    /// <summary>It was meant for this field and has the wrong type or an impossible value.</summary>
    WrongType,
}

/// <summary>Reads the parameters of a call by the names that the APIs use for them.</summary>
internal static class CallParameters
{
    public static Taken Take(JsonProperty property, Exchange exchange)
    {
        var value = property.Value;
        if (property.Is("temperature"u8))
        {
            exchange.Temperature = value.TryGetDouble(out var number) && number is >= 0 and <= 100 ? number : null;
            return Outcome(value, exchange.Temperature.HasValue);
        }

        if (property.Is("top_p"u8) || property.Is("topP"u8))
        {
            exchange.TopP = value.TryGetDouble(out var number) && number is >= 0 and <= 1 ? number : null;
            return Outcome(value, exchange.TopP.HasValue);
        }

        if (IsLimit(property))
        {
            // Several spellings may stand side by side, some of them null: a null does not erase.
            if (!value.Exists) return Taken.Yes;
            exchange.MaxTokens = value.TryGetCount(out var tokens) ? tokens : null;
            return Outcome(value, exchange.MaxTokens.HasValue);
        }

        if (property.Is("n"u8) || property.Is("candidateCount"u8))
        {
            exchange.ChoiceCount = value.TryGetCount(out var count) && count <= int.MaxValue ? (int)count : null;
            return Outcome(value, exchange.ChoiceCount.HasValue);
        }

        if (property.Is("stream"u8))
        {
            exchange.Stream = value.IsBool ? value.IsTrue : null;
            return Outcome(value, exchange.Stream.HasValue);
        }

        if (property.Is("logprobs"u8) || property.Is("responseLogprobs"u8))
        {
            // The older completions API asks for a number of alternatives.
            exchange.Logprobs = value.IsBool ? value.IsTrue : value.TryGetCount(out var top) ? top > 0 : null;
            return Outcome(value, exchange.Logprobs.HasValue);
        }

        return TakeThinking(property, exchange);
    }

    private static Taken TakeThinking(JsonProperty property, Exchange exchange)
    {
        var value = property.Value;
        if (property.Is("thinking"u8))
        {
            if (value.IsBool) exchange.Thinking = value.IsTrue;
            else if (value.IsObject) exchange.Thinking = !value.Get("type"u8).Is("disabled"u8);
            else return Outcome(value, false);
            return Taken.Yes;
        }

        if (property.Is("reasoning_effort"u8))
        {
            if (value.IsString) exchange.Thinking = !value.Is("none"u8);
            return Outcome(value, value.IsString);
        }

        if (property.Is("thinkingConfig"u8))
        {
            // Gemini thinks unless its budget is 0.
            if (value.IsObject) exchange.Thinking = !(value.Get("thinkingBudget"u8).TryGetCount(out var budget) && budget == 0);
            return Outcome(value, value.IsObject);
        }

        if (!property.Is("reasoning"u8)) return Taken.No;
        // OpenRouter's "enabled": false, whatever effort stands beside it; OpenAI's effort "none".
        if (value.IsObject) exchange.Thinking = !(value.Get("enabled"u8) is { IsBool: true, IsTrue: false } || value.Get("effort"u8).Is("none"u8));
        return Outcome(value, value.IsObject);
    }

    private static bool IsLimit(JsonProperty property) =>
        property.Is("max_tokens"u8) || property.Is("max_completion_tokens"u8) || property.Is("max_output_tokens"u8)
        || property.Is("maxTokens"u8) || property.Is("maxOutputTokens"u8) || property.Is("max_tokens_to_sample"u8)
        || property.Is("max_gen_len"u8) || property.Is("maxTokenCount"u8) || property.Is("max_new_tokens"u8); // Llama, Titan and Nova on Bedrock.

    private static Taken Outcome(JsonValue value, bool good) => good || !value.Exists ? Taken.Yes : Taken.WrongType;
}
