using System.Text;
using Stillhunt.Ingest.Content;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>
/// Reads records through a mapping file. Values may be strings where the native format wants numbers, as in CSV; a value that is neither is
/// dropped and counted.
/// </summary>
internal sealed class MappedReader(MappingFile mapping, ReadingOptions options) : RecordReader
{
    private readonly JsonScratch _scratch = new();
    private readonly (byte[] Name, string Target, FieldPath Path)[] _parameters = Under(mapping, "params.");
    private readonly (byte[] Name, string Target, FieldPath Path)[] _usage = Under(mapping, "usage.");
    private readonly (ExchangeField Field, string Target, FieldPath Path)[] _texts =
        [.. mapping.Fields.Where(field => IsText(field.Target)).Select(field => (FieldOf(field.Target), field.Target, field.Path))];
    private readonly FieldPath? _time = mapping.PathOf("time");
    private readonly FieldPath? _system = mapping.PathOf("system");
    private readonly FieldPath? _messages = mapping.PathOf("messages");
    private readonly FieldPath? _prompt = mapping.PathOf("prompt");
    private readonly FieldPath? _tools = mapping.PathOf("tools");
    private readonly FieldPath? _status = mapping.PathOf("status");
    private readonly FieldPath? _asn = mapping.PathOf("asn");
    private readonly FieldPath? _account = mapping.PathOf("account");

    public override ReadResult Read(JsonValue record, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        exchange.Clear();
        _scratch.Reset();
        foreach (var property in record.Properties()) _ = property; // The record is well-formed to its end before anything is handed on.
        if (!LogTime.TryRead(Find(_time, record), mapping.ZoneIsUtc, out var milliseconds, out var why)) return ReadResult.Reject(why!, _time?.Text);
        exchange.TimeMs = milliseconds;
        exchange.SetText(ExchangeField.Account, Given(options.AccountField is { } named ? named.Find(record) : Find(_account, record)), numbers: true);
        if (!exchange.Has(ExchangeField.Account)) return ReadResult.Reject("no-account", options.AccountField?.Text ?? _account?.Text);

        foreach (var (field, target, path) in _texts)
        {
            if (!exchange.SetText(field, Given(path.Find(record)), numbers: true)) sink.DroppedField(target, position);
        }

        if (!exchange.SetAsn(Given(Find(_asn, record)))) sink.DroppedField("asn", position);
        TakeStatus(record, exchange, sink, position);
        TakePrompt(record, exchange, sink, position);
        foreach (var (name, target, path) in _parameters)
        {
            var value = Loose(Given(path.Find(record)));
            if (CallParameters.Take(new JsonProperty(name, false, value), exchange) == Taken.WrongType) sink.DroppedField(target, position);
        }

        foreach (var (name, target, path) in _usage)
        {
            var value = Given(path.Find(record));
            if (value.TryGetLooseCount(out _)) TokenUsage.Take(new JsonProperty(name, false, value), exchange);
            else if (IsGiven(value)) sink.DroppedField(target, position);
        }

        sink.Accept(exchange, position);
        return ReadResult.Done;
    }

    private void TakeStatus(JsonValue record, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        var value = Given(Find(_status, record));
        if (value.TryGetLooseCount(out var status) && status <= 999) exchange.Status = (int)status;
        else if (IsGiven(value)) sink.DroppedField("status", position);
    }

    private void TakePrompt(JsonValue record, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        if (!PromptContent.AddSystem(Find(_system, record), exchange)) sink.DroppedField("system", position);
        // A column may hold a conversation as JSON text; a prompt is never parsed, it is what the caller wrote.
        var messages = _scratch.Inside(Find(_messages, record));
        if (messages.IsString) PromptContent.AddContent(messages, PartRole.User, exchange);
        else if (!PromptContent.AddMessages(messages, exchange)) sink.DroppedField("messages", position);
        var prompt = Find(_prompt, record);
        if (prompt.IsString) PromptContent.AddContent(prompt, PartRole.User, exchange);
        else if (!PromptContent.AddMessages(prompt, exchange)) sink.DroppedField("prompt", position);
        var tools = Find(_tools, record);
        if (IsGiven(tools) && !ToolDefinitions.Add(_scratch.Inside(tools), exchange)) sink.DroppedField("tools", position);
    }

    private static JsonValue Find(FieldPath? path, JsonValue record) => path is null ? default : path.Find(record);

    private static JsonValue Given(JsonValue value) => NoValue.Is(value) ? default : value;

    private static bool IsGiven(JsonValue value) => value.Exists && !(value.IsString && value.Raw.IsEmpty);

    /// <summary>A string that spells a number or a boolean as that; an empty string as absent.</summary>
    private static JsonValue Loose(JsonValue value)
    {
        if (!value.IsString) return value;
        if (value.Raw.IsEmpty) return default;
        if (Ascii.EqualsIgnoreCase(value.Raw, "true"u8)) return JsonValue.Of("true"u8);
        if (Ascii.EqualsIgnoreCase(value.Raw, "false"u8)) return JsonValue.Of("false"u8);
        return value.IsDecimal() ? JsonValue.Of(value.Raw) : value;
    }

    private static bool IsText(string target) => target == "id" || NativeFields.Text.Contains(target);

    private static ExchangeField FieldOf(string target) => NativeFields.TextOf(NativeFields.Named(target));

    private static (byte[] Name, string Target, FieldPath Path)[] Under(MappingFile mapping, string prefix) =>
        [.. mapping.Fields.Where(field => field.Target.StartsWith(prefix, StringComparison.Ordinal))
            .Select(field => (Encoding.UTF8.GetBytes(field.Target[prefix.Length..]), field.Target, field.Path))];
}
