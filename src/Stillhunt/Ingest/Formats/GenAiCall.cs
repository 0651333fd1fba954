using System.Buffers;
using Stillhunt.Ingest.Content;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>Reads one call of a model from a span or a log record, by the attributes of the GenAI conventions, current and legacy.</summary>
internal sealed class GenAiCall(ReadingOptions options)
{
    private readonly JsonScratch _scratch = new();

    /// <summary>The answers that came as one event each, as an answer of several choices.</summary>
    private readonly ArrayBufferWriter<byte> _choices = new();

    public void ReadSpan(JsonValue span, JsonValue resource, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        JsonValue attributes = default, events = default, time = default, status = default, trace = default, id = default;
        foreach (var property in span.Properties())
        {
            if (property.Is("attributes"u8)) attributes = property.Value;
            else if (property.Is("events"u8)) events = property.Value;
            else if (property.Is("startTimeUnixNano"u8) || property.Is("start_time_unix_nano"u8)) time = property.Value;
            else if (property.Is("status"u8)) status = property.Value.Get("code"u8);
            else if (property.Is("traceId"u8) || property.Is("trace_id"u8)) trace = property.Value;
            else if (property.Is("spanId"u8) || property.Is("span_id"u8)) id = property.Value;
        }

        _scratch.Reset();
        var found = GenAiAttributes.Gather(attributes, options.AccountField);
        if (!found.IsCall) return;
        exchange.Clear();
        if (!SetTime(time, exchange, sink, position, "startTimeUnixNano")) return;
        foreach (var occurrence in events.Items()) found.TakeContent(occurrence.Get("attributes"u8));
        SetAll(found, resource, attributes, trace, id, exchange);
        var code = status;
        if (exchange.Status is null) exchange.Status = code.TryGetLooseCount(out var number) ? number == 2 ? 500 : 200 : code.Is("STATUS_CODE_ERROR"u8) ? 500 : null;
        Hand(exchange, sink, position);
    }

    public void ReadLog(JsonValue log, JsonValue resource, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        _scratch.Reset();
        var attributes = log.Get("attributes"u8);
        var found = GenAiAttributes.Gather(attributes, options.AccountField);
        // Some emitters put the content into the body instead.
        found.TakeContent(OtlpLog.Get(log.Get("body"u8), "kvlistValue"u8, "kvlist_value"u8).Get("values"u8));
        if (found.IsOtherOperation) return;
        exchange.Clear();
        if (!SetTime(TimeOf(log), exchange, sink, position, "timeUnixNano")) return;
        SetAll(found, resource, attributes, OtlpLog.Get(log, "traceId"u8, "trace_id"u8), OtlpLog.Get(log, "spanId"u8, "span_id"u8), exchange);
        Hand(exchange, sink, position);
    }

    /// <summary>Starts an exchange that arrives as one event a message.</summary>
    public void BeginMessages(JsonValue log, JsonValue resource, Exchange exchange)
    {
        _scratch.Reset();
        _choices.ResetWrittenCount();
        exchange.Clear();
        var attributes = log.Get("attributes"u8);
        var found = GenAiAttributes.Gather(attributes, options.AccountField);
        if (LogTime.TryRead(TimeOf(log), zoneIsUtc: true, out var milliseconds, out _)) exchange.TimeMs = milliseconds;
        SetAll(found, resource, attributes, OtlpLog.Get(log, "traceId"u8, "trace_id"u8), OtlpLog.Get(log, "spanId"u8, "span_id"u8), exchange);
    }

    public void AddMessage(JsonValue log, JsonValue name, Exchange exchange)
    {
        var body = OtlpValue.Plain(log.Get("body"u8), _scratch);
        if (OtlpLog.IsChoice(name)) AddChoice(body);
        else PromptContent.AddMessage(body, OtlpLog.RoleOf(name), exchange);
    }

    private void AddChoice(JsonValue body)
    {
        if (!body.IsObject) return;
        _choices.Write(_choices.WrittenCount == 0 ? "{\"choices\":["u8 : ","u8);
        var isChoice = body.Get("message"u8).Exists;
        if (!isChoice) _choices.Write("{\"message\":"u8); // The message alone.
        _choices.Write(body.Raw);
        if (!isChoice) _choices.Write("}"u8);
    }

