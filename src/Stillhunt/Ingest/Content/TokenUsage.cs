using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Content;

/// <summary>Reads token counts by the names that the APIs and their loggers use. A count that is absent or no count stays unknown.</summary>
internal static class TokenUsage
{
    public static void Take(JsonValue usage, Exchange exchange)
    {
        foreach (var property in usage.Properties()) Take(property, exchange);
    }

    /// <summary>Gemini's counts: what it thought is no part of what its candidates have, and is of what others count as output.</summary>
    public static void TakeGemini(JsonValue usage, Exchange exchange)
    {
        if (usage.Get("promptTokenCount"u8).TryGetLooseCount(out var prompt)) exchange.InputTokens = prompt;
        var thought = usage.Get("thoughtsTokenCount"u8).TryGetLooseCount(out var count) ? count : (long?)null;
        if (thought is not null) exchange.ReasoningTokens = thought;
        if (usage.Get("candidatesTokenCount"u8).TryGetLooseCount(out var spoken)) exchange.OutputTokens = spoken + (thought ?? 0);
    }

    public static void Take(JsonProperty property, Exchange exchange)
    {
        if (property.Value.IsObject)
        {
            // Parts of the totals: completion_tokens_details, output_tokens_details.
            if (property.RawName.EndsWith("_details"u8)) foreach (var inner in property.Value.Properties()) TakeReasoning(inner, exchange);
            return;
        }

        if (!property.Value.TryGetLooseCount(out var count)) return;
        if (property.Is("prompt_tokens"u8) || property.Is("input_tokens"u8) || property.Is("inputTokens"u8) || property.Is("input"u8)
            || property.Is("inputTokenCount"u8) || property.Is("promptTokens"u8)) exchange.InputTokens = count;
        else if (property.Is("completion_tokens"u8) || property.Is("output_tokens"u8) || property.Is("outputTokens"u8) || property.Is("output"u8)
            || property.Is("outputTokenCount"u8) || property.Is("completionTokens"u8)) exchange.OutputTokens = count;
        else TakeReasoning(property, exchange);
    }

    private static void TakeReasoning(JsonProperty property, Exchange exchange)
    {
        if ((property.Is("reasoning_tokens"u8) || property.Is("thinking_tokens"u8) || property.Is("reasoning"u8) || property.Is("output_reasoning"u8)
            || property.Is("output_reasoning_tokens"u8)) && property.Value.TryGetLooseCount(out var count)) exchange.ReasoningTokens = count;
    }
}
