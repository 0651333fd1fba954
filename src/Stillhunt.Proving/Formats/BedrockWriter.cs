using System.Globalization;
using System.Text.Json;
using Stillhunt.Proving.Chance;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Formats;

/// <summary>
/// AWS Bedrock's ModelInvocationLog: no address, no client, no key. An honest or hostile customer of one role is an accountId
/// with one identity; the account's own id stands as accountId, in twelve digits.
/// </summary>
internal sealed class BedrockWriter(Stream? stream) : JsonLines(stream)
{
    internal override TrafficWriter Another() => new BedrockWriter(null);

    /// <summary>The twelve digits that stand for an account, in the log as in the truth.</summary>
    public static string AccountId(string account) =>
        (100_000_000_000UL + Dice.Hash(account) % 899_999_999_999UL).ToString(CultureInfo.InvariantCulture);

    internal override string NameOf(Account account) => AccountId(account.Id);

    protected override void Write(Utf8JsonWriter json, Draft draft)
    {
        var account = AccountId(draft.Account.Id);
        var input = draft.InputTokens();
        json.WriteString("schemaType"u8, "ModelInvocationLog"u8);
        json.WriteString("schemaVersion"u8, "1.0"u8);
        Time(json, "timestamp"u8, draft.TimeMs);
        json.WriteString("accountId"u8, account);
        json.WriteStartObject("identity"u8);
        json.WriteString("arn"u8, $"arn:aws:iam::{account}:user/caller");
        json.WriteEndObject();
        json.WriteString("region"u8, "us-east-1"u8);
        Hex(json, "requestId"u8, ""u8, draft.Id);
        json.WriteString("operation"u8, "InvokeModel"u8);
        json.WriteString("modelId"u8, $"example.{draft.Model}-v1:0");
        if (draft.Status >= 400) json.WriteString("errorCode"u8, draft.Status switch { 429 => "ThrottlingException"u8, 403 => "AccessDeniedException"u8, 400 => "ValidationException"u8, _ => "ServiceUnavailableException"u8 });
        if (draft.EndUser is { } user)
        {
            json.WriteStartObject("requestMetadata"u8);
            json.WriteString("tenant"u8, user);
            json.WriteEndObject();
        }

        json.WriteStartObject("input"u8);
        json.WriteString("inputContentType"u8, "application/json"u8);
        Body(json, draft);
        json.WriteNumber("inputTokenCount"u8, input);
        json.WriteEndObject();
        if (draft.Status >= 400) return;
        json.WriteStartObject("output"u8);
        json.WriteString("outputContentType"u8, "application/json"u8);
        json.WriteStartObject("outputBodyJson"u8);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("model"u8, draft.Model);
        json.WriteString("stop_reason"u8, draft.Stop ?? "end_turn");
        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, input);
        json.WriteNumber("output_tokens"u8, draft.OutputTokens);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteNumber("outputTokenCount"u8, draft.OutputTokens);
        json.WriteEndObject();
    }

    private static void Body(Utf8JsonWriter json, Draft draft)
    {
        json.WriteStartObject("inputBodyJson"u8);
        json.WriteString("anthropic_version"u8, "bedrock-2023-05-31"u8);
        json.WriteNumber("max_tokens"u8, draft.Settings.MaxTokens ?? 4096);
        if (draft.Settings.Temperature is { } temperature) json.WriteNumber("temperature"u8, temperature);
        if (draft.Settings.TopP is { } topP) json.WriteNumber("top_p"u8, topP);
        if (draft.Settings.Thinking == true)
        {
            json.WriteStartObject("thinking"u8);
            json.WriteString("type"u8, "enabled"u8);
            json.WriteEndObject();
        }

        if (draft.HasSystem) json.WriteString("system"u8, draft.System);
        json.WriteStartArray("messages"u8);
        foreach (var line in draft.Lines)
        {
            json.WriteStartObject();
            // The Anthropic body carries tool results in user messages.
            json.WriteString("role"u8, line.Speaker == Speaker.Assistant ? "assistant"u8 : "user"u8);
            json.WriteStartArray("content"u8);
            json.WriteStartObject();
            if (line.Speaker == Speaker.Tool)
            {
                json.WriteString("type"u8, "tool_result"u8);
                json.WriteString("tool_use_id"u8, "toolu_1"u8);
                json.WriteString("content"u8, draft.TextOf(line));
            }
            else
            {
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, draft.TextOf(line));
            }

            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (draft.Tools is { } tools)
        {
            json.WriteStartArray("tools"u8);
            foreach (var tool in tools) json.WriteRawValue(tool);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