    public void EndMessages(Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        if (_choices.WrittenCount > 0)
        {
            _choices.Write("]}"u8);
            ModelResponse.Read(JsonValue.Of(_choices.WrittenSpan), exchange);
        }

        if (exchange.TimeMs == 0) sink.Reject(new Rejection(LogTime.Unreadable, "timeUnixNano"), position);
        else Hand(exchange, sink, position);
    }

    private static JsonValue TimeOf(JsonValue log)
    {
        var time = OtlpLog.Get(log, "timeUnixNano"u8, "time_unix_nano"u8);
        return time.Exists && !time.Is("0"u8) ? time : OtlpLog.Get(log, "observedTimeUnixNano"u8, "observed_time_unix_nano"u8);
    }

    private static bool SetTime(JsonValue time, Exchange exchange, IExchangeSink sink, LogPosition position, string field)
    {
        if (LogTime.TryRead(time, zoneIsUtc: true, out var milliseconds, out var why))
        {
            exchange.TimeMs = milliseconds;
            return true;
        }

        sink.Reject(new Rejection(why!, field), position);
        return false;
    }

    private void Hand(Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        if (exchange.Has(ExchangeField.Account)) sink.Accept(exchange, position);
        else sink.Reject(new Rejection("no-account", options.AccountField?.Text ?? "user.id"), position);
    }

    private void SetAll(GenAiAttributes found, JsonValue resource, JsonValue attributes, JsonValue trace, JsonValue span, Exchange exchange)
    {
        SetAccount(found, resource, exchange);
        SetId(found.ResponseId, trace, span, exchange);
        found.SetFields(exchange);

        PromptContent.AddSystem(OtlpValue.Plain(found.System, _scratch), exchange);
        var prompt = Text(found.Input.Exists ? found.Input : found.LegacyPrompt);
        if (prompt.IsString) PromptContent.AddContent(prompt, PartRole.User, exchange);
        else if (prompt.Exists) PromptContent.AddMessages(prompt.IsObject && prompt.Get("messages"u8) is { IsArray: true } inner ? inner : prompt, exchange);
        else if (found.HasIndexedPrompt) PromptContent.AddMessages(IndexedMessages.Read(attributes, "gen_ai.prompt."u8, _scratch), exchange);
        ToolDefinitions.Add(OtlpValue.Plain(found.Tools, _scratch), exchange);

        var answer = Text(found.Output.Exists ? found.Output : found.LegacyCompletion);
        if (!answer.Exists && found.HasIndexedPrompt) answer = IndexedMessages.Read(attributes, "gen_ai.completion."u8, _scratch);
        if (answer.Exists) ModelResponse.Read(answer, exchange);
        var reasons = OtlpValue.Plain(found.FinishReasons, _scratch);
        foreach (var reason in reasons.Items())
        {
            exchange.SetText(ExchangeField.Stop, reason);
            break;
        }
    }

    /// <summary>The value as JSON; older instrumentations wrote Python's repr in place of JSON.</summary>
    private JsonValue Text(JsonValue any)
    {
        var plain = OtlpValue.Plain(any, _scratch);
        return plain.IsString && PythonLiteral.TryRead(plain, _scratch, out var json) ? json : plain;
    }

    private void SetAccount(GenAiAttributes found, JsonValue resource, Exchange exchange)
    {
        var account = found.Account;
        if (!account.Exists)
        {
            // An application that serves one user says so once, on its resource.
            account = GenAiAttributes.Gather(resource, options.AccountField).Account;
        }

        exchange.SetText(ExchangeField.Account, account, numbers: true);
    }

    /// <summary>The provider's id of the answer; else trace and span, whose letters differ in case between encoders.</summary>
    private static void SetId(JsonValue response, JsonValue trace, JsonValue span, Exchange exchange)
    {
        if (response.IsString && !response.Raw.IsEmpty)
        {
            exchange.SetText(ExchangeField.Id, response);
            return;
        }

        if (!span.IsString || span.Raw.Length is 0 or > 64 || trace.Raw.Length > 64) return;
        Span<byte> id = stackalloc byte[trace.Raw.Length + 1 + span.Raw.Length];
        trace.Raw.CopyTo(id);
        id[trace.Raw.Length] = (byte)':';
        span.Raw.CopyTo(id[(trace.Raw.Length + 1)..]);
        foreach (ref var letter in id)
        {
            if (letter is >= (byte)'A' and <= (byte)'F') letter |= 0x20;
        }

        exchange.Set(ExchangeField.Id, id);
    }
}
