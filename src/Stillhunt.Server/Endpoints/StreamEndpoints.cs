using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Stillhunt.Server.Notices;
using Stillhunt.Server.Security;
using Stillhunt.Server.Store;

namespace Stillhunt.Server.Endpoints;

/// <summary><c>GET /v1/stream</c>: what happens to campaigns, as server-sent events. <c>Last-Event-ID</c> or <c>?after=</c> reads on from there.</summary>
internal static class StreamEndpoints
{
    /// <summary>A comment is sent after this long, so that proxies keep the connection and a dead client is found.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static void MapStream(this IEndpointRouteBuilder routes, ServerState state) =>
        routes.MapGet("/v1/stream", context => Stream(context, state)).Needs(Scopes.Read);

    private static async Task Stream(HttpContext context, ServerState state)
    {
        var after = context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } named ? named : context.Request.Query["after"].ToString();
        var last = state.Store.Campaigns.LastEvent;
        var from = last;
        if (after.Length > 0 && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out from))
        {
            await Problems.Write(context, StatusCodes.Status400BadRequest, "after", "The last event is named by its number.");
            return;
        }

        // Who saw events that a restored backup does not have is told of what happens from now on, not only of what comes after those numbers.
        using var listener = state.Events.Listen(Math.Min(from, last));
        if (listener is null)
        {
            await Problems.Write(context, StatusCodes.Status503ServiceUnavailable, "too-many-listeners", "Too many clients listen already.");
            return;
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        var aborted = context.RequestAborted;
        await Write(context, listener.Past(), ": listening\n\n");
        while (await listener.Next(Heartbeat, aborted) is { } events) await Write(context, events, ": still here\n\n");
    }

    private static async Task Write(HttpContext context, IEnumerable<NumberedEvent> events, string otherwise)
    {
        var text = new StringBuilder();
        foreach (var told in events) text.Append(CultureInfo.InvariantCulture, $"id: {told.Seq}\nevent: {told.Event.Kind}\ndata: {EventJson.Of(told)}\n\n");
        await context.Response.WriteAsync(text.Length == 0 ? otherwise : text.ToString(), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
