using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Stillhunt.Server.Endpoints;

namespace Stillhunt.Server.Security;

/// <summary>What an endpoint asks of its caller. An endpoint without this is closed to everybody.</summary>
internal sealed record RequiredScope(Scopes Scope);

/// <summary>Why a request does not get to its endpoint.</summary>
internal readonly record struct KeyRefusal(int Status, string Code, string Text);

/// <summary>For endpoints of a protocol that has its own form of a refusal; HTTP Basic is taken there too.</summary>
internal sealed record RefusalForm(Func<HttpContext, KeyRefusal, Task> Write);

/// <summary>How endpoints say whom they serve.</summary>
internal static class EndpointScopes
{
    public static T Needs<T>(this T endpoint, Scopes scope) where T : IEndpointConventionBuilder => endpoint.WithMetadata(new RequiredScope(scope));

    /// <summary>Health alone: it tells nothing about traffic.</summary>
    public static T IsOpen<T>(this T endpoint) where T : IEndpointConventionBuilder => endpoint.Needs(Scopes.None);
}

/// <summary>
/// Lets a request through to its endpoint if its key has the endpoint's scope and has not used up its rate. Where there is no key yet, callers from
/// this machine may do everything.
/// </summary>
internal sealed class KeyGate(RequestDelegate next, Callers callers, RateLimits rates, Counters counters)
{
    private const string Caller = "stillhunt.caller";

    /// <summary>Who calls, for the audit trail: the key's id and name.</summary>
    public static string CallerOf(HttpContext context) => KeyOf(context) is { } key ? $"key {key.Id} ({key.Name})" : "local";

    /// <summary>The key that let the request in; null for a caller of this machine where there is none yet.</summary>
    public static ApiKey? KeyOf(HttpContext context) => context.Items[Caller] as ApiKey;

    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint is null) return Problems.Write(context, StatusCodes.Status404NotFound, "not-found", "There is no such endpoint; docs/serve.md lists them.");
        var needed = endpoint.Metadata.GetMetadata<RequiredScope>();
        // What routing puts in the place of an endpoint whose path fits and whose method does not.
        if (needed is null && endpoint is not RouteEndpoint) return Problems.Write(context, StatusCodes.Status405MethodNotAllowed, "method", "This endpoint does not take this method; docs/serve.md lists them.");
        if (Why(context, needed, endpoint.Metadata) is not { } refusal) return next(context);
        counters.Denied.Add(1);
        return Problems.Write(context, refusal.Status, refusal.Code, refusal.Text);
    }

    private KeyRefusal? Why(HttpContext context, RequiredScope? needed, EndpointMetadataCollection endpoint)
    {
        if (needed is null) return new KeyRefusal(StatusCodes.Status403Forbidden, "closed", "This endpoint is closed.");
        if (needed.Scope == Scopes.None) return null;
        if (context.Request.Headers.ContainsKey(HeaderNames.Origin) && !HttpMethods.IsGet(context.Request.Method))
            return new KeyRefusal(StatusCodes.Status403Forbidden, "browser", "Requests from web pages are not taken.");
        if (callers.NeedNoKey)
        {
            return Callers.IsLocal(context) ? null : new KeyRefusal(StatusCodes.Status403Forbidden, "not-local",
                "Without keys only callers of this machine are served, and by its local name. Make a key with: stillhunt keys add.");
        }

        if (callers.KeyOf(context.Request, takesBasic: endpoint.GetMetadata<RefusalForm>() is not null) is not { } key)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return new KeyRefusal(StatusCodes.Status401Unauthorized, "no-key", "A valid key is needed: Authorization: Bearer KEY.");
        }

        if (!key.Scopes.Allow(needed.Scope)) return new KeyRefusal(StatusCodes.Status403Forbidden, "scope", $"This needs the scope {needed.Scope.Text()}; the key has {key.Scopes.Text()}.");
        if (!rates.TryTake(key, needed.Scope, out var wait))
        {
            context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return new KeyRefusal(StatusCodes.Status429TooManyRequests, "too-many-requests", "This key made more requests than it may; come again later.");
        }

        context.Items[Caller] = key;
        return null;
    }
}
