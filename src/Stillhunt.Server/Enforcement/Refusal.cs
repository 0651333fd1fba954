using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Stillhunt.Response;
using Stillhunt.Response.Countermeasures;

namespace Stillhunt.Server.Enforcement;

/// <summary>
/// Why a request is not let through, as its sender may read it. Campaign, rule and evidence are never part of it: they would tell an operator what was seen.
/// </summary>
/// <param name="Status">As an HTTP gateway answers: 400, 401, 403 or 429.</param>
/// <param name="Code">Stable; a client can act on it.</param>
/// <param name="Message">One sentence for people.</param>
internal sealed record Refusal(int Status, string Code, string Message)
{
    /// <summary>Nobody is named, so nothing can be decided: the gateway is to know its customer before it asks.</summary>
    public static readonly Refusal Unnamed = Known(RefusalKind.NoAccount);

    private static readonly Refusal Unverified = Known(RefusalKind.VerificationRequired), OnHold = Known(RefusalKind.OnHold), Suspended = Known(RefusalKind.Suspended);

    /// <summary>Whole seconds after which the same request may succeed; null where waiting does not help.</summary>
    public int? RetrySeconds { get; init; }

    /// <summary>What the gateway itself asks cannot be read; a sender who can bring that about must not be let through by it.</summary>
    public static Refusal Unreadable(string why) => Known(RefusalKind.BadRequest) with { Message = why };

    /// <summary>What an action means for the request itself; null where it lets the request through.</summary>
    public static Refusal? Of(ResponseAction action) => action switch
    {
        ResponseAction.Verify => Unverified,
        ResponseAction.Hold => OnHold,
        ResponseAction.Suspend => Suspended,
        _ => null,
    };

    public static Refusal OverLimit(TimeSpan wait) =>
        Known(RefusalKind.RequestsUsedUp) with { RetrySeconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) };

    public static Refusal TokensUsedUp(TimeSpan wait) =>
        Known(RefusalKind.TokensUsedUp) with { RetrySeconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) };

    /// <summary>Status, code and sentence are those that the gateway gives for the same reason.</summary>
    private static Refusal Known(RefusalKind kind)
    {
        var (status, code, message) = Response.Countermeasures.Refusal.Of(kind);
        return new Refusal(status, code, message);
    }

    /// <summary>An error body that clients of OpenAI's and of Anthropic's interface both understand.</summary>
    public void WriteBody(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "error"u8);
        writer.WriteStartObject("error"u8);
        writer.WriteString("type"u8, Status switch { 400 => "invalid_request_error", 401 => "authentication_error", 429 => "rate_limit_error", _ => "permission_error" });
        writer.WriteString("code"u8, Code);
        writer.WriteString("message"u8, Message);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
