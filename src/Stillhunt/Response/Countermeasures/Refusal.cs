using System.Text.Json;

namespace Stillhunt.Response.Countermeasures;

/// <summary>Why a request is answered without the provider.</summary>
public enum RefusalKind
{
    /// <summary>The account has to pass a step-up check first.</summary>
    VerificationRequired,
    OnHold,
    Suspended,

    /// <summary>Requests of the hour are used up.</summary>
    RequestsUsedUp,

    /// <summary>Output tokens of the day are used up.</summary>
    TokensUsedUp,

    /// <summary>This endpoint is closed to an account under counter-measures.</summary>
    EndpointClosed,

    /// <summary>The body could not be read, and has to be.</summary>
    BadRequest,
    NoAccount,

    /// <summary>More than one API key stands in the headers, so that it is not clear whose request it is.</summary>
    SeveralKeys,
    TooLarge,

    /// <summary>No decision could be had, and the gateway fails closed.</summary>
    Undecided,
    UpstreamUnreachable,
    UpstreamTooSlow,
    UpstreamUnreadable,
    Unsupported,
}

/// <summary>
/// A refusal in the shape of errors that each API's clients know: status, a stable code, a sentence, and for what a customer can do something about where to do it.
/// It says nothing of evidence, campaigns or rules.
/// </summary>
/// <param name="Status">HTTP status. Clients of both families repeat 408, 409, 429 and 5xx by themselves, so a challenge is a 403.</param>
/// <param name="Code">Stable, for programs.</param>
public sealed record Refusal(int Status, string Code, string Message)
{
    public static Refusal Of(RefusalKind kind) => kind switch
    {
        RefusalKind.VerificationRequired => new(403, "verification_required", "This account has to be verified before it can send further requests."),
        RefusalKind.OnHold => new(403, "account_on_hold", "Requests of this account are on hold until a person has looked at it."),
        RefusalKind.Suspended => new(403, "account_suspended", "This account is suspended."),
        RefusalKind.RequestsUsedUp => new(429, "request_limit_reached", "This account has reached its limit of requests."),
        RefusalKind.TokensUsedUp => new(429, "output_limit_exceeded", "This account has used up its output tokens for today."),
        RefusalKind.EndpointClosed => new(403, "endpoint_not_available", "This endpoint is not available to this account."),
        RefusalKind.BadRequest => new(400, "unreadable_request", "The request could not be read: send one JSON object in UTF-8, without a byte order mark, as it is or packed with gzip or deflate."),
        RefusalKind.SeveralKeys => new(400, "several_keys", "The request names more than one API key: send one, in one header."),
        RefusalKind.NoAccount => new(401, "no_account", "The request names no account."),
        RefusalKind.TooLarge => new(413, "request_too_large", "The request is larger than is taken."),
        RefusalKind.Undecided => new(503, "not_decided", "Requests can't be decided at the moment; try again shortly."),
        RefusalKind.UpstreamUnreachable => new(502, "upstream_unreachable", "The model's server could not be reached."),
        RefusalKind.UpstreamTooSlow => new(504, "upstream_timeout", "The model's server did not answer in time."),
        RefusalKind.UpstreamUnreadable => new(502, "upstream_unreadable", "The model's answer could not be read."),
        _ => new(501, "not_supported", "This kind of request is not supported here."),
    };

    /// <summary>The body, for clients of <paramref name="api"/>; OpenAI's shape where none is known.</summary>
    /// <param name="help">Where the customer can act; null where there is no such place.</param>
    public byte[] Body(ModelApi? api, string? help)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            if (api == ModelApi.Messages) writer.WriteString("type", "error");
            writer.WriteStartObject("error");
            writer.WriteString("type", api == ModelApi.Messages ? AnthropicType : OpenAiType);
            writer.WriteString("message", help is null || !IsCustomers ? Message : $"{Message} {help}");
            if (api != ModelApi.Messages) writer.WriteNull("param");
            writer.WriteString("code", Code);
            if (IsCustomers)
            {
                writer.WriteStartObject("action");
                writer.WriteString("type", Status == 429 ? "wait" : Code == "verification_required" ? "verify" : "contact");
                if (help is not null) writer.WriteString("url", help);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return json.ToArray();
    }

    /// <summary>Whether the customer can do something about it.</summary>
    private bool IsCustomers => Status is 429 || Code is "verification_required" or "account_on_hold" or "account_suspended";

    private string AnthropicType => Status switch
    {
        400 => "invalid_request_error", 401 => "authentication_error", 403 => "permission_error", 413 => "request_too_large", 429 => "rate_limit_error", 504 => "timeout_error", 501 => "not_found_error", _ => "api_error",
    };

    private string OpenAiType => Status switch
    {
        400 or 401 or 413 or 501 => "invalid_request_error", 403 => "request_forbidden", 429 => Code == "request_limit_reached" ? "requests" : "tokens", _ => "server_error",
    };
}
