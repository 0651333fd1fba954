using System.Globalization;
using System.Text.Json;
using Stillhunt.Proving.Chance;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Formats;

/// <summary>OTLP/JSON spans of the GenAI conventions: a span a line. Keys, TLS, header order, payment and handles are not there.</summary>
internal sealed class OtlpWriter(Stream? stream) : JsonLines(stream)
{
    internal override TrafficWriter Another() => new OtlpWriter(null);

    private readonly MemoryStream _inner = new();
    private Utf8JsonWriter? _parts;

    protected override void Write(Utf8JsonWriter json, Draft draft)
    {
        json.WriteStartArray("resourceSpans"u8);
        json.WriteStartObject();
        json.WriteStartObject("resource"u8);
        json.WriteStartArray("attributes"u8);
        Text(json, "service.name"u8, "model-gateway");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("scopeSpans"u8);
        json.WriteStartObject();
        json.WriteStartObject("scope"u8);
        json.WriteString("name"u8, "gateway.genai"u8);
        json.WriteEndObject();
        json.WriteStartArray("spans"u8);
        json.WriteStartObject();
        json.WriteString("traceId"u8, string.Create(CultureInfo.InvariantCulture, $"{Dice.Mix(draft.Id):x16}{draft.Id:x16}"));
        Hex(json, "spanId"u8, ""u8, draft.Id);
        json.WriteString("name"u8, $"chat {draft.Model}");
        json.WriteNumber("kind"u8, 3);
        json.WriteString("startTimeUnixNano"u8, (draft.TimeMs * 1_000_000).ToString(CultureInfo.InvariantCulture));
        json.WriteString("endTimeUnixNano"u8, ((draft.TimeMs + 400 + draft.OutputTokens * 13L) * 1_000_000).ToString(CultureInfo.InvariantCulture));
        json.WriteStartArray("attributes"u8);
        Attributes(json, draft);
        json.WriteEndArray();
        json.WriteStartObject("status"u8);
        if (draft.Status >= 400) json.WriteNumber("code"u8, 2);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private void Attributes(Utf8JsonWriter json, Draft draft)
    {
        Text(json, "gen_ai.operation.name"u8, "chat");
        Text(json, "gen_ai.provider.name"u8, "example");
        Text(json, "gen_ai.request.model"u8, draft.Model);
        Text(json, "user.id"u8, draft.Account.Id);
        if (draft.Address.Ip is { } ip) Text(json, "client.address"u8, ip);
        if (draft.Client.UserAgent is { } agent) Text(json, "user_agent.original"u8, agent);
        if (draft.Conversation is { } conversation) Text(json, "gen_ai.conversation.id"u8, conversation);
        if (draft.Settings.Temperature is { } temperature)
        {
            json.WriteStartObject();
            json.WriteString("key"u8, "gen_ai.request.temperature"u8);
            json.WriteStartObject("value"u8);
            json.WriteNumber("doubleValue"u8, temperature);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        if (draft.Settings.MaxTokens is { } limit) Number(json, "gen_ai.request.max_tokens"u8, limit);
        Number(json, "gen_ai.usage.input_tokens"u8, draft.InputTokens());
        Number(json, "gen_ai.usage.output_tokens"u8, draft.OutputTokens);
        if (draft.ReasoningTokens is { } reasoning) Number(json, "gen_ai.usage.reasoning.output_tokens"u8, reasoning);
        if (draft.Status >= 400) Text(json, "error.type"u8, draft.Status.ToString(CultureInfo.InvariantCulture));
        if (draft.Status < 400)
        {
            json.WriteStartObject();
            json.WriteString("key"u8, "gen_ai.response.finish_reasons"u8);
            json.WriteStartObject("value"u8);
            json.WriteStartObject("arrayValue"u8);
            json.WriteStartArray("values"u8);
            json.WriteStartObject();
            json.WriteString("stringValue"u8, draft.Stop switch { "max_tokens" => "length"u8, "tool_use" => "tool_call"u8, "refusal" => "content_filter"u8, _ => "stop"u8 });
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        if (draft.HasSystem) Inner(json, "gen_ai.system_instructions"u8, draft, static (inner, d) =>
        {
            inner.WriteStartArray();
            Part(inner, "text"u8, "content"u8, d.System);
            inner.WriteEndArray();
        });
        Inner(json, "gen_ai.input.messages"u8, draft, static (inner, d) =>
        {
            inner.WriteStartArray();
            foreach (var line in d.Lines)
            {
                inner.WriteStartObject();
                inner.WriteString("role"u8, Role(line.Speaker));
                inner.WriteStartArray("parts"u8);
                if (line.Speaker == Speaker.Tool) Part(inner, "tool_call_response"u8, "response"u8, d.TextOf(line));
                else Part(inner, "text"u8, "content"u8, d.TextOf(line));
                inner.WriteEndArray();
                inner.WriteEndObject();
            }

            inner.WriteEndArray();
        });
        if (draft.Tools is not null) Inner(json, "gen_ai.tool.definitions"u8, draft, static (inner, d) =>
        {
            inner.WriteStartArray();
            foreach (var tool in d.Tools!)
            {
                inner.WriteStartObject();
                inner.WriteString("type"u8, "function"u8);
                inner.WriteString("name"u8, ToolSchema.NameOf(tool));
                inner.WritePropertyName("parameters"u8);
                inner.WriteRawValue(ToolSchema.SchemaOf(tool));
                inner.WriteEndObject();
            }

            inner.WriteEndArray();
        });
    }

    private static void Part(Utf8JsonWriter json, ReadOnlySpan<byte> type, ReadOnlySpan<byte> name, ReadOnlySpan<char> text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteString(name, text);
        json.WriteEndObject();
    }

    // Spans carry messages as JSON text inside a string.
    private void Inner(Utf8JsonWriter json, ReadOnlySpan<byte> key, Draft draft, Action<Utf8JsonWriter, Draft> write)
    {
        _inner.SetLength(0);
        _parts ??= new Utf8JsonWriter(_inner, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _parts.Reset(_inner);
        write(_parts, draft);
        _parts.Flush();
        json.WriteStartObject();
        json.WriteString("key"u8, key);
        json.WriteStartObject("value"u8);
        json.WriteString("stringValue"u8, _inner.GetBuffer().AsSpan(0, (int)_inner.Length));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> key, string value)
    {
        json.WriteStartObject();
        json.WriteString("key"u8, key);
        json.WriteStartObject("value"u8);
        json.WriteString("stringValue"u8, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, ReadOnlySpan<byte> key, long value)
    {
        json.WriteStartObject();
        json.WriteString("key"u8, key);
        json.WriteStartObject("value"u8);
        json.WriteString("intValue"u8, value.ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public override void Dispose()
    {
        _parts?.Dispose();
        base.Dispose();
    }
}
