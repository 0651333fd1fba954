using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Content;

/// <summary>
/// Reads a response body of OpenAI (chat, responses, completions), Anthropic or Bedrock Converse, whole or as the array of its stream's
/// events, into answer, stop reason and token counts.
/// </summary>
internal static class ModelResponse
{
    public static void Read(JsonValue body, Exchange exchange)
    {
        var text = new ResponseText(exchange);
        var stop = default(JsonValue);
        if (body.IsString)
        {
            text.Add(body);
        }
        else if (body.IsArray)
        {
            foreach (var item in body.Items()) ReadEvent(item, text, ref stop, exchange);
        }
        else
        {
            ReadBody(body, text, ref stop, exchange);
        }

        text.End();
        if (stop.IsString) exchange.SetText(ExchangeField.Stop, stop);
    }

    private static void ReadBody(JsonValue body, ResponseText text, ref JsonValue stop, Exchange exchange)
    {
        var isMessage = false;
        foreach (var property in body.Properties())
        {
            var value = property.Value;
            if (property.Is("choices"u8)) ReadChoices(value, text, ref stop, exchange);
            else if (property.Is("usage"u8)) TokenUsage.Take(value, exchange);
            else if (property.Is("output"u8) && value.IsArray) foreach (var item in value.Items()) text.AddPart(item);
            else if (property.Is("output"u8) && value.IsObject) text.AddMessage(value.Get("message"u8));
            else if (property.Is("stop_reason"u8) || property.Is("stopReason"u8) || property.Is("finish_reason"u8)) stop = value.IsString ? value : stop;
            else if (property.Is("incomplete_details"u8) && value.IsObject) stop = value.Get("reason"u8);
            else if (property.Is("content"u8) || property.Is("parts"u8) || property.Is("tool_calls"u8) || property.Is("function_call"u8)) isMessage = true;
            else if (property.Is("completion"u8) || property.Is("generation"u8) || property.Is("text"u8) || property.Is("output_text"u8)) text.Add(value);
            else if (property.Is("status"u8) && value.IsString && !stop.IsString) stop = value; // Responses: completed, incomplete.
        }

        if (isMessage) text.AddMessage(body);
    }

    private static void ReadChoices(JsonValue choices, ResponseText text, ref JsonValue stop, Exchange exchange)
    {
        var count = 0;
        foreach (var choice in choices.Items())
        {
            count++;
            foreach (var property in choice.Properties())
            {
                if (property.Is("message"u8)) text.AddMessage(property.Value);
                else if (property.Is("text"u8)) text.Add(property.Value);
                else if (property.Is("delta"u8)) text.AddDelta(property.Value.Get("content"u8));
                else if (property.Is("finish_reason"u8) && property.Value.IsString) stop = property.Value;
            }
        }

        // Several answers to one prompt are several candidates, also where the parameter was not logged.
        if (count > 1 && exchange.ChoiceCount is null) exchange.ChoiceCount = count;
    }

    /// <summary>One event of a stream in any dialect, or one message where the array holds messages. Unknown events are passed by.</summary>
    private static void ReadEvent(JsonValue item, ResponseText text, ref JsonValue stop, Exchange exchange)
    {
        foreach (var property in item.Properties())
        {
            var value = property.Value;
            if (property.Is("choices"u8)) ReadChoices(value, text, ref stop, exchange);
            else if (property.Is("message"u8)) TokenUsage.Take(value.Get("usage"u8), exchange); // Anthropic message_start
            else if (property.Is("usage"u8)) TokenUsage.Take(value, exchange);
            else if (property.Is("delta"u8)) ReadDelta(value, text, ref stop);
            else if (property.Is("content_block"u8)) ReadBlock(value, text);
            else if (property.Is("contentBlockDelta"u8)) ReadDelta(value.Get("delta"u8), text, ref stop);
            else if (property.Is("contentBlockStart"u8)) ReadBlock(value.Get("start"u8).Get("toolUse"u8), text);
            else if (property.Is("messageStop"u8)) stop = value.Get("stopReason"u8);
            else if (property.Is("metadata"u8)) TokenUsage.Take(value.Get("usage"u8), exchange);
            else if (property.Is("amazon-bedrock-invocationMetrics"u8)) TokenUsage.Take(value, exchange);
            else if (property.Is("finish_reason"u8) && value.IsString) stop = value;
            else if (property.Is("role"u8)) text.AddMessage(item); // An array of messages.
        }
    }

    private static void ReadBlock(JsonValue block, ResponseText text)
    {
        var name = block.Get("name"u8);
        if (name.IsString) text.AddCall(name, default);
        text.AddDelta(block.Get("text"u8));
    }

    private static void ReadDelta(JsonValue delta, ResponseText text, ref JsonValue stop)
    {
        if (delta.IsString)
        {
            text.AddDelta(delta); // Responses: response.output_text.delta
            return;
        }

        foreach (var property in delta.Properties())
        {
            if (property.Is("text"u8) || property.Is("partial_json"u8)) text.AddDelta(property.Value);
            else if (property.Is("stop_reason"u8) && property.Value.IsString) stop = property.Value;
            else if (property.Is("toolUse"u8)) text.AddDelta(property.Value.Get("input"u8));
        }
    }
}
