using System.Globalization;
using Microsoft.AspNetCore.Http;
using Stillhunt.Response.Countermeasures;

namespace Stillhunt.Server.Gateway;

/// <summary>Answers a request without the provider, in the error shape of its API.</summary>
internal sealed class RefusalReply(string? helpUrl, GatewayCounters counters)
{
    public async Task Send(GatewayCall call, RefusalKind kind, TimeSpan? wait = null)
    {
        (kind switch
        {
            RefusalKind.VerificationRequired => counters.Challenged,
            RefusalKind.OnHold or RefusalKind.Suspended => counters.Held,
            RefusalKind.RequestsUsedUp or RefusalKind.TokensUsedUp => counters.Capped,
            _ => counters.OtherRefused,
        }).Add(1);
        var refusal = Refusal.Of(kind);
        var response = call.Context.Response;
        // Headers of an answer that was given up must not describe this one.
        response.Clear();
        call.Status = response.StatusCode = refusal.Status;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        if (wait is { } pause) response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(pause.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (helpUrl is { } help && refusal.Status is (403 or 429)) response.Headers.Link = $"<{help}>; rel=\"help\"";
        var body = refusal.Body(call.Api, helpUrl);
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(call.Context.Request.Method)) await response.Body.WriteAsync(body, call.Aborted);
    }
}
