using System.Net;

namespace Stillhunt.Sharing.Intel;

/// <summary>
/// What no indicator may hit: one entry a line, an account id, an address, a network in CIDR form, a mail domain, a client, or the id of an indicator;
/// # begins a remark.
/// </summary>
public sealed class AllowList
{
    private readonly HashSet<string> _texts = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<IPNetwork> _networks = [];

    public static AllowList Empty { get; } = new();

    public static AllowList Read(TextReader from)
    {
        ArgumentNullException.ThrowIfNull(from);
        var list = new AllowList();
        while (from.ReadLine() is { } line)
        {
            var entry = line.Split('#')[0].Trim();
            if (entry.Length == 0) continue;
            list._texts.Add(entry);
            if (IPNetwork.TryParse(entry, out var network)) list._networks.Add(network);
        }

        return list;
    }

    public bool Allows(string text) => _texts.Contains(text) || (_networks.Count > 0 && IPAddress.TryParse(text, out var address) && _networks.Exists(network => network.Contains(address)))
        || (_networks.Count > 0 && IPNetwork.TryParse(text, out var inner) && _networks.Exists(network => network.PrefixLength <= inner.PrefixLength && network.Contains(inner.BaseAddress)));
}
