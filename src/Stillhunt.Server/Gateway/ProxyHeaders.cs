using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Stillhunt.Server.Gateway;

/// <summary>
/// Which headers and trailers go through: all but those of one hop (RFC 9110, section 7.6.1), those that <c>Connection</c> names among them. The body is not re-encoded and nothing is added but
/// <c>Via</c> on the way to the provider.
/// </summary>
internal static class ProxyHeaders
{
    /// <summary>By which a request that comes round again is known.</summary>
    public const string Via = "1.1 stillhunt-gateway";

    private static readonly HashSet<string> OfOneHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "HTTP2-Settings",
    };

    /// <summary>What a rewritten body makes untrue.</summary>
    private static readonly HashSet<string> OfTheBytes = new(StringComparer.OrdinalIgnoreCase) { "Content-Length", "Content-Encoding", "Content-MD5", "Digest", "Content-Digest", "Repr-Digest", "ETag" };

    /// <summary>Other upgrades are an offer that may be passed over (RFC 9110, section 7.8); clients of HTTP/2 make one with every request.</summary>
    public static bool AsksForWebSocket(HttpRequest request) =>
        request.Headers.Upgrade.Any(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries).Any(protocol => Is(protocol.Split('/')[0], "websocket")));

    /// <summary>The client's address in a list to which each proxy appended whom it saw; null where fewer entries stand there than proxies should have written.</summary>
    /// <param name="proxies">Proxies that are known and append one each; what stands left of theirs is the client's own.</param>
    public static string? Address(StringValues header, int proxies)
    {
        var entries = header.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        return entries.Count >= proxies ? entries[^proxies] : null;
    }

    public static bool IsLoop(HttpRequest request) => request.Headers.Via.Any(via => via?.Contains("stillhunt-gateway", StringComparison.Ordinal) == true);

    /// <param name="rewritten">Leaves out what described the bytes that came.</param>
    /// <param name="readable">Asks for an answer without compression, because it will be rewritten.</param>
    public static void Copy(HttpRequest from, HttpRequestMessage to, bool rewritten, bool readable)
    {
        var named = Named(from.Headers.Connection);
        foreach (var (name, values) in from.Headers)
        {
            // Host is the provider's, the length is that of the content; what was to be expected before it (100-continue) has happened, and many providers never say so.
            if (name.StartsWith(':') || OfOneHop.Contains(name) || named.Contains(name) || Is(name, "Host") || Is(name, "Content-Length") || Is(name, "Expect") || Is(name, "Via")) continue;
            if (rewritten && OfTheBytes.Contains(name)) continue;
            if (readable && Is(name, "Accept-Encoding")) continue;
            if (!to.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values)) to.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        // Of this hop, and kept: some providers send trailers only to whom has asked for them.
        if (from.HttpContext.Response.SupportsTrailers() && from.Headers.TE.Any(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries).Any(coding => Is(coding, "trailers"))))
        {
            to.Headers.TryAddWithoutValidation("TE", "trailers");
            to.Headers.TryAddWithoutValidation("Connection", "TE");
        }

        if (readable) to.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        to.Headers.TryAddWithoutValidation("Via", [.. from.Headers.Via, Via]);
    }

    /// <param name="rewritten">Leaves out what described the bytes that came.</param>
    public static void Copy(HttpResponseMessage from, HttpResponse to, bool rewritten)
    {
        Copy(from.Headers, to.Headers, from, rewritten);
        Copy(from.Content.Headers, to.Headers, from, rewritten);
    }

    /// <summary>What came behind the answer, once it was read to its end; left out where the client's connection has no place for it (HTTP/1.1, as Kestrel speaks it).</summary>
    /// <param name="rewritten">Leaves out what described the bytes that came.</param>
    public static void CopyTrailers(HttpResponseMessage from, HttpResponse to, bool rewritten)
    {
        if (to.SupportsTrailers()) Copy(from.TrailingHeaders, to.HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers, from, rewritten);
    }

    private static void Copy(HttpHeaders from, IHeaderDictionary to, HttpResponseMessage answer, bool rewritten)
    {
        var named = Named(answer.Headers.NonValidated.TryGetValues("Connection", out var connection) ? connection : []);
        foreach (var (name, values) in from.NonValidated)
        {
            if (OfOneHop.Contains(name) || named.Contains(name) || (rewritten && OfTheBytes.Contains(name))) continue;
            to.Append(name, values.ToArray());
        }
    }

    private static HashSet<string> Named(IEnumerable<string?> connection) =>
        new(connection.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)), StringComparer.OrdinalIgnoreCase);

    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
}
