using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Content;

/// <summary>Reads token counts by the names that the APIs and their loggers use. A count that is absent or no count stays unknown.</summary>
internal static class TokenUsage
{
    public static void Take(JsonValue usage, Exchange exchange)
    {
        foreach (var property in usage.Properties()) Take(property, exchange);
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
