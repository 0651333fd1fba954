using System.Security.Cryptography;
using System.Text;

namespace Stillhunt.Response.Canaries;

/// <summary>One epoch's secret. From it follows, for every campaign, which form of a pair it receives beside which word.</summary>
public sealed class CanaryKey
{
    /// <summary>256 bits, as HMAC-SHA256 takes them.</summary>
    public const int Bytes = 32;

    private readonly byte[] _secret;

    /// <param name="epoch">A name without spaces.</param>
    public CanaryKey(string epoch, ReadOnlySpan<byte> secret)
    {
        ArgumentException.ThrowIfNullOrEmpty(epoch);
        if (secret.Length != Bytes) throw new ArgumentException($"A canary key has {Bytes} bytes.", nameof(secret));
        Epoch = epoch;
        _secret = secret.ToArray();
    }

    public string Epoch { get; }

    /// <summary>
    /// 0 or 1: a bit of HMAC-SHA256 over table, campaign, pair and context. To whoever lacks the key these are fair coins, each independent of all others; that is all
    /// that <see cref="CanaryTest"/> supposes.
    /// </summary>
    internal int Choose(string campaign, CanaryPair pair, string context)
    {
        var text = Encoding.UTF8.GetBytes($"stillhunt-canary/{CanaryTable.Version}\n{campaign}\n{(pair.Opens ? "opens " : "")}{pair.Id}\n{context}");
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, text, mac);
        return mac[0] & 1;
    }

    internal string Hex => Convert.ToHexStringLower(_secret);
}
