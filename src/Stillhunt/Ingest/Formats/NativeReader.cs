using System.Text.Json;
using JsonProperty = Stillhunt.Ingest.Json.JsonProperty;
using Stillhunt.Ingest.Content;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>
/// Reads Stillhunt's own format: one JSON object an exchange. Nothing is allocated once the exchange's buffer has its size. Parts go in
/// in the order system, messages, tools, whatever the order of the keys, and of a duplicate key the last counts.
/// </summary>
internal sealed class NativeReader(ReadingOptions options) : RecordReader
{
    private readonly JsonMembers _members = new();

    public override ReadResult Read(JsonValue record, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        exchange.Clear();
        var values = default(Values);
        var messagesAt = -1;
        var json = record.Known || record.Raw.Length > JsonTokens.LongestText ? default : exchange.Hold(record.Raw);
        if (_members.TryFind(json))
        {
            for (var i = 0; i < _members.Count; i++)
            {
                if (Take(_members[i, json], ref values, exchange, sink, position) == NativeField.Messages) messagesAt = i;
            }
        }
        else
        {
            foreach (var property in record.Properties()) Take(property, ref values, exchange, sink, position);
        }

        var named = values.Account;
        if (options.AccountField is { } path) values.Account = path.Find(record);
        if (!FormatChoice.IsNative(values.Time, named.Exists ? named : values.Account, values.Request, values.Messages, values.Prompt)) return NotMine(values);
        if (!LogTime.TryRead(values.Time, zoneIsUtc: false, out var milliseconds, out var why))
            return values.Account.Exists ? ReadResult.Reject(why!, "time") : ReadResult.NotMine(why!, "time");
        exchange.TimeMs = milliseconds;
        exchange.SetText(ExchangeField.Account, values.Account, numbers: true);
        if (!exchange.Has(ExchangeField.Account)) return ReadResult.NotMine("no-account", options.AccountField?.Text ?? "account");

        if (!PromptContent.AddSystem(values.System, exchange)) sink.DroppedField("system", position);
        if (values.Messages.Exists && !values.Messages.IsArray) sink.DroppedField("messages", position);
        else if (messagesAt >= 0 && values.Messages.IsArray) PromptContent.AddMessages(_members, messagesAt, json, exchange);
        else PromptContent.AddMessages(values.Messages, exchange);
        if (values.Prompt.IsString) PromptContent.AddContent(values.Prompt, PartRole.User, exchange);
        else if (values.Prompt.Exists) sink.DroppedField("prompt", position);
        if (!ToolDefinitions.Add(values.Tools, exchange)) sink.DroppedField("tools", position);
        TakeParameters(values.Params, exchange, sink, position);
        TakeUsage(values.Usage, exchange, sink, position);
        sink.Accept(exchange, position);
        return ReadResult.Done;
    }

    /// <summary>What is told of the record if no other reader knows it either.</summary>
    private ReadResult NotMine(in Values values)
    {
        var isPair = FormatChoice.IsBody(values.Request) && !values.Messages.Exists && !values.Prompt.Exists;
        if (isPair || (values.Time.Type == JsonTokenType.None && values.Account.Type == JsonTokenType.None)) return ReadResult.NotMine("unknown-format");
        return LogTime.TryRead(values.Time, zoneIsUtc: false, out _, out var why) ? ReadResult.NotMine("no-account", options.AccountField?.Text ?? "account") : ReadResult.NotMine(why!, "time");
    }

    /// <summary>What is looked at once the whole record is known.</summary>
    private ref struct Values
    {
        public JsonValue Time, Account, System, Messages, Prompt, Tools, Params, Usage, Request;
    }

    private static NativeField Take(JsonProperty property, ref Values values, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        var value = property.Value;
        var field = NativeFields.Find(property);
        switch (field)
        {
            case NativeField.Time: values.Time = value; break;
            case NativeField.Account: values.Account = value; break;
            case NativeField.System: values.System = value; break;
            case NativeField.Messages: values.Messages = value; break;
            case NativeField.Prompt: values.Prompt = value; break;
            case NativeField.Tools: values.Tools = value; break;
            case NativeField.Params: values.Params = value; break;
            case NativeField.Usage: values.Usage = value; break;
            case NativeField.Request: values.Request = value; break;
            case NativeField.Status: TakeStatus(value, exchange, sink, position); break;
            case NativeField.Asn: TakeAsn(value, exchange, sink, position); break;
            case NativeField.Id:
                if (!exchange.SetText(ExchangeField.Id, value, numbers: true)) sink.DroppedField("id", position);
                break;
            case NativeField.Unknown: break;
            default:
                if (!exchange.SetText(NativeFields.TextOf(field), value)) sink.DroppedField(NativeFields.NameOf(field), position);
                break;
        }

        return field;
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
