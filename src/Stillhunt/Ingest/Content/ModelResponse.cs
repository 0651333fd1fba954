using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Content;

/// <summary>
/// Reads a response body of OpenAI (chat, responses, completions), Anthropic, Gemini, Bedrock Converse or another model on Bedrock, whole or as the array of its stream's
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
            var others = new OtherCandidates(body.Raw);
            foreach (var item in body.Items()) ReadEvent(item, text, ref stop, ref others, exchange);
            others.Sort();
            var begins = true;
            for (var i = 0; i < others.PieceCount; i++)
            {
                begins |= others.Begins(i);
                var before = exchange.Position;
                ReadChoice(others[i], text, ref stop, isPiece: true, begins);
                // The first piece often says nothing but who speaks.
                begins &= exchange.Position == before;
            }

            SetChoiceCount(others.Count, exchange);
        }
        else
        {
            ReadBody(body, text, ref stop, exchange);
        }

        text.End();
        if (stop.IsString) exchange.SetText(ExchangeField.Stop, stop);
    }

    /// <summary>Whether JSON is a body of an API, or the array of a stream's events or of messages, and not the words of a model that was asked for JSON.</summary>
    public static bool IsBody(JsonValue body)
    {
        if (!body.IsArray) return IsOneBody(body);
        foreach (var item in body.Items()) return IsOneBody(item) || item.Get("type"u8).IsString;
        return true;
    }

    private static bool IsOneBody(JsonValue body)
    {
        var isEmpty = body.IsObject;
        foreach (var property in body.Properties())
        {
            isEmpty = false;
            foreach (var name in BodyNames) if (property.Is(name)) return true;
        }

        return isEmpty;
    }

    /// <summary>Of which each body, event and message has one.</summary>
    private static readonly byte[][] BodyNames =
    [
        .. new[]
        {
            "choices", "candidates", "usageMetadata", "promptFeedback", "content", "parts", "role", "tool_calls", "function_call", "output", "outputs", "completion", "generation", "text", "output_text", "inputTextTokenCount", "usage", "error",
            "messageStart", "contentBlockStart", "contentBlockDelta",
        }.Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    private static void ReadBody(JsonValue body, ResponseText text, ref JsonValue stop, Exchange exchange)
    {
        var isMessage = false;
        foreach (var property in body.Properties())
        {
            var value = property.Value;
            if (property.Is("choices"u8) || property.Is("candidates"u8)) ReadChoices(value, text, ref stop, exchange);
            else if (property.Is("usage"u8)) TokenUsage.Take(value, exchange);
            else if (property.Is("usageMetadata"u8)) TokenUsage.TakeGemini(value, exchange);
            else if (property.Is("promptFeedback"u8)) stop = value.Get("blockReason"u8) is { IsString: true } blocked ? blocked : stop;
            else if (property.Is("output"u8) && value.IsArray) foreach (var item in value.Items()) text.AddPart(item);
            else if (property.Is("results"u8) || property.Is("outputs"u8)) foreach (var item in value.Items()) ReadResult(item, text, ref stop);
            else if (property.Is("output"u8) && value.IsObject) text.AddMessage(value.Get("message"u8));
            else if (property.Is("stop_reason"u8) || property.Is("stopReason"u8) || property.Is("finish_reason"u8)) stop = value.IsString ? value : stop;
            else if (property.Is("incomplete_details"u8) && value.IsObject) stop = value.Get("reason"u8);
            else if (property.Is("content"u8) || property.Is("parts"u8) || property.Is("tool_calls"u8) || property.Is("function_call"u8)) isMessage = true;
            else if (property.Is("completion"u8) || property.Is("generation"u8) || property.Is("text"u8) || property.Is("output_text"u8)) text.Add(value);
            else if (property.Is("status"u8) && value.IsString && !stop.IsString) stop = value; // Responses: completed, incomplete.
        }

        if (isMessage) text.AddMessage(body);
    }

    /// <summary>A candidate of Titan's or Mistral's on Bedrock.</summary>
    private static void ReadResult(JsonValue item, ResponseText text, ref JsonValue stop)
    {
        foreach (var property in item.Properties())
        {
            if (property.Is("outputText"u8) || property.Is("text"u8)) text.Add(property.Value);
            else if ((property.Is("completionReason"u8) || property.Is("stop_reason"u8)) && property.Value.IsString) stop = property.Value;
        }
    }

    private static void ReadChoices(JsonValue choices, ResponseText text, ref JsonValue stop, Exchange exchange)
    {
        var count = 0;
        foreach (var choice in choices.Items())
        {
            count++;
            ReadChoice(choice, text, ref stop, isPiece: false, begins: true);
        }

        SetChoiceCount(count, exchange);
    }

    /// <summary>The choices of one event: what is of other candidates than the first is put aside.</summary>
    private static void ReadChoicePieces(JsonValue choices, ResponseText text, ref JsonValue stop, ref OtherCandidates others)
    {
        var place = 0;
        foreach (var choice in choices.Items())
            if (!others.Take(choice, place++)) ReadChoice(choice, text, ref stop, isPiece: true, begins: false);
    }

    /// <summary>Several answers to one prompt are several candidates, also where the parameter was not logged.</summary>
    private static void SetChoiceCount(int count, Exchange exchange)
    {
        if (count > 1 && exchange.ChoiceCount is null) exchange.ChoiceCount = count;
    }

    /// <param name="isPiece">Whether it is a piece of a stream, which goes on where the one before ended.</param>
    /// <param name="begins">Whether a candidate begins with it, on a line of its own.</param>
    private static void ReadChoice(JsonValue choice, ResponseText text, ref JsonValue stop, bool isPiece, bool begins)
    {
        foreach (var property in choice.Properties())
        {
            if (property.Is("message"u8)) text.AddMessage(property.Value);
            else if (property.Is("text"u8) && isPiece && !begins) text.AddDelta(property.Value);
            else if (property.Is("text"u8)) text.Add(property.Value);
            else if (property.Is("delta"u8)) ReadChoiceDelta(property.Value, text, begins);
            else if (property.Is("content"u8) && isPiece && !begins) text.AddPieces(property.Value);
            else if (property.Is("content"u8) && property.Value.IsObject) text.AddMessage(property.Value);
            else if ((property.Is("finish_reason"u8) || property.Is("finishReason"u8)) && property.Value.IsString) stop = property.Value;
        }
    }

    private static void ReadChoiceDelta(JsonValue delta, ResponseText text, bool begins)
    {
        foreach (var property in delta.Properties())
        {
            if (property.Is("content"u8) || property.Is("refusal"u8))
            {
                if (begins) text.Add(property.Value);
                else text.AddDelta(property.Value);
            }
            else if (property.Is("tool_calls"u8)) foreach (var call in property.Value.Items()) text.AddCallPiece(call.Get("function"u8));
            else if (property.Is("function_call"u8)) text.AddCallPiece(property.Value);
        }
    }

    /// <summary>One event of a stream in any dialect, or one message where the array holds messages. Unknown events are passed by.</summary>
    private static void ReadEvent(JsonValue item, ResponseText text, ref JsonValue stop, ref OtherCandidates others, Exchange exchange)
    {
        foreach (var property in item.Properties())
        {
            var value = property.Value;
            if (property.Is("choices"u8) || property.Is("candidates"u8)) ReadChoicePieces(value, text, ref stop, ref others);
            else if (property.Is("usageMetadata"u8)) TokenUsage.TakeGemini(value, exchange);
            else if (property.Is("message"u8)) ReadBegun(value, exchange);
            else if (property.Is("response"u8)) ReadResponse(value, ref stop, exchange);
            else if (property.Is("item"u8)) ReadItem(item, value, text);
            else if (property.Is("usage"u8)) TokenUsage.Take(value, exchange);
            else if (property.Is("delta"u8) && value.IsString) ReadPiece(item, value, text);
            else if (property.Is("delta"u8)) ReadDelta(value, text, ref stop);
            else if (property.Is("content_block"u8)) ReadBlock(value, text);
            else if (property.Is("contentBlockDelta"u8)) ReadDelta(value.Get("delta"u8), text, ref stop);
            else if (property.Is("contentBlockStart"u8)) ReadBlock(value.Get("start"u8).Get("toolUse"u8), text);
            else if (property.Is("generation"u8) || property.Is("outputText"u8)) text.AddDelta(value);
            else if (property.Is("messageStop"u8)) stop = value.Get("stopReason"u8);
            else if (property.Is("metadata"u8)) TokenUsage.Take(value.Get("usage"u8), exchange);
            else if (property.Is("amazon-bedrock-invocationMetrics"u8)) TokenUsage.Take(value, exchange);
            else if ((property.Is("finish_reason"u8) || property.Is("stop_reason"u8) || property.Is("completionReason"u8)) && value.IsString) stop = value;
            else if (property.Is("role"u8)) text.AddMessage(item); // An array of messages.
        }
    }

    /// <summary>Anthropic's message_start declares a token or two of output, of hundreds that follow: where the stream broke off, their number is unknown.</summary>
    private static void ReadBegun(JsonValue message, Exchange exchange)
    {
        var known = exchange.OutputTokens;
        TokenUsage.Take(message.Get("usage"u8), exchange);
        exchange.OutputTokens = known;
    }

    /// <summary>The whole answer, as events of the Responses API repeat it: counts, and how it ended. Its text came before.</summary>
    private static void ReadResponse(JsonValue response, ref JsonValue stop, Exchange exchange)
    {
        TokenUsage.Take(response.Get("usage"u8), exchange);
        if (response.Get("incomplete_details"u8).Get("reason"u8) is { IsString: true } reason) stop = reason;
        else if (response.Get("status"u8) is var status && (status.Is("completed"u8) || status.Is("incomplete"u8) || status.Is("failed"u8))) stop = status;
    }

    /// <summary>The name of a call in a Responses stream; its arguments follow as pieces.</summary>
    private static void ReadItem(JsonValue told, JsonValue item, ResponseText text)
    {
        if (told.Get("type"u8).Is("response.output_item.added"u8) && item.Get("name"u8).IsString) text.AddCallPiece(item);
    }

    /// <summary>A piece of a Responses stream: text and arguments, not reasoning, and not sound.</summary>
    private static void ReadPiece(JsonValue told, JsonValue delta, ResponseText text)
    {
        var type = told.Get("type"u8);
        if (type.IsString && (type.Raw.StartsWith("response.reasoning"u8) || type.Raw.EndsWith("audio.delta"u8))) return;
        text.AddDelta(delta);
    }

    private static void ReadBlock(JsonValue block, ResponseText text)
    {
        var name = block.Get("name"u8);
        if (name.IsString) text.AddCall(name, default);
        text.AddDelta(block.Get("text"u8));
    }

    private static void ReadDelta(JsonValue delta, ResponseText text, ref JsonValue stop)
    {
        foreach (var property in delta.Properties())
        {
            if (property.Is("text"u8) || property.Is("partial_json"u8)) text.AddDelta(property.Value);
            else if (property.Is("stop_reason"u8) && property.Value.IsString) stop = property.Value;
            else if (property.Is("toolUse"u8)) text.AddDelta(property.Value.Get("input"u8));
        }
    }
}
