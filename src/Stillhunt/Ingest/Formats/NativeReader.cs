using System.Text.Json;
using Stillhunt.Ingest.Content;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>
/// Reads Stillhunt's own format: one JSON object an exchange. Nothing is allocated once the exchange's buffer has its size. Parts go in
/// in the order system, messages, tools, whatever the order of the keys, and of a duplicate key the last counts.
/// </summary>
internal sealed class NativeReader(ReadingOptions options) : RecordReader
{
    public override ReadResult Read(JsonValue record, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        exchange.Clear();
        JsonValue time = default, account = default, system = default, messages = default, prompt = default, tools = default;
        JsonValue parameters = default, usage = default, request = default;
        foreach (var property in record.Properties())
        {
            var value = property.Value;
            switch (NativeFields.Find(property))
            {
                case NativeField.Time: time = value; break;
                case NativeField.Account: account = value; break;
                case NativeField.System: system = value; break;
                case NativeField.Messages: messages = value; break;
                case NativeField.Prompt: prompt = value; break;
                case NativeField.Tools: tools = value; break;
                case NativeField.Params: parameters = value; break;
                case NativeField.Usage: usage = value; break;
                case NativeField.Request: request = value; break;
                case NativeField.Status: TakeStatus(value, exchange, sink, position); break;
                case NativeField.Asn: TakeAsn(value, exchange, sink, position); break;
                case NativeField.Id:
                    if (!exchange.SetText(ExchangeField.Id, value, numbers: true)) sink.DroppedField("id", position);
                    break;
                case NativeField.Unknown: break;
                case var field:
                    if (!exchange.SetText(NativeFields.TextOf(field), value)) sink.DroppedField(NativeFields.NameOf(field), position);
                    break;
            }
        }

        if (options.AccountField is { } path) account = path.Find(record);
        // A pair {time, account, request, response} has both required fields and is another reader's.
        if (request.IsObject && !messages.Exists && !prompt.Exists) return ReadResult.NotMine("unknown-format");
        if (time.Type == JsonTokenType.None && account.Type == JsonTokenType.None) return ReadResult.NotMine("unknown-format");
        if (!LogTime.TryRead(time, zoneIsUtc: false, out var milliseconds, out var why))
            return time.Exists && account.Exists ? ReadResult.Reject(why!, "time") : ReadResult.NotMine(why!, "time");
        exchange.TimeMs = milliseconds;
        exchange.SetText(ExchangeField.Account, account, numbers: true);
        if (!exchange.Has(ExchangeField.Account)) return ReadResult.NotMine("no-account", options.AccountField?.Text ?? "account");

        if (!PromptContent.AddSystem(system, exchange)) sink.DroppedField("system", position);
        if (!PromptContent.AddMessages(messages.IsArray ? messages : default, exchange) || (messages.Exists && !messages.IsArray))
            sink.DroppedField("messages", position);
        if (prompt.IsString) PromptContent.AddContent(prompt, PartRole.User, exchange);
        else if (prompt.Exists) sink.DroppedField("prompt", position);
        if (!ToolDefinitions.Add(tools, exchange)) sink.DroppedField("tools", position);
        TakeParameters(parameters, exchange, sink, position);
        TakeUsage(usage, exchange, sink, position);
        sink.Accept(exchange, position);
        return ReadResult.Done;
    }

    private static void TakeParameters(JsonValue parameters, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        if (parameters.Exists && !parameters.IsObject) sink.DroppedField("params", position);
        foreach (var property in parameters.Properties())
        {
            if (CallParameters.Take(property, exchange) == Taken.WrongType) sink.DroppedField(NativeFields.ParameterName(property), position);
        }
    }

    private static void TakeUsage(JsonValue usage, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        if (usage.Exists && !usage.IsObject) sink.DroppedField("usage", position);
        foreach (var property in usage.Properties())
        {
            var good = property.Value.TryGetCount(out var count);
            long? tokens = good ? count : null;
            if (property.Is("input"u8)) exchange.InputTokens = tokens;
            else if (property.Is("output"u8)) exchange.OutputTokens = tokens;
            else if (property.Is("reasoning"u8)) exchange.ReasoningTokens = tokens;
            else continue;
            if (!good && property.Value.Exists)
                sink.DroppedField(property.Is("input"u8) ? "usage.input" : property.Is("output"u8) ? "usage.output" : "usage.reasoning", position);
        }
    }

    private static void TakeStatus(JsonValue value, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        exchange.Status = value.TryGetCount(out var status) && status <= 999 ? (int)status : null;
        if (exchange.Status is null && value.Exists) sink.DroppedField("status", position);
    }

    private static void TakeAsn(JsonValue value, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        if (!exchange.SetAsn(value)) sink.DroppedField("asn", position);
    }
}
