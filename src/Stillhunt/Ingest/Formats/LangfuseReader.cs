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
        exchange.Status = !level.Is("ERROR"u8) ? 200 : message.TryGetLooseCount(out var code) && code is >= 400 and <= 599 ? (int)code : 500;
        AddInput(_scratch.Inside(input), exchange);
        ModelResponse.Read(_scratch.Inside(output), exchange);
        sink.Accept(exchange, position);
        return ReadResult.Done;
    }

    /// <summary>A string, messages, or a whole request body, as the sender chose.</summary>
    private static void AddInput(JsonValue input, Exchange exchange)
    {
        if (input.IsString) PromptContent.AddContent(input, PartRole.User, exchange);
        else if (input.IsArray || input.Get("role"u8).Exists) PromptContent.AddMessages(input, exchange);
        else ModelRequest.Read(input, exchange);
    }
}
