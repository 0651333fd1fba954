using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Stillhunt.Server.Enforcement;
using Stillhunt.Server.Security;

namespace Stillhunt.Server.Endpoints;

/// <summary>
/// nginx's <c>auth_request</c> (nginx.org, ngx_http_auth_request_module): 2xx lets a request through, 401 and 403 refuse it, and anything else is an error there. So what
/// the client is to be told stands in <c>Stillhunt-Status</c>, and integrations/nginx answers with it.
/// </summary>
internal static class NginxEndpoint
{
    public static void MapNginx(this IEndpointRouteBuilder routes, Admissions admissions) =>
        routes.MapGet("/v1/enforce/nginx", context => Answer(context, admissions)).Needs(Scopes.Decide).InPlace();

    private static Task Answer(HttpContext context, Admissions admissions)
    {
        if (!admissions.IsOpen) return EnforcementEndpoints.NotYet(context);
        var admission = AdmissionHeaders.Ask(context.Request, admissions);
        var response = context.Response;
        var status = admission.Refusal?.Status ?? StatusCodes.Status204NoContent;
        response.StatusCode = status is StatusCodes.Status204NoContent or StatusCodes.Status401Unauthorized ? status : StatusCodes.Status403Forbidden;
        AdmissionHeaders.Write(response.Headers, status, admission);
        return Task.CompletedTask;
    }
}
