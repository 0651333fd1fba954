using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using Stillhunt.Fingerprinting;

namespace Stillhunt.Campaigns;

/// <summary>Addresses and networks as indicators name them: what detection writes is what intake looks for.</summary>
internal static class IpNames
{
    /// <summary>An IPv4 address, or the /64 of a global IPv6 one; null for what is neither.</summary>
    /// <param name="ip"><see cref="ExchangeFingerprint.Ip"/>.</param>
    public static (string Kind, string Value)? Of(ulong ip)
    {
        if (ip == 0) return null;
        if (ip <= uint.MaxValue) return ("ip", Text((uint)ip));
        var prefix = ip & ~IpNumber.IsV6;
        if (prefix >> 61 != 1) return null;
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(bytes, prefix);
        return ("network", new IPAddress(bytes) + "/64");
    }

    /// <summary>The /24 of an IPv4 address, as a number; 0 for what is none.</summary>
    public static ulong NetworkOf(ulong ip) => ip <= uint.MaxValue ? ip & 0xFFFFFF00 : 0;

    /// <param name="network">As <see cref="NetworkOf"/> gives it; null for 0.</param>
    public static (string Kind, string Value)? OfNetwork(ulong network) => network == 0 ? null : ("network", Network((uint)network));

    public static string Network(uint first) => Text(first) + "/24";

    public static string Text(uint ip) => string.Create(CultureInfo.InvariantCulture, $"{ip >> 24}.{ip >> 16 & 255}.{ip >> 8 & 255}.{ip & 255}");
}
