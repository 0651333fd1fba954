using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Stillhunt.Server;

/// <summary>
/// Spans of the server's own work. They name routes and counts, never a path, a query or an id: an account's id is a customer. Without a listener
/// they cost nothing.
/// </summary>
internal static class Tracing
{
    public const string SourceName = "Stillhunt.Server";

    public static ActivitySource Source { get; } = new(SourceName);

    /// <summary>One span for each request that has an endpoint, below the caller's if it sends one; the names are OpenTelemetry's for HTTP servers.</summary>
    public static async Task Request(HttpContext context, RequestDelegate next)
    {
        if (!Source.HasListeners() || context.GetEndpoint() is not RouteEndpoint { RoutePattern.RawText: { } route })
        {
            await next(context);
            return;
        }

        ActivityContext.TryParse(context.Request.Headers.TraceParent.ToString(), context.Request.Headers.TraceState.ToString(), isRemote: true, out var parent);
        using var span = Source.StartActivity($"{context.Request.Method} {route}", ActivityKind.Server, parent);
        span?.SetTag("http.request.method", context.Request.Method);
        span?.SetTag("http.route", route);
        try
        {
            await next(context);
        }
        finally
        {
            span?.SetTag("http.response.status_code", context.Response.StatusCode);
            if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError) span?.SetStatus(ActivityStatusCode.Error);
        }
    }
}
