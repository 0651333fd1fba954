using Stillhunt.Ingest.Content;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>
/// Reads rows of LiteLLM's SpendLogs table. An empty object in place of messages means that content is off; with it on, the prompt is
/// often only in <c>proxy_server_request</c>. JSON columns may be exported as text, and times without zone are UTC. Answers from the cache are refused as such.
/// </summary>
internal sealed class SpendLogsReader(ReadingOptions options) : RecordReader
{
    public static FormatSignature Signature { get; } = new(["request_id"], ["startTime"], ["api_key", "spend"], ["call_type", "proxy_server_request", "metadata"]);

    private readonly JsonScratch _scratch = new();

    public override ReadResult Read(JsonValue record, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        exchange.Clear();
        _scratch.Reset();
        JsonValue time = default, metadata = default, messages = default, response = default, request = default, status = default, endUser = default;
        JsonValue model = default, ip = default, prompt = default, completion = default, call = default, cached = default;
        var identity = default(LiteLlmIdentity);
        foreach (var property in record.Properties())
        {
            var value = property.Value;
            if (property.Is("request_id"u8)) exchange.SetText(ExchangeField.Id, value);
            else if (property.Is("call_type"u8)) call = value;
            else if (property.Is("startTime"u8)) time = value;
            else if (property.Is("cache_hit"u8)) cached = value;
            else if (property.Is("user"u8)) identity.User = value;
            else if (property.Is("team_id"u8)) identity.Team = value;
            else if (property.Is("organization_id"u8)) identity.Organization = value;
            else if (property.Is("api_key"u8)) identity.Key = value;
            else if (property.Is("metadata"u8)) metadata = value;
            else if (property.Is("messages"u8)) messages = value;
            else if (property.Is("response"u8)) response = value;
            else if (property.Is("proxy_server_request"u8)) request = value;
            else if (property.Is("status"u8)) status = value;
            else if (property.Is("end_user"u8)) endUser = value;
            else if (property.Is("model"u8)) model = value;
            else if (property.Is("requester_ip_address"u8)) ip = value;
            else if (property.Is("session_id"u8)) exchange.SetText(ExchangeField.Conversation, value);
            else if (property.Is("prompt_tokens"u8)) prompt = value;
            else if (property.Is("completion_tokens"u8)) completion = value;
        }

        if (!time.Exists && !exchange.Has(ExchangeField.Id)) return ReadResult.NotMine("unknown-format");
        if (!LogTime.TryRead(time, zoneIsUtc: true, out var milliseconds, out var why)) return ReadResult.Reject(why!, "startTime");
        if (OtherCall.IsType(call)) return ReadResult.Done;
        exchange.TimeMs = milliseconds;
        metadata = _scratch.Inside(metadata);
        foreach (var property in metadata.Properties())
        {
            identity.TakeMetadata(property);
            if (property.Is("requester_ip_address"u8) && !IsText(ip)) ip = property.Value;
            else if (property.Is("user_agent"u8)) exchange.SetText(ExchangeField.Client, property.Value);
            else if (property.Is("status"u8) && !IsText(status)) status = property.Value;
        }

        if (identity.IsInternal) return ReadResult.Reject("internal-call", "user");
        identity.Set(exchange);
        if (options.AccountField is { } path) exchange.SetText(ExchangeField.Account, path.Find(record), numbers: true);
        if (!exchange.Has(ExchangeField.Account)) return ReadResult.Reject("no-account", options.AccountField?.Text ?? "user");
        if (LiteLlmStatus.IsCached(cached)) return ReadResult.Reject("cached-answer", "cache_hit");

        if (IsText(endUser)) exchange.SetText(ExchangeField.EndUser, endUser);
        exchange.SetText(ExchangeField.Ip, ip);
        exchange.Status = LiteLlmStatus.Of(status, metadata.Get("error_information"u8));
        ReadContent(_scratch.Inside(messages), _scratch.Inside(request), exchange);
        ModelResponse.Read(_scratch.Inside(response), exchange);
        if (IsText(model)) exchange.SetText(ExchangeField.Model, model); // What was billed, not the alias that was asked for.
        if (prompt.TryGetLooseCount(out var input)) exchange.InputTokens = input;
        if (completion.TryGetLooseCount(out var output)) exchange.OutputTokens = output;
        sink.Accept(exchange, position);
        return ReadResult.Done;
    }

    private void ReadContent(JsonValue messages, JsonValue request, Exchange exchange)
    {
        // The request as the proxy got it, or a wrapper around it with address and headers.
        var client = request.Get("headers"u8).Get("user-agent"u8);
        if (IsText(client)) exchange.SetText(ExchangeField.Client, client);
        var body = _scratch.Inside(request.Get("body"u8));
        var user = ModelRequest.Read(body.IsObject ? body : request, exchange);
        if (!exchange.Has(ExchangeField.EndUser)) CompoundUser.Set(user.MetadataUser, ExchangeField.EndUser, exchange, _scratch);
        if (exchange.HasPrompt) return;
        if (messages.IsString) PromptContent.AddContent(messages, PartRole.User, exchange);
        else if (messages.IsArray) PromptContent.AddMessages(messages, exchange);
    }

    private static bool IsText(JsonValue value) => value.IsString && !value.Raw.IsEmpty;
}
