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
    /// The current convention has one event a call. The older one has an event a message and one for the answer, all with the span's id: those that
    /// follow each other make one exchange.
    /// </summary>
    private void ReadLogs(JsonValue records, JsonValue resource, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        var open = default(JsonValue);
        foreach (var log in records.Items())
        {
            var name = OtlpLog.EventName(log);
            var isMessage = OtlpLog.IsMessage(name);
            var span = OtlpLog.Get(log, "spanId"u8, "span_id"u8);
            if (open.Exists && (!isMessage || !span.Raw.SequenceEqual(open.Raw)))
            {
                _call.EndMessages(exchange, sink, position);
                open = default;
            }

            if (isMessage)
            {
                if (!open.Exists) _call.BeginMessages(log, resource, exchange);
                open = span.Exists ? span : default;
                _call.AddMessage(log, name, exchange);
                if (!open.Exists) _call.EndMessages(exchange, sink, position);
            }
            else if (name.Is("gen_ai.client.inference.operation.details"u8))
            {
                _call.ReadLog(log, resource, exchange, sink, position);
            }
        }

        if (open.Exists) _call.EndMessages(exchange, sink, position);
    }
}
