using System.Security.Cryptography;
using System.Text;

namespace Stillhunt.Sharing.Taxii;

/// <summary>Who sends a request: HTTP Basic or a bearer token. Compared by hash in constant time.</summary>
internal sealed class TaxiiAccess(IReadOnlyList<TaxiiUser> users)
{
    /// <summary>The user, or null: the header is missing, of another scheme, or wrong.</summary>
    public TaxiiUser? UserOf(string? authorization)
    {
        if (authorization is null || authorization.IndexOf(' ', StringComparison.Ordinal) is not (> 0 and var at)) return null;
        var (scheme, value) = (authorization[..at], authorization[(at + 1)..].Trim());
        if (scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)) return Find(user => user.TokenHash, value, _ => true);
        if (!scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)) return null;
        Span<byte> decoded = new byte[value.Length];
        if (!Convert.TryFromBase64String(value, decoded, out var length)) return null;
        var text = Encoding.UTF8.GetString(decoded[..length]);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : Find(user => user.PasswordHash, text[(colon + 1)..], user => user.Name == text[..colon]);
    }

    private TaxiiUser? Find(Func<TaxiiUser, ReadOnlyMemory<byte>?> hash, string secret, Func<TaxiiUser, bool> named)
    {
        var given = SHA256.HashData(Encoding.UTF8.GetBytes(secret));
        TaxiiUser? found = null;
        // All are looked at, so that the time does not tell how many names were right.
        foreach (var user in users)
            if (hash(user) is { } known && CryptographicOperations.FixedTimeEquals(known.Span, given) & named(user)) found = user;
        return found;
    }
}
