using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Stillhunt.Sharing.Intel;

/// <summary>Networks of indicators by their length, so that an address is looked up once for each length and not once for each of a hundred thousand networks.</summary>
internal sealed class NetworkIndex
{
    private readonly Dictionary<(AddressFamily Family, int Length), Dictionary<UInt128, List<int>>> _byLength = [];

    public bool IsEmpty => _byLength.Count == 0;

    public void Add(IPNetwork network, int indicator)
    {
        var key = (network.BaseAddress.AddressFamily, network.PrefixLength);
        if (!_byLength.TryGetValue(key, out var networks)) _byLength.Add(key, networks = []);
        var prefix = Prefix(network.BaseAddress, network.PrefixLength);
        if (!networks.TryGetValue(prefix, out var indicators)) networks.Add(prefix, indicators = []);
        indicators.Add(indicator);
    }

    /// <summary>Adds the indicators whose network holds the address.</summary>
    public void Find(IPAddress address, List<int> into)
    {
        foreach (var (key, networks) in _byLength)
            if (key.Family == address.AddressFamily && networks.TryGetValue(Prefix(address, key.Length), out var indicators)) into.AddRange(indicators);
    }

    private static UInt128 Prefix(IPAddress address, int length)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.TryWriteBytes(bytes, out var written);
        var value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return length == 0 ? 0 : value >> (128 - length) << (128 - length);
    }
}
