using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Stillhunt.Server.Enforcement;

namespace Stillhunt.Server.Endpoints;

/// <summary>What gateways ask, each in its own way: nginx, Envoy, Portkey, LiteLLM. These translate, and decide nothing.</summary>
internal static class EnforcementEndpoints
{
    public static void MapEnforcement(this IEndpointRouteBuilder routes, ServerState state)
    {
        // One for all, so that a cap counts an account's requests whichever gateway they pass.
        var admissions = new Admissions(state);
        routes.MapNginx(admissions);
        routes.MapEnvoy(admissions);
        routes.MapPortkey(state, admissions);
        routes.MapLiteLlm(state, admissions);
    }

    /// <summary>The answer of an adapter that can't decide yet; gateways take it for a server that is down.</summary>
    public static Task NotYet(HttpContext context) => Problems.Write(context, StatusCodes.Status503ServiceUnavailable, "starting", "The store is being read.");
}
