using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Stillhunt.Server.Enforcement;
using Stillhunt.Server.Security;

namespace Stillhunt.Server.Endpoints;

/// <summary>
/// Envoy's external authorization over HTTP (envoy.extensions.filters.http.ext_authz.v3, <c>http_service</c>), from its documentation: Envoy repeats method and path of the
/// request behind a prefix, and sends no body. 200 lets the request through; status, headers and body of anything else go to the client.
/// </summary>
internal static class EnvoyEndpoint
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    public static void MapEnvoy(this IEndpointRouteBuilder routes, Admissions admissions) =>
        routes.MapMethods("/v1/enforce/envoy/{**path}", Methods, context => Answer(context, admissions)).Needs(Scopes.Decide).InPlace();

    private static Task Answer(HttpContext context, Admissions admissions)
    {
        if (!admissions.IsOpen) return EnforcementEndpoints.NotYet(context);
        var admission = AdmissionHeaders.Ask(context.Request, admissions);
        AdmissionHeaders.Write(context.Response.Headers, admission.Refusal?.Status ?? StatusCodes.Status200OK, admission);
        return admission.Refusal is { } refusal ? Replies.Json(context, refusal.Status, refusal.WriteBody) : Task.CompletedTask;
    }
}
