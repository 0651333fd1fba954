using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Stillhunt.Server.Security;
using Stillhunt.Server.Store;

namespace Stillhunt.Server.Endpoints;

/// <summary>Refusals, in the form of RFC 9457: a stable code, and a sentence that says what to do.</summary>
internal static class Problems
{
    /// <summary>Seconds after which a caller that was told to wait may come again.</summary>
    private const int RetrySeconds = 2;

    public static Task Write(HttpContext context, int status, string code, string detail, Action<Utf8JsonWriter>? more = null)
    {
        // Whoever is told to come again later must know when.
        if ((status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status507InsufficientStorage) && context.Response.Headers.RetryAfter.Count == 0)
            context.Response.Headers.RetryAfter = RetrySeconds.ToString(CultureInfo.InvariantCulture);
        if (context.GetEndpoint()?.Metadata.GetMetadata<RefusalForm>() is { } form) return form.Write(context, new KeyRefusal(status, code, detail));
        return Replies.Json(context, status, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("type", "about:blank");
            writer.WriteString("title", code);
            writer.WriteNumber("status", status);
            writer.WriteString("detail", detail);
            more?.Invoke(writer);
            writer.WriteEndObject();
        }, "application/problem+json");
    }

    /// <summary>The answer to a fault of the store: room is the caller's to wait for, damage the operator's to repair.</summary>
    public static Task OfStore(HttpContext context, Exception fault) => fault is StoreFullException
        ? Write(context, StatusCodes.Status507InsufficientStorage, "no-room", "There is no room left in the store. Nothing of this request was kept; send it again later.")
        : Write(context, StatusCodes.Status503ServiceUnavailable, "store", "The store could not keep this. Nothing of this request was kept; send it again later.");
}
