using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Stillhunt.Response;

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
    public static readonly Refusal Unnamed = new(StatusCodes.Status401Unauthorized, "no_account", "The request names no account.");

    private static readonly Refusal Unverified = new(StatusCodes.Status403Forbidden, "verification_required", "This account has to be verified before further requests are answered.");

    private static readonly Refusal OnHold = new(StatusCodes.Status403Forbidden, "account_on_hold", "Requests of this account wait for a review. Contact support.");

    private static readonly Refusal Suspended = new(StatusCodes.Status403Forbidden, "account_suspended", "This account is suspended. Contact support.");

    /// <summary>Whole seconds after which the same request may succeed; null where waiting does not help.</summary>
    public int? RetrySeconds { get; init; }

    /// <summary>What the gateway itself asks cannot be read; a sender who can bring that about must not be let through by it.</summary>
    public static Refusal Unreadable(string why) => new(StatusCodes.Status400BadRequest, "unreadable_request", why);

    /// <summary>What an action means for the request itself; null where it lets the request through.</summary>
    public static Refusal? Of(ResponseAction action) => action switch
    {
        ResponseAction.Verify => Unverified,
        ResponseAction.Hold => OnHold,
        ResponseAction.Suspend => Suspended,
        _ => null,
    };

    public static Refusal OverLimit(TimeSpan wait) =>
        new(StatusCodes.Status429TooManyRequests, "request_limit_reached", "This account has reached its limit of requests.") { RetrySeconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) };

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
