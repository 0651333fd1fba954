using Stillhunt.Ingest.Content;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>
/// Reads Langfuse observations of both API versions. Only generations count: chains, agents, tools and spans repeat the text of the generations
/// inside them, and environments named <c>langfuse-*</c> are the product's own evaluators. A v1 row has no user: that is refused, not guessed.
/// </summary>
internal sealed class LangfuseReader(ReadingOptions options) : RecordReader
{
    public static FormatSignature Signature { get; } = new(["startTime"], ["type"], ["traceId", "projectId", "environment"], ["id"]);

    private readonly JsonScratch _scratch = new();

    public override ReadResult Read(JsonValue record, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        exchange.Clear();
        _scratch.Reset();
        JsonValue type = default, time = default, user = default, input = default, output = default, parameters = default, level = default, message = default;
        JsonValue provided = default, model = default, environment = default, details = default, usage = default;
        foreach (var property in record.Properties())
        {
            var value = property.Value;
            if (property.Is("id"u8)) exchange.SetText(ExchangeField.Id, value);
            else if (property.Is("type"u8)) type = value;
            else if (property.Is("startTime"u8)) time = value;
            else if (property.Is("userId"u8)) user = value;
            else if (property.Is("sessionId"u8)) exchange.SetText(ExchangeField.Conversation, value);
            else if (property.Is("input"u8)) input = value;
            else if (property.Is("output"u8)) output = value;
            else if (property.Is("providedModelName"u8)) provided = value;
            else if (property.Is("model"u8)) model = value;
            else if (property.Is("modelParameters"u8)) parameters = value;
            else if (property.Is("usageDetails"u8)) details = value;
            else if (property.Is("usage"u8)) usage = value;
            else if (property.Is("level"u8)) level = value;
            else if (property.Is("statusMessage"u8)) message = value;
            else if (property.Is("environment"u8)) environment = value;
        }

        if (!type.IsString || !time.Exists) return ReadResult.NotMine("unknown-format");
        if (!type.Is("GENERATION"u8) || (environment.IsString && environment.Raw.StartsWith("langfuse-"u8))) return ReadResult.Done;
        if (!LogTime.TryRead(time, zoneIsUtc: true, out var milliseconds, out var why)) return ReadResult.Reject(why!, "startTime");
        exchange.TimeMs = milliseconds;
        exchange.SetText(ExchangeField.Account, options.AccountField is { } path ? path.Find(record) : user, numbers: true);
        if (!exchange.Has(ExchangeField.Account)) return ReadResult.Reject("no-account", options.AccountField?.Text ?? "userId");

        exchange.SetText(ExchangeField.Model, provided.IsString ? provided : model);
        ModelRequest.TakeParameters(_scratch.Inside(parameters), exchange);
        TokenUsage.Take(usage, exchange);
        TokenUsage.Take(_scratch.Inside(details), exchange);
        exchange.Status = !level.Is("ERROR"u8) ? 200 : StatusOf(message);
        AddInput(_scratch.Inside(input), exchange);
        ReadAnswer(output, exchange);
        sink.Accept(exchange, position);
        return ReadResult.Done;
    }

    /// <summary>A body, a message, or the words alone, which are JSON where JSON was asked for.</summary>
    private void ReadAnswer(JsonValue output, Exchange exchange)
    {
        var inside = _scratch.Inside(output);
        if (ModelResponse.IsBody(inside)) ModelResponse.Read(inside, exchange);
        else if (output.IsString) ModelResponse.Read(output, exchange);
        else if (output.Exists) exchange.Set(ExchangeField.Response, output.Raw);
    }

    /// <summary>
    /// The status in an error's message: alone, at its start (<c>429 Too Many Requests</c>), or behind a word that says so (<c>Error code: 429 - {...}</c>); 500 where there is none. Other numbers
    /// are limits and counts.
    /// </summary>
    private static int StatusOf(JsonValue message)
    {
        if (message.TryGetLooseCount(out var alone)) return alone is >= 400 and <= 599 ? (int)alone : 500;
        var text = message.IsString ? message.Raw : default;
        for (var at = 0; at + 3 <= text.Length; at++)
        {
            var digits = text[at..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if (digits < 0) digits = text.Length - at;
            if (digits == 3 && text[at] is (byte)'4' or (byte)'5' && SaysStatus(text[..at])) return ((text[at] - '0') * 100) + ((text[at + 1] - '0') * 10) + text[at + 2] - '0';
            at += digits;
        }

        return 500;
    }

    private static bool SaysStatus(ReadOnlySpan<byte> before)
    {
        before = before.TrimEnd(" :=([\"'\\"u8);
        return before.IsEmpty || before.EndsWith("code"u8) || before.EndsWith("Code"u8) || before.EndsWith("status"u8) || before.EndsWith("HTTP"u8) || before.EndsWith("Error"u8);
    }

    /// <summary>A string, messages, or a whole request body, as the sender chose.</summary>
    private static void AddInput(JsonValue input, Exchange exchange)
    {
        if (input.IsString) PromptContent.AddContent(input, PartRole.User, exchange);
        else if (input.IsArray || input.Get("role"u8).Exists) PromptContent.AddMessages(input, exchange);
        else ModelRequest.Read(input, exchange);
    }
}
