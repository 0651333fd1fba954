using System.Text.Json;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>
/// Reads OTLP/JSON traces and logs with the GenAI conventions. One record holds many spans: each call of a model is an exchange; ordinary spans,
/// embeddings, and agent and tool spans, which repeat the text of the calls inside them, are none. Names are those of the protocol's JSON, or of its definition, as
/// encoders write them that are told to keep them (<c>resource_spans</c>).
/// </summary>
internal sealed class OtlpReader(ReadingOptions options) : RecordReader
{
    public static FormatSignature Signature { get; } = new(["resourceSpans:array", "resourceLogs:array", "resource_spans:array", "resource_logs:array"]);

    private readonly GenAiCall _call = new(options);
    private readonly List<Message> _messages = [];
    private readonly Dictionary<string, int> _spans = new(StringComparer.Ordinal);

    public override ReadResult Read(JsonValue record, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        JsonValue spans = default, logs = default;
        foreach (var property in record.Properties())
        {
            if (property.Is("resourceSpans"u8) || property.Is("resource_spans"u8)) spans = property.Value;
            else if (property.Is("resourceLogs"u8) || property.Is("resource_logs"u8)) logs = property.Value;
        }

        if (!spans.IsArray && !logs.IsArray) return ReadResult.NotMine("unknown-format");
        foreach (var resource in spans.Items()) ReadResource(resource, isLog: false, exchange, sink, position);
        foreach (var resource in logs.Items()) ReadResource(resource, isLog: true, exchange, sink, position);
        return ReadResult.Done;
    }

    private void ReadResource(JsonValue resource, bool isLog, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        JsonValue attributes = default, scopes = default;
        foreach (var property in resource.Properties())
        {
            if (property.Is("resource"u8)) attributes = property.Value.Get("attributes"u8);
            else if (property.Is("scopeSpans"u8) || property.Is("scope_spans"u8) || property.Is("scopeLogs"u8) || property.Is("scope_logs"u8) || property.Is("instrumentationLibrarySpans"u8))
                scopes = property.Value;
        }

        foreach (var scope in scopes.Items())
        {
            if (isLog) ReadLogs(OtlpLog.Get(scope, "logRecords"u8, "log_records"u8), attributes, exchange, sink, position);
            else foreach (var span in scope.Get("spans"u8).Items()) _call.ReadSpan(span, attributes, exchange, sink, position);
        }
    }

    /// <summary>
    /// The current convention has one event a call. The older one has an event a message and one an answer, all with the span's id: those of one span make one exchange, whatever is logged between them (the
    /// call's own HTTP request is, and calls beside it are).
    /// </summary>
    private void ReadLogs(JsonValue records, JsonValue resource, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        _messages.Clear();
        _spans.Clear();
        foreach (var log in records.Items())
        {
            var name = OtlpLog.EventName(log);
            if (name.Is("gen_ai.client.inference.operation.details"u8)) _call.ReadLog(log, resource, exchange, sink, position);
            else if (OtlpLog.IsMessage(name) && records.Raw.Overlaps(log.Raw, out var start)) _messages.Add(new Message(SpanOf(log), start, log.Raw.Length));
        }

        _messages.Sort((one, other) => (one.Span, one.Start).CompareTo((other.Span, other.Start)));
        for (var i = 0; i < _messages.Count; i++)
        {
            var log = new JsonValue(records.Raw.Slice(_messages[i].Start, _messages[i].Length), JsonTokenType.StartObject, escaped: false, known: true);
            if (i == 0 || _messages[i].Span != _messages[i - 1].Span) _call.BeginMessages(log, resource, exchange);
            _call.AddMessage(log, OtlpLog.EventName(log), exchange);
            if (i == _messages.Count - 1 || _messages[i].Span != _messages[i + 1].Span) _call.EndMessages(exchange, sink, position);
        }
    }

    /// <summary>The number of the log's span among those of these records, by first appearance; a log without a span is alone.</summary>
    private int SpanOf(JsonValue log)
    {
        var id = OtlpLog.Get(log, "spanId"u8, "span_id"u8).ToText();
        if (!id.AsSpan().ContainsAnyExcept('0')) id = $"without {_messages.Count}";
        return _spans.TryGetValue(id!, out var span) ? span : _spans[id!] = _spans.Count;
    }

    private readonly record struct Message(int Span, int Start, int Length);
}
