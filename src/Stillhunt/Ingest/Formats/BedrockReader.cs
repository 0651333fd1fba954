using Stillhunt.Ingest.Content;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>
/// Reads AWS Bedrock's ModelInvocationLog: bodies of any dialect inline, as JSON text, as the array of a stream's events, or left in S3 (then
/// there is no content). Which identity is the account was decided for the whole log before.
/// </summary>
internal sealed class BedrockReader(ReadingOptions options) : RecordReader
{
    public static FormatSignature Signature { get; } = new(["modelId"], ["timestamp"], ["accountId", "identity"], ["input", "output", "operation", "schemaType"]);

    private readonly JsonScratch _scratch = new();

    public override ReadResult Read(JsonValue record, Exchange exchange, IExchangeSink sink, LogPosition position)
    {
        exchange.Clear();
        _scratch.Reset();
        JsonValue time = default, account = default, identity = default, input = default, output = default, model = default, error = default, operation = default;
        foreach (var property in record.Properties())
        {
            var value = property.Value;
            if (property.Is("timestamp"u8)) time = value;
            else if (property.Is("requestId"u8)) exchange.SetText(ExchangeField.Id, value);
            else if (property.Is("accountId"u8)) account = value;
            else if (property.Is("identity"u8)) identity = value;
            else if (property.Is("modelId"u8)) model = value;
            else if (property.Is("operation"u8)) operation = value;
            else if (property.Is("errorCode"u8)) error = value;
            else if (property.Is("input"u8)) input = value;
            else if (property.Is("output"u8)) output = value;
        }

        if (!model.IsString && !identity.Exists && !account.Exists) return ReadResult.NotMine("unknown-format");
        if (!LogTime.TryRead(time, zoneIsUtc: true, out var milliseconds, out var why)) return ReadResult.Reject(why!, "timestamp");
        if (OtherCall.IsModel(model)) return ReadResult.Done;
        exchange.TimeMs = milliseconds;
        SetAccount(record, account, identity, exchange);
        if (!exchange.Has(ExchangeField.Account)) return ReadResult.Reject("no-account", options.AccountField?.Text ?? "accountId");

        exchange.Set(ExchangeField.Pathway, "bedrock"u8);
        exchange.Status = error.IsString ? StatusOf(error) : 200;
        ReadInput(input, exchange);
        ReadOutput(output, exchange);
        SetModel(model, exchange);
        if (operation.IsString) exchange.Stream = operation.Raw.EndsWith("Stream"u8);
        sink.Accept(exchange, position);
        return ReadResult.Done;
    }

    private void SetAccount(JsonValue record, JsonValue account, JsonValue identity, Exchange exchange)
    {
        if (options.AccountField is { } path)
        {
            exchange.SetText(ExchangeField.Account, path.Find(record), numbers: true);
            return;
        }

        var arn = identity.Get("arn"u8);
        if (options.Bedrock == BedrockIdentity.AccountId || !arn.IsString || arn.Raw.IsEmpty)
        {
            exchange.SetText(ExchangeField.Account, account, numbers: true);
            if (!exchange.Has(ExchangeField.Account)) exchange.SetText(ExchangeField.Account, arn);
            else if (arn.IsString) exchange.SetText(ExchangeField.Key, arn); // Inside an account, the caller's credential.
            return;
        }

        exchange.SetText(ExchangeField.Account, arn);
        if (options.Bedrock != BedrockIdentity.ArnWithoutSession) return;
        var text = exchange[ExchangeField.Account];
        var stable = BedrockArn.WithoutSession(text).Length;
        Span<byte> copy = stackalloc byte[Math.Min(stable, 2048)]; // An ARN has at most 2,048 characters.
        text[..copy.Length].CopyTo(copy);
        exchange.Set(ExchangeField.Account, copy);
    }

    private void ReadInput(JsonValue input, Exchange exchange)
    {
        var body = default(JsonValue);
        foreach (var property in input.Properties())
        {
            if (property.Is("inputBodyJson"u8)) body = property.Value;
            else TokenUsage.Take(property, exchange);
        }

        var user = ModelRequest.Read(_scratch.Inside(body), exchange);
        CompoundUser.Set(user.MetadataUser, ExchangeField.EndUser, exchange, _scratch);
        exchange.Unset(ExchangeField.Model);
    }

    private void ReadOutput(JsonValue output, Exchange exchange)
    {
        JsonValue body = default, count = default;
        foreach (var property in output.Properties())
        {
            if (property.Is("outputBodyJson"u8)) body = property.Value;
            else if (property.Is("outputTokenCount"u8)) count = property.Value;
        }

        ModelResponse.Read(_scratch.Inside(body), exchange);
        if (count.TryGetLooseCount(out var tokens)) exchange.OutputTokens = tokens;
    }

    /// <summary>A bare id, a profile of a region group (<c>us.</c>, <c>global.</c>) or an ARN; all of one model get one name.</summary>
    private static void SetModel(JsonValue model, Exchange exchange)
    {
        exchange.SetText(ExchangeField.Model, model);
        var text = exchange[ExchangeField.Model];
        var name = text[(text.LastIndexOf((byte)'/') + 1)..];
        foreach (var group in RegionGroups)
        {
            if (name.Length > group.Length && name.StartsWith(group)) name = name[group.Length..];
        }

        if (name.IsEmpty || name.Length == text.Length || name.Length > 512) return;
        Span<byte> copy = stackalloc byte[name.Length];
        name.CopyTo(copy);
        exchange.Set(ExchangeField.Model, copy);
    }

    private static readonly byte[][] RegionGroups =
        [.. new[] { "us.", "eu.", "apac.", "global.", "us-gov.", "jp.", "au.", "ca." }.Select(System.Text.Encoding.ASCII.GetBytes)];

    private static int StatusOf(JsonValue error)
    {
        if (error.Raw.IndexOf("Throttling"u8) >= 0 || error.Raw.IndexOf("Quota"u8) >= 0) return 429;
        if (error.Raw.IndexOf("AccessDenied"u8) >= 0) return 403;
        if (error.Raw.IndexOf("NotFound"u8) >= 0) return 404;
        if (error.Raw.IndexOf("Timeout"u8) >= 0) return 408;
        return error.Raw.IndexOf("Validation"u8) >= 0 ? 400 : 500;
    }
}
