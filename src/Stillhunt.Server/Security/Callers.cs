using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Stillhunt.Server.Security;

/// <summary>Who is calling: whoever holds a key, or, where there is no key yet, a program of this machine.</summary>
/// <param name="localOnly">Whether the server listens on loopback alone.</param>
internal sealed class Callers(KeyRing keys, bool localOnly)
{
    /// <summary>Whether callers of this machine are served without a key.</summary>
    public bool NeedNoKey => localOnly && keys.IsEmpty;

    /// <summary>From this machine and under a local name: a page in a browser that was lured here by DNS uses another.</summary>
    public static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from) && IsLocalName(context.Request.Host.Host);

    /// <summary>The valid key that the request presents, or null.</summary>
    /// <param name="takesBasic">Whether HTTP Basic will do: the key's id or name, and the key as the password.</param>
    public ApiKey? KeyOf(HttpRequest request, bool takesBasic)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return keys.Find(header[7..].Trim());
        if (takesBasic && header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return Basic(header[6..].Trim());
        // What gateways can set that have no say over Authorization.
        return request.Headers.TryGetValue("X-Api-Key", out var named) ? keys.Find(named.ToString()) : null;
    }

    private ApiKey? Basic(string value)
    {
        Span<byte> decoded = new byte[value.Length];
        if (!Convert.TryFromBase64String(value, decoded, out var length)) return null;
        var text = Encoding.UTF8.GetString(decoded[..length]);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && keys.Find(text[(colon + 1)..]) is { } key && (text[..colon] == key.Id || text[..colon] == key.Name) ? key : null;
    }

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
