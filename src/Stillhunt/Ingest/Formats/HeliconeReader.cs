using Stillhunt.Ingest.Content;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>
/// Reads Helicone's request rows. <c>helicone_user</c> is the account where it varies; where the whole log holds one (an export of one customer) the
/// caller is <c>request_user_id</c>. Answers from the cache never reached the model and are refused as such.
/// </summary>
internal sealed class HeliconeReader(ReadingOptions options) : RecordReader
{
    public static FormatSignature Signature { get; } = new(["request_created_at"], ["request_id"], ["request_body", "response_status", "request_user_id", "helicone_user", "request_path"]);

    private readonly JsonScratch _scratch = new();

    public override ReadResult Read(JsonValue record, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        exchange.Clear();
        _scratch.Reset();
        JsonValue time = default, owner = default, user = default, request = default, response = default, status = default, cached = default;
        JsonValue requestModel = default, model = default, properties = default, input = default, output = default, reasoning = default, path = default;
        foreach (var property in record.Properties())
        {
            var value = property.Value;
            if (property.Is("request_created_at"u8)) time = value;
            else if (property.Is("request_id"u8)) exchange.SetText(ExchangeField.Id, value);
            else if (property.Is("helicone_user"u8)) owner = value;
            else if (property.Is("request_user_id"u8)) user = value;
            else if (property.Is("request_path"u8)) path = value;
            else if (property.Is("request_body"u8)) request = value;
            else if (property.Is("response_body"u8)) response = value;
            else if (property.Is("response_status"u8)) status = value;
            else if (property.Is("cache_reference_id"u8)) cached = value;
            else if (property.Is("request_model"u8)) requestModel = value;
            else if (property.Is("model"u8)) model = value;
            else if (property.Is("country_code"u8)) exchange.SetText(ExchangeField.Country, value);
            else if (property.Is("request_properties"u8) || property.Is("properties"u8)) properties = value.IsObject ? value : properties;
            else if (property.Is("prompt_tokens"u8)) input = value;
            else if (property.Is("completion_tokens"u8)) output = value;
            else if (property.Is("reasoning_tokens"u8)) reasoning = value;
        }

        if (!time.Exists && !exchange.Has(ExchangeField.Id)) return ReadResult.NotMine("unknown-format");
        if (!LogTime.TryRead(time, zoneIsUtc: true, out var milliseconds, out var why)) return ReadResult.Reject(why!, "request_created_at");
        if (OtherCall.IsPath(path)) return ReadResult.Done;
        exchange.TimeMs = milliseconds;
        SetAccount(record, owner, user, exchange);
        if (!exchange.Has(ExchangeField.Account)) return ReadResult.Reject("no-account", options.AccountField?.Text ?? "request_user_id");
        if (cached.IsString && cached.Raw.IndexOfAnyExcept("0-"u8) >= 0) return ReadResult.Reject("cached-answer", "cache_reference_id");

        exchange.SetText(ExchangeField.Conversation, properties.Get("Helicone-Session-Id"u8));
        // 0 is unknown, a negative code is Helicone's own for a call that failed.
        if (status.TryGetLooseCount(out var code)) exchange.Status = code is >= 100 and <= 599 ? (int)code : null;
        else if (status.TryGetDouble(out var own) && own < 0) exchange.Status = 500;
        ModelRequest.Read(_scratch.Inside(request), exchange);
        ModelResponse.Read(_scratch.Inside(response), exchange);
        if (!exchange.Has(ExchangeField.Model)) exchange.SetText(ExchangeField.Model, requestModel.IsString ? requestModel : model);
        if (input.TryGetLooseCount(out var tokens)) exchange.InputTokens = tokens;
        if (output.TryGetLooseCount(out tokens)) exchange.OutputTokens = tokens;
        if (reasoning.TryGetLooseCount(out tokens)) exchange.ReasoningTokens = tokens;
        sink.Accept(exchange, position);
        return ReadResult.Done;
    }

    private void SetAccount(JsonValue record, JsonValue owner, JsonValue user, Exchange exchange)
    {
        if (options.AccountField is { } path)
        {
            exchange.SetText(ExchangeField.Account, path.Find(record), numbers: true);
            return;
        }

        var ownerFirst = options.HeliconeOwnersVary && owner.IsString && !owner.Raw.IsEmpty;
        exchange.SetText(ExchangeField.Account, ownerFirst ? owner : user, numbers: true);
        if (!exchange.Has(ExchangeField.Account)) exchange.SetText(ExchangeField.Account, owner, numbers: true);
        if (ownerFirst) exchange.SetText(ExchangeField.EndUser, user);
    }
}
