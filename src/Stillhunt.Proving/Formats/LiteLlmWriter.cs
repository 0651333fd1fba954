using System.Text.Json;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Formats;

/// <summary>LiteLLM's StandardLoggingPayload: key, user and address are there; TLS, header order, country and reasoning handles are not.</summary>
internal sealed class LiteLlmWriter(Stream? stream) : JsonLines(stream)
{
    internal override TrafficWriter Another() => new LiteLlmWriter(null);

    protected override void Write(Utf8JsonWriter json, Draft draft)
    {
        var account = draft.Account;
        var input = draft.InputTokens();
        Hex(json, "id"u8, "chatcmpl-"u8, draft.Id);
        Optional(json, "trace_id"u8, draft.Conversation);
        json.WriteString("call_type"u8, "acompletion"u8);
        json.WriteString("status"u8, draft.Status < 400 ? "success"u8 : "failure"u8);
        json.WriteNumber("prompt_tokens"u8, input);
        json.WriteNumber("completion_tokens"u8, draft.OutputTokens);
        json.WriteNumber("total_tokens"u8, input + draft.OutputTokens);
        json.WriteNumber("startTime"u8, draft.TimeMs / 1000.0);
        json.WriteNumber("endTime"u8, draft.TimeMs / 1000.0 + 0.4 + draft.OutputTokens / 75.0);
        json.WriteString("model"u8, draft.Model);
        json.WriteStartObject("metadata"u8);
        Optional(json, "user_api_key_hash"u8, draft.Key);
        json.WriteString("user_api_key_user_id"u8, account.Id);
        Nullable(json, "user_api_key_org_id"u8, account.Organization);
        Nullable(json, "user_api_key_end_user_id"u8, draft.EndUser);
        Nullable(json, "requester_ip_address"u8, draft.Address.Ip);
        json.WriteEndObject();
        json.WriteString("end_user"u8, draft.EndUser ?? "");
        Nullable(json, "requester_ip_address"u8, draft.Address.Ip);
        Nullable(json, "user_agent"u8, draft.Client.UserAgent);
        json.WriteStartArray("messages"u8);
        if (draft.HasSystem)
        {
            json.WriteStartObject();
            json.WriteString("role"u8, "system"u8);
            json.WriteString("content"u8, draft.System);
            json.WriteEndObject();
        }

        foreach (var line in draft.Lines)
        {
            json.WriteStartObject();
            json.WriteString("role"u8, Role(line.Speaker));
            json.WriteString("content"u8, draft.TextOf(line));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Answered(json, draft, input);
        Parameters(json, draft);
    }

    private static void Answered(Utf8JsonWriter json, Draft draft, int input)
    {
        if (draft.Status >= 400)
        {
            json.WriteNull("response"u8);
            json.WriteString("error_str"u8, draft.Status == 429 ? "RateLimitError"u8 : "APIError"u8);
            json.WriteStartObject("error_information"u8);
            json.WriteString("error_code"u8, draft.Status.ToString(System.Globalization.CultureInfo.InvariantCulture));
            json.WriteEndObject();
            return;
        }

        json.WriteStartObject("response"u8);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        json.WriteString("finish_reason"u8, draft.Stop switch { "max_tokens" => "length"u8, "tool_use" => "tool_calls"u8, "refusal" => "content_filter"u8, _ => "stop"u8 });
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, input);
        json.WriteNumber("completion_tokens"u8, draft.OutputTokens);
        if (draft.ReasoningTokens is { } reasoning)
        {
            json.WriteStartObject("completion_tokens_details"u8);
            json.WriteNumber("reasoning_tokens"u8, reasoning);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteNull("error_str"u8);
    }

    private static void Parameters(Utf8JsonWriter json, Draft draft)
    {
        var settings = draft.Settings;
        json.WriteStartObject("model_parameters"u8);
        if (settings.Temperature is { } temperature) json.WriteNumber("temperature"u8, temperature);
        if (settings.TopP is { } topP) json.WriteNumber("top_p"u8, topP);
        if (settings.MaxTokens is { } limit) json.WriteNumber("max_tokens"u8, limit);
        if (settings.Choices is { } choices) json.WriteNumber("n"u8, choices);
        if (settings.Logprobs is { } logprobs) json.WriteBoolean("logprobs"u8, logprobs);
        if (settings.Stream is { } stream) json.WriteBoolean("stream"u8, stream);
        if (draft.Tools is { } tools)
        {
            json.WriteStartArray("tools"u8);
            foreach (var tool in tools) ToolSchema.WriteOpenAi(json, tool);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Nullable(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is null) json.WriteNull(name);
        else json.WriteString(name, value);
    }
}
