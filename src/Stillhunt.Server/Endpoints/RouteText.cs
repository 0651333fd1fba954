using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Stillhunt.Server.Endpoints;

/// <summary>
/// Ids in paths, decoded whole. Routing leaves <c>%2F</c> as it stands, so an id with a slash (an ARN, a resource path) would be looked up, reversed or deleted under
/// a name that nobody has.
/// </summary>
internal static class RouteText
{
    /// <param name="name">Of a parameter of the endpoint's route that takes one segment.</param>
    public static string Of(HttpContext context, string name)
    {
        var decoded = (string)context.Request.RouteValues[name]!;
        if (!decoded.Contains("%2F", StringComparison.OrdinalIgnoreCase) || context.GetEndpoint() is not RouteEndpoint { RoutePattern.PathSegments: var pattern }) return decoded;
        // From the end: in its absolute form the target has a host before the path. The segments of the target are those of the route, but where it climbs ("..").
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?', 2)[0].TrimEnd('/').Split('/');
        for (var i = 0; i < pattern.Count; i++)
        {
            if (pattern[i].Parts is not [RoutePatternParameterPart { Name: var named }] || named != name || target.Length < pattern.Count) continue;
            var whole = Uri.UnescapeDataString(target[^(pattern.Count - i)]);
            return whole.Replace("/", "%2F", StringComparison.Ordinal).Equals(decoded, StringComparison.OrdinalIgnoreCase) ? whole : decoded;
        }

        return decoded;
    }
}
