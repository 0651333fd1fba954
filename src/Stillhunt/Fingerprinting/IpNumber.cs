using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Stillhunt.Fingerprinting;

/// <summary>An address as one number (<see cref="ExchangeFingerprint.Ip"/>).</summary>
internal static class IpNumber
{
    /// <summary>Set in the number of an IPv6 address; clear in all of 2000::/3.</summary>
    public const ulong IsV6 = 1UL << 62;

    /// <summary>The 32 bits of an IPv4 address, or the upper half of an IPv6 one; null for what is neither.</summary>
    public static ulong? Read(ReadOnlySpan<byte> text)
    {
        if (DottedQuad.TryRead(text, out var quad)) return quad;
        text = Bare(text);
        if (DottedQuad.TryRead(text, out quad)) return quad;
        Span<char> chars = stackalloc char[64];
        if (text.Length > chars.Length || !Encoding.UTF8.TryGetChars(text, chars, out var length) || !IPAddress.TryParse(chars[..length], out var address)) return null;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var written);
        return written == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt64BigEndian(bytes) | IsV6;
    }

    /// <summary>
    /// The address alone, where a log holds the port of a connection beside it (Envoy, Azure), or a list to which proxies append (LiteLLM logs <c>X-Forwarded-For</c> as it came): there the last entry counts, since what stands
    /// further left the client may have written.
    /// </summary>
    public static ReadOnlySpan<byte> Bare(ReadOnlySpan<byte> text)
    {
        text = text[(text.LastIndexOf((byte)',') + 1)..].Trim((byte)' ');
        var colon = text.IndexOf((byte)':');
        return colon > 0 && DottedQuad.TryRead(text[..colon], out _) ? text[..colon] : text;
    }
}
