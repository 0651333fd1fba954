using Stillhunt.Ingest.Formats;

namespace Stillhunt.Ingest;

/// <summary>How well a format fits a log.</summary>
/// <param name="Format">The format.</param>
/// <param name="Share">Share of the records that are of it.</param>
/// <param name="Fit">Share of its signature that the nearest record has.</param>
/// <param name="Missing">What the nearest record lacks.</param>
public sealed record FormatScore(LogFormat Format, double Share, double Fit, IReadOnlyList<string> Missing);

/// <summary>The formats that are read, and how a record is told to be of one.</summary>
public static class LogFormats
{
    public static LogFormat Native { get; } = new(
        "native",
        "Stillhunt's own format: one JSON object an exchange; only time and account are required.",
        """{"id":"x1","time":"2026-02-01T12:00:00Z","account":"acct-1","ip":"203.0.113.7","model":"m-1","system":"Answer briefly.","messages":[{"role":"user","content":"Name a river."}],"params":{"max_tokens":64},"usage":{"input":12,"output":3},"response":"The Elbe.","status":200}""",
        "account",
        new FormatSignature(["time"], ["account"]),
        options => new NativeReader(options));

    public static LogFormat LiteLlm { get; } = new(
        "litellm",
        "LiteLLM's StandardLoggingPayload, as its callbacks (generic_api, S3, file) write it.",
        """{"id":"c-1","call_type":"acompletion","status":"success","startTime":1769940000.5,"model":"m-1","prompt_tokens":9,"completion_tokens":4,"metadata":{"user_api_key_user_id":"u-1","user_api_key_hash":"9f2c"},"requester_ip_address":"203.0.113.7","messages":[{"role":"user","content":"Name a river."}],"response":{"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":"The Elbe."}}]},"model_parameters":{"max_tokens":64}}""",
        "metadata.user_api_key_user_id, else team, organisation, key hash; default_user_id counts as absent",
        LiteLlmReader.Signature,
        options => new LiteLlmReader(options));

    public static LogFormat SpendLogs { get; } = new(
        "litellm-spendlogs",
        "Rows of LiteLLM's SpendLogs table.",
        """{"request_id":"c-1","call_type":"acompletion","api_key":"9f2c","spend":0.01,"startTime":"2026-02-01T10:00:00Z","model":"m-1","user":"u-1","prompt_tokens":9,"completion_tokens":4,"status":"success","messages":{},"response":{},"metadata":{},"proxy_server_request":{"messages":[{"role":"user","content":"Name a river."}]}}""",
        "user, else team, organisation, key hash; default_user_id counts as absent",
        SpendLogsReader.Signature,
        options => new SpendLogsReader(options));

    public static LogFormat Bedrock { get; } = new(
        "bedrock",
        "AWS Bedrock's ModelInvocationLog from S3 or CloudWatch.",
        """{"schemaType":"ModelInvocationLog","schemaVersion":"1.0","timestamp":"2026-02-01T10:00:00Z","accountId":"111122223333","identity":{"arn":"arn:aws:iam::111122223333:user/u-1"},"requestId":"r-1","operation":"Converse","modelId":"example.m-1","input":{"inputBodyJson":{"messages":[{"role":"user","content":[{"text":"Name a river."}]}]},"inputTokenCount":9},"output":{"outputBodyJson":{"output":{"message":{"role":"assistant","content":[{"text":"The Elbe."}]}},"stopReason":"end_turn"},"outputTokenCount":4}}""",
        "accountId, or identity.arn where the whole log holds one accountId",
        BedrockReader.Signature,
        options => new BedrockReader(options));

    public static LogFormat Otlp { get; } = new(
        "otlp",
        "OpenTelemetry traces and logs as OTLP/JSON with the GenAI conventions, current and legacy.",
        """{"resourceSpans":[{"resource":{"attributes":[]},"scopeSpans":[{"spans":[{"traceId":"5b8e","spanId":"eee1","startTimeUnixNano":"1769940000125000000","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},{"key":"gen_ai.request.model","value":{"stringValue":"m-1"}},{"key":"user.id","value":{"stringValue":"u-1"}},{"key":"gen_ai.input.messages","value":{"stringValue":"[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Name a river.\"}]}]"}}]}]}]}]}""",
        "user.id, else enduser.id, enduser.pseudo.id, user.hash; with --account-field any span or resource attribute",
        OtlpReader.Signature,
        options => new OtlpReader(options));

    public static LogFormat Langfuse { get; } = new(
        "langfuse",
        "Langfuse observations of type GENERATION, from the API or an export.",
        """{"id":"o-1","traceId":"t-1","type":"GENERATION","startTime":"2026-02-01T10:00:00Z","userId":"u-1","sessionId":"s-1","providedModelName":"m-1","input":"[{\"role\":\"user\",\"content\":\"Name a river.\"}]","output":"{\"role\":\"assistant\",\"content\":\"The Elbe.\"}","usageDetails":{"input":9,"output":4}}""",
        "userId",
        LangfuseReader.Signature,
        options => new LangfuseReader(options));

    public static LogFormat Helicone { get; } = new(
        "helicone",
        "Helicone's request rows, from the API or an export.",
        """{"request_id":"q-1","request_created_at":"2026-02-01T10:00:00Z","request_user_id":"u-1","response_status":200,"request_model":"m-1","request_body":{"messages":[{"role":"user","content":"Name a river."}]},"response_body":{"choices":[{"message":{"role":"assistant","content":"The Elbe."}}]},"prompt_tokens":9,"completion_tokens":4}""",
        "helicone_user where it varies, else request_user_id",
        HeliconeReader.Signature,
        options => new HeliconeReader(options));

    public static LogFormat Pairs { get; } = new(
        "pairs",
        "Requests and responses of the OpenAI (chat, responses), Anthropic or Gemini API, as they are, with time and account beside them.",
        """{"time":"2026-02-01T10:00:00Z","account":"acct-1","request":{"model":"m-1","max_tokens":64,"messages":[{"role":"user","content":"Name a river."}]},"response":{"type":"message","role":"assistant","content":[{"type":"text","text":"The Elbe."}],"stop_reason":"end_turn","usage":{"input_tokens":9,"output_tokens":4}}}""",
        "account; where it is absent, the body's metadata.user_id, safety_identifier or user",
        PairReader.Signature,
        options => new PairReader(options));

    /// <summary>All formats; where a record has the signatures of several and not what the native format requires, the first of them reads it.</summary>
    public static IReadOnlyList<LogFormat> All { get; } = [Otlp, Bedrock, SpendLogs, LiteLlm, Langfuse, Helicone, Pairs, Native];

    /// <summary>The format of that name, or null.</summary>
    public static LogFormat? Find(string name) => All.FirstOrDefault(format => format.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// How well each format fits the first records of a log, best first: the share of records that are of it, then how much of its signature the
    /// nearest record has. Malformed records count for none.
    /// </summary>
    public static IReadOnlyList<FormatScore> Detect(IEnumerable<ReadOnlyMemory<byte>> firstRecords)
    {
        ArgumentNullException.ThrowIfNull(firstRecords);
        var nearest = new NearestFormat();
        foreach (var record in firstRecords) nearest.Look(record.Span);
        return nearest.Scores();
    }
}
