using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Stillhunt.Server.Endpoints;

namespace Stillhunt.Server.Enforcement;

/// <summary>
/// The body in which a gateway repeats a customer's request. What makes it unreadable may have come from the customer, so it counts as a reason to refuse and never as a fault of
/// this server, which a gateway that fails open would let through.
/// </summary>
internal static class GatewayBody
{
    /// <summary>Levels of JSON that are read, as in intake; what nests deeper is refused.</summary>
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    /// <summary>
    /// What <paramref name="of"/> makes of the body, or what <paramref name="refused"/> makes of its refusal; null where the connection itself failed and was answered already.
    /// </summary>
    public static async ValueTask<T?> Read<T>(HttpContext context, ServeLimits limits, Func<JsonElement, T> of, Func<Refusal, T> refused) where T : class
    {
        // Gateways know the length of what they send. Without one the limit would be met half-way, and answered with a status.
        if (context.Request.ContentLength is not { } length || length > Math.Min(limits.BodyBytes, limits.PlainBytes)) return refused(Refusal.Unreadable("The request is too long to be checked."));
        if (await RequestBody.Read(context, limits) is not { } body) return null;
        try
        {
            using var json = JsonDocument.Parse(body, Options);
            return of(json.RootElement);
        }
        catch (JsonException)
        {
            return refused(Refusal.Unreadable("The request is no JSON that can be checked."));
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or a value of another kind where text was looked for.
            return refused(Refusal.Unreadable("The request holds text that can't be read."));
        }
    }

    /// <summary>The text at a path; null where it is absent, empty, or of another kind.</summary>
    public static string? Text(JsonElement value, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out var inner)) return null;
            value = inner;
        }

        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
    }
}
