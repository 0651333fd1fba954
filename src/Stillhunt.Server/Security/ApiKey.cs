using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Stillhunt.Server.Security;

/// <summary>A key as it is kept: never itself, only its hash.</summary>
/// <param name="Id">Public part, by which it is named in the audit trail and revoked.</param>
/// <param name="Name">For people: who or what uses it.</param>
/// <param name="Hash">SHA-256 of the whole key. A key holds 256 random bits, so that a slow hash would add nothing.</param>
/// <param name="ExpiresMs">Milliseconds since 1970 UTC, or null.</param>
/// <param name="Rate">Requests a second that it may make; null for the server's usual rate.</param>
public sealed record ApiKey(string Id, string Name, byte[] Hash, Scopes Scopes, long CreatedMs, long? ExpiresMs, long? RevokedMs, double? Rate = null)
{
    /// <summary>By which scanners for leaked secrets can find one.</summary>
    public const string Prefix = "slh_";

    private const int IdBytes = 6, SecretBytes = 32;

    /// <summary>Makes a key. The text is shown once and can't be had again.</summary>
    public static (ApiKey Key, string Text) Make(string name, Scopes scopes, DateTimeOffset now, TimeSpan? lifetime, double? rate = null)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var text = $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";
        var created = now.ToUnixTimeMilliseconds();
        return (new ApiKey(id, name, SHA256.HashData(Encoding.UTF8.GetBytes(text)), scopes, created, lifetime is { } span ? created + (long)span.TotalMilliseconds : null, null, rate), text);
    }

    /// <summary>The public part of a presented key; null where it has not the form of one.</summary>
    public static string? IdOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is > 20 and < 128 && text.StartsWith(Prefix, StringComparison.Ordinal) && text.IndexOf('_', Prefix.Length) is var end and > 0
            ? text[Prefix.Length..end]
            : null;
    }

    /// <summary>Whether the presented text is this key, in a time that does not depend on how much of it is right.</summary>
    public bool Is(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return CryptographicOperations.FixedTimeEquals(hash, Hash);
    }

    public bool IsValidAt(long nowMs) => RevokedMs is null && !(nowMs >= ExpiresMs);
}
