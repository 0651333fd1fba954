using System.Text.Json;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Formats;

/// <summary>The native exchange of DESIGN.md section 7, every field that there is.</summary>
internal sealed class NativeWriter(Stream? stream) : JsonLines(stream)
{
    internal override TrafficWriter Another() => new NativeWriter(null);

    protected override void Write(Utf8JsonWriter json, Draft draft)
    {
        var account = draft.Account;
        Hex(json, "id"u8, "req_"u8, draft.Id);
        Time(json, "time"u8, draft.TimeMs);
        json.WriteString("account"u8, account.Id);
        Optional(json, "organization"u8, account.Organization);
        Optional(json, "key"u8, draft.Key);
        Optional(json, "end_user"u8, draft.EndUser);
        json.WriteString("pathway"u8, account.Pathway);
        if (draft.Address is { Ip: { } ip, Carrier: { } carrier })
        {
            json.WriteString("ip"u8, ip);
            json.WriteNumber("asn"u8, carrier.Asn);
            json.WriteString("asn_org"u8, carrier.Name);
            json.WriteString("country"u8, carrier.Country);
        }

        Optional(json, "client"u8, draft.Client.UserAgent);
        Optional(json, "tls"u8, draft.Client.Tls);
        Optional(json, "headers"u8, draft.Client.Headers);
        json.WriteString("model"u8, draft.Model);
        Optional(json, "conversation"u8, draft.Conversation);
        if (draft.HasSystem) json.WriteString("system"u8, draft.System);
        Messages(json, draft);
        if (draft.Tools is { } tools)
        {
            json.WriteStartArray("tools"u8);
            foreach (var tool in tools) json.WriteStringValue(tool);
            json.WriteEndArray();
        }

        Parameters(json, draft.Settings);
        json.WriteStartObject("usage"u8);
        json.WriteNumber("input"u8, draft.InputTokens());
        json.WriteNumber("output"u8, draft.OutputTokens);
        if (draft.ReasoningTokens is { } reasoning) json.WriteNumber("reasoning"u8, reasoning);
        json.WriteEndObject();
        Optional(json, "stop"u8, draft.Stop);
        json.WriteNumber("status"u8, draft.Status);
        Optional(json, "reasoning_ref"u8, draft.ReasoningRef);
    }

    private static void Messages(Utf8JsonWriter json, Draft draft)
    {
        json.WriteStartArray("messages"u8);
        for (var i = 0; i < draft.Lines.Count; i++)
        {
            var line = draft.Lines[i];
            json.WriteStartObject();
            json.WriteString("role"u8, Role(line.Speaker));
            if (draft.HasImage && i == draft.Lines.Count - 1)
            {
                json.WriteStartArray("content"u8);
                json.WriteStartObject();
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, draft.TextOf(line));
                json.WriteEndObject();
                json.WriteStartObject();
                json.WriteString("type"u8, "image"u8);
                json.WriteEndObject();
                json.WriteEndArray();
            }
            else
            {
                json.WriteString("content"u8, draft.TextOf(line));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Parameters(Utf8JsonWriter json, Settings settings)
    {
        json.WriteStartObject("params"u8);
        if (settings.Temperature is { } temperature) json.WriteNumber("temperature"u8, temperature);
        if (settings.TopP is { } topP) json.WriteNumber("top_p"u8, topP);
        if (settings.MaxTokens is { } limit) json.WriteNumber("max_tokens"u8, limit);
        if (settings.Choices is { } choices) json.WriteNumber("n"u8, choices);
        if (settings.Logprobs is { } logprobs) json.WriteBoolean("logprobs"u8, logprobs);
        if (settings.Thinking is { } thinking) json.WriteBoolean("thinking"u8, thinking);
        if (settings.Stream is { } stream) json.WriteBoolean("stream"u8, stream);
        json.WriteEndObject();
    }
}
