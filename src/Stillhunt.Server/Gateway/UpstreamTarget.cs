using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Stillhunt.Server.Gateway;

/// <summary>The address at the provider that a request goes to: the path and query as the client wrote them, behind the path of the upstream address.</summary>
internal static class UpstreamTarget
{
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Null where the request's target can't be passed on as it is: it is no path, or one that climbs.</summary>
    public static Uri? Of(HttpContext context, Uri upstream)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        // Absolute form, as a client of a forward proxy sends it.
        if (!target.StartsWith('/')) target = Uri.TryCreate(target, UriKind.Absolute, out var absolute) ? absolute.PathAndQuery : "";
        if (!target.StartsWith('/') || target.Contains('#')) return null;
        var path = target.Split('?', 2)[0];
        // A path with a prefix must not climb out of it, and what is classified must be what the provider sees.
        if (ClimbingPath.Is(path) || path.Contains("%2f", StringComparison.OrdinalIgnoreCase) || path.Contains("%5c", StringComparison.OrdinalIgnoreCase)) return null;

        var whole = upstream.GetLeftPart(UriPartial.Authority) + upstream.AbsolutePath.TrimEnd('/') + target;
        return Uri.TryCreate(whole, AsWritten, out var made) ? made : null;
    }
}
