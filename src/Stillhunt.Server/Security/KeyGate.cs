using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Stillhunt.Server.Endpoints;

namespace Stillhunt.Server.Security;

/// <summary>What an endpoint asks of its caller. An endpoint without this is closed to everybody.</summary>
internal sealed record RequiredScope(Scopes Scope);

/// <summary>How endpoints say whom they serve.</summary>
internal static class EndpointScopes
{
    public static T Needs<T>(this T endpoint, Scopes scope) where T : IEndpointConventionBuilder => endpoint.WithMetadata(new RequiredScope(scope));

    /// <summary>Health alone: it tells nothing about traffic.</summary>
    public static T IsOpen<T>(this T endpoint) where T : IEndpointConventionBuilder => endpoint.Needs(Scopes.None);
}

/// <summary>
/// Lets a request through to its endpoint if its key has the endpoint's scope. Where there is no key yet, callers from this machine may do
/// everything, provided that they name it by a local name: a page in a browser that was lured here by DNS does not.
/// </summary>
internal sealed class KeyGate(RequestDelegate next, KeyRing keys, bool localOnly, Counters counters)
{
    private const string Caller = "stillhunt.caller";

    /// <summary>Who calls, for the audit trail: the key's id and name.</summary>
    public static string CallerOf(HttpContext context) => context.Items[Caller] as string ?? "local";

    public Task InvokeAsync(HttpContext context)
    {
        var needed = context.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>();
        if (context.GetEndpoint() is null) return Problems.Write(context, StatusCodes.Status404NotFound, "not-found", "There is no such endpoint; docs/serve.md lists them.");
        // What routing puts in the place of an endpoint whose path fits and whose method does not.
        if (needed is null && context.GetEndpoint() is not RouteEndpoint) return Problems.Write(context, StatusCodes.Status405MethodNotAllowed, "method", "This endpoint does not take this method; docs/serve.md lists them.");
        if (needed is null) return Deny(context, StatusCodes.Status403Forbidden, "closed", "This endpoint is closed.");
        if (needed.Scope == Scopes.None) return next(context);
        if (context.Request.Headers.ContainsKey(HeaderNames.Origin) && !HttpMethods.IsGet(context.Request.Method))
            return Deny(context, StatusCodes.Status403Forbidden, "browser", "Requests from web pages are not taken.");
        if (localOnly && keys.IsEmpty)
        {
            return context.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from) && IsLocalName(context.Request.Host.Host)
                ? next(context)
                : Deny(context, StatusCodes.Status403Forbidden, "not-local", "Without keys only callers of this machine are served, and by its local name. Make a key with: stillhunt keys add.");
        }

        if (Presented(context.Request) is not { } text || keys.Find(text) is not { } key)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Deny(context, StatusCodes.Status401Unauthorized, "no-key", "A valid key is needed: Authorization: Bearer KEY.");
        }

        if (!key.Scopes.Allow(needed.Scope))
            return Deny(context, StatusCodes.Status403Forbidden, "scope", $"This needs the scope {needed.Scope.Text()}; the key has {key.Scopes.Text()}.");
        context.Items[Caller] = $"key {key.Id} ({key.Name})";
        return next(context);
    }

    private static string? Presented(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return header[7..].Trim();
        // What gateways can set that have no say over Authorization.
        return request.Headers.TryGetValue("X-Api-Key", out var named) ? named.ToString() : null;
    }

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private Task Deny(HttpContext context, int status, string code, string text)
    {
        counters.Denied.Add(1);
        return Problems.Write(context, status, code, text);
    }
}
