using System.Text.Json;
using Stillhunt.Ingest.Content;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>
/// Reads pairs <c>{time, account, request, response}</c> whose bodies are OpenAI's (chat, responses), Anthropic's or Gemini's, as they are or as the <c>body</c> of what
/// a proxy logs of a message (<c>{url, headers, body}</c>, <c>{status, body}</c>), and both also as text. Beside the bodies any field of
/// the native format may stand (ip, client, key, ...). Where the pair names no account, the body's own user is it.
/// </summary>
internal sealed class PairReader(ReadingOptions options) : RecordReader
{
    public static FormatSignature Signature { get; } = new(["request:body"], ["response:object", "response:array", "status", "account", "time"]);

    private readonly JsonScratch _scratch = new();

    public override ReadResult Read(JsonValue record, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        exchange.Clear();
        _scratch.Reset();
        JsonValue time = default, account = default, request = default, response = default;
        foreach (var property in record.Properties())
        {
            var value = property.Value;
            if (property.Is("time"u8) || property.Is("timestamp"u8)) time = value;
            else if (property.Is("account"u8)) account = value;
            else if (property.Is("request"u8)) request = value;
            else if (property.Is("response"u8)) response = value;
            else if (NativeFields.Find(property) is var field && !TakeNative(field, value, exchange)) sink.DroppedField(NativeFields.NameOf(field), position);
        }

        if (!FormatChoice.IsBody(request)) return ReadResult.NotMine("unknown-format");
        request = _scratch.Inside(request);
        if (!request.IsObject) sink.DroppedField("request", position); // Text that was cut: all but the prompt is known.
        var said = response;
        response = Inside(response);
        JsonValue path = default;
        if (Body(request) is { Exists: true } sent)
        {
            path = request.Get("url"u8);
            request = sent;
        }

        if (response.Get("body"u8) is { Type: not JsonTokenType.None } answer)
        {
            if (exchange.Status is null && response.Get("status"u8).TryGetLooseCount(out var status) && status is >= 100 and <= 599) exchange.Status = (int)status;
            said = answer;
            response = Inside(answer);
        }

        // Without a time of the request, the answer's is near enough; it is in whole seconds.
        if (!time.Exists) time = response.Get("created"u8) is { Exists: true } created ? created : response.Get("created_at"u8);
        if (!LogTime.TryRead(time, zoneIsUtc: false, out var milliseconds, out var why)) return ReadResult.Reject(why!, "time");
        if (OtherCall.IsPath(path) || OtherCall.IsAnswer(response)) return ReadResult.Done;
        exchange.TimeMs = milliseconds;

        var user = ModelRequest.Read(request, exchange);
        SetAccount(record, account, user, exchange);
        if (!exchange.Has(ExchangeField.Account)) return ReadResult.Reject("no-account", options.AccountField?.Text ?? "account");
        ModelResponse.Read(said.IsString && !ModelResponse.IsBody(response) ? said : response, exchange);
        if (!exchange.Has(ExchangeField.Model)) exchange.SetText(ExchangeField.Model, response.Get("modelVersion"u8)); // Gemini's requests name it in their URL.
        if (!exchange.Has(ExchangeField.Response)) exchange.Status ??= ErrorBody.StatusOf(response);
        sink.Accept(exchange, position);
        return ReadResult.Done;
    }

    /// <summary>The body of a message that is logged with its URL and headers; absent where the message is the body itself, as no API's has such a field.</summary>
    private JsonValue Body(JsonValue message) => _scratch.Inside(message.Get("body"u8)) is { IsObject: true } body ? body : default;

    /// <summary>What a text holds: a body, or the events of a stream.</summary>
    private JsonValue Inside(JsonValue response) => EventText.TryRead(response, _scratch, out var events) ? events : _scratch.Inside(response);

    /// <returns>False where it is of the wrong type.</returns>
    private static bool TakeNative(NativeField field, JsonValue value, Exchange exchange)
    {
        switch (field)
        {
            case NativeField.Status:
                exchange.Status = value.TryGetCount(out var status) && status <= 999 ? (int)status : null;
                return exchange.Status is not null || !value.Exists;
            case NativeField.Asn:
                return exchange.SetAsn(value);
            case NativeField.Id:
                return exchange.SetText(ExchangeField.Id, value, numbers: true);
            default:
                return field < NativeField.Organization || exchange.SetText(NativeFields.TextOf(field), value);
        }
    }

    private void SetAccount(JsonValue record, JsonValue account, RequestUser user, Exchange exchange)
    {
        if (options.AccountField is { } path) account = path.Find(record);
        exchange.SetText(ExchangeField.Account, account, numbers: true);
        var field = exchange.Has(ExchangeField.Account) || options.AccountField is not null ? ExchangeField.EndUser : ExchangeField.Account;
        if (exchange.Has(field)) return;
        if (user.MetadataUser.IsString) CompoundUser.Set(user.MetadataUser, field, exchange, _scratch);
        if (!exchange.Has(field)) exchange.SetText(field, user.OpenAi);
    }
}
