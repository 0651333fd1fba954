using Stillhunt.Ingest.Content;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>Reads LiteLLM's StandardLoggingPayload, as its callbacks write it. Answers from the cache never reached a model and are refused as such.</summary>
internal sealed class LiteLlmReader(ReadingOptions options) : RecordReader
{
    public static FormatSignature Signature { get; } = new(
        ["startTime"], ["metadata"], ["id", "litellm_call_id", "trace_id"],
        ["call_type", "model_parameters", "modelParameters", "hidden_params", "response_cost", "litellm_call_id", "messages"],
        ["status", "messages", "response_cost", "cache_hit", "call_type"]);

    private readonly JsonScratch _scratch = new();

    public override ReadResult Read(JsonValue record, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        exchange.Clear();
        _scratch.Reset();
        JsonValue id = default, callId = default, time = default, metadata = default, messages = default, response = default, parameters = default;
        JsonValue status = default, error = default, endUser = default, ip = default, client = default, call = default, cached = default;
        foreach (var property in record.Properties())
        {
            var value = property.Value;
            if (property.Is("id"u8)) id = value;
            else if (property.Is("litellm_call_id"u8)) callId = value;
            else if (property.Is("call_type"u8)) call = value;
            else if (property.Is("startTime"u8)) time = value;
            else if (property.Is("cache_hit"u8)) cached = value;
            else if (property.Is("metadata"u8)) metadata = value;
            else if (property.Is("messages"u8)) messages = value;
            else if (property.Is("response"u8)) response = value;
            else if (property.Is("model_parameters"u8)) parameters = value;
            else if (property.Is("status"u8)) status = value;
            else if (property.Is("error_information"u8)) error = value;
            else if (property.Is("end_user"u8)) endUser = value;
            else if (property.Is("requester_ip_address"u8)) ip = value;
            else if (property.Is("user_agent"u8)) client = value;
            else if (property.Is("session_id"u8)) exchange.SetText(ExchangeField.Conversation, value);
            else if (property.Is("model"u8)) exchange.SetText(ExchangeField.Model, value);
            else if (property.Is("stream"u8) && value.IsBool) exchange.Stream = value.IsTrue;
            else TokenUsage.Take(property, exchange);
        }

        if (metadata.IsString && metadata.Raw.StartsWith("{'"u8)) return ReadResult.Reject("python-text", "metadata"); // The old v1 body: str() of everything.
        metadata = _scratch.Inside(metadata);
        if (!metadata.IsObject && !time.Exists) return ReadResult.NotMine("unknown-format");
        if (!LogTime.TryRead(time, zoneIsUtc: true, out var milliseconds, out var why)) return ReadResult.Reject(why!, "startTime");
        if (OtherCall.IsType(call)) return ReadResult.Done;
        exchange.TimeMs = milliseconds;

        var identity = default(LiteLlmIdentity);
        foreach (var property in metadata.Properties())
        {
            identity.TakeMetadata(property);
            var value = property.Value;
            if (property.Is("user_api_key_end_user_id"u8)) endUser = IsText(endUser) ? endUser : value;
            else if (property.Is("requester_ip_address"u8)) ip = IsText(ip) ? ip : value;
            else if (property.Is("user_agent"u8)) client = IsText(client) ? client : value;
            else if (property.Is("requester_metadata"u8)) CompoundUser.Set(value.Get("user_id"u8), ExchangeField.EndUser, exchange, _scratch);
            else if (property.Is("usage_object"u8)) TokenUsage.Take(value, exchange);
        }

        if (identity.IsInternal) return ReadResult.Reject("internal-call", "metadata");
        identity.Set(exchange);
        if (options.AccountField is { } path) exchange.SetText(ExchangeField.Account, path.Find(record), numbers: true);
        if (!exchange.Has(ExchangeField.Account)) return ReadResult.Reject("no-account", options.AccountField?.Text ?? "metadata.user_api_key_user_id");
        if (LiteLlmStatus.IsCached(cached)) return ReadResult.Reject("cached-answer", "cache_hit");

        if (IsText(endUser)) exchange.SetText(ExchangeField.EndUser, endUser);
        exchange.SetText(ExchangeField.Id, IsText(id) ? id : callId);
        exchange.SetText(ExchangeField.Ip, ip);
        exchange.SetText(ExchangeField.Client, client);
        exchange.Status = LiteLlmStatus.Of(status, error);
        ReadParameters(parameters, exchange);
        AddPrompt(messages, exchange);
        ReadTools(parameters, exchange);
        ModelResponse.Read(response, exchange);
        sink.Accept(exchange, position);
        return ReadResult.Done;
    }

    private static void ReadParameters(JsonValue parameters, Exchange exchange)
    {
        ModelRequest.TakeParameters(parameters, exchange);
        PromptContent.AddSystem(parameters.Get("system"u8), exchange);
        PromptContent.AddSystem(parameters.Get("instructions"u8), exchange);
    }

    private static void ReadTools(JsonValue parameters, Exchange exchange)
    {
        var tools = parameters.Get("tools"u8);
        ToolDefinitions.Add(tools.IsArray ? tools : parameters.Get("functions"u8), exchange);
    }

    /// <summary>A list, one message, or a string: a prompt, or the placeholder of redaction, which is no text.</summary>
    private static void AddPrompt(JsonValue messages, Exchange exchange)
    {
        if (messages.IsString) PromptContent.AddContent(messages, PartRole.User, exchange);
        else PromptContent.AddMessages(messages, exchange);
    }

    private static bool IsText(JsonValue value) => value.IsString && !value.Raw.IsEmpty;
}

/// <summary>LiteLLM says success or failure, and the code of a failure elsewhere.</summary>
internal static class LiteLlmStatus
{
    public static int? Of(JsonValue status, JsonValue error)
    {
        if (status.Is("success"u8)) return 200;
        if (error.Get("error_code"u8).TryGetLooseCount(out var code) && code is >= 400 and <= 599) return (int)code;
        return status.Is("failure"u8) ? 500 : null;
    }

    /// <summary>Whether the answer came from the proxy's cache; the table writes it as Python's text.</summary>
    public static bool IsCached(JsonValue hit) => hit.IsTrue || hit.Is("True"u8) || hit.Is("true"u8);
}
