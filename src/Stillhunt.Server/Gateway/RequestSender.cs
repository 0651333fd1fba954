using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Server.Gateway;

/// <summary>Who sent a request, as far as the gateway can tell.</summary>
/// <param name="Account">Null where nothing names one.</param>
/// <param name="Key">SHA-256 of the API key in lower-case hex; the key itself goes nowhere but upstream.</param>
/// <param name="IsUnclear">Whether more than one account is named, or more than one key where the account is the key's: then nobody here knows which of them counts.</param>
internal readonly record struct RequestSender(string? Account, string? Key, bool IsUnclear = false)
{
    private const string Usual = "Bearer";

    /// <summary>Longer names are nobody's account.</summary>
    private const int MostCharacters = 512;

    public static RequestSender Of(IHeaderDictionary headers, ReadOnlySpan<byte> body, AccountRule rule, FieldPath? field)
    {
        var (first, isUnclear) = ((string?)null, false);
        foreach (var name in rule.KeyHeaders)
        {
            foreach (var value in headers[name])
            {
                if (KeyIn(name, value, ref isUnclear) is not { Length: > 0 } text) continue;
                isUnclear |= first is not null && first != text;
                first ??= text;
            }
        }

        // Kestrel was told to read headers as Latin-1, so these are the bytes that came. Keys hold enough randomness for a plain hash.
        var key = first is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(first)));
        // Where it stands twice one may be the client's own, and nobody here knows which.
        if (rule.Header is { } header) return new RequestSender(Named(headers[header].ToString()), key, headers[header].Count > 1);
        if (field is null) return new RequestSender(key, key, isUnclear);
        return new RequestSender(JsonValue.TryOf(body, out var json) ? Named(field.Find(json).ToText()) : null, key);
    }

    private static ReadOnlySpan<char> Trimmed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty && IsBlank(text[0])) text = text[1..];
        while (!text.IsEmpty && IsBlank(text[^1])) text = text[..^1];
        return text;
    }

    /// <summary>
    /// The key in one header: without the scheme, and without blanks around it, of whatever kind. Providers differ in what they take for a blank, and some take a key behind any scheme.
    /// </summary>
    private static string KeyIn(string name, string? value, ref bool isUnclear)
    {
        var text = Trimmed(value);
        var end = 0;
        while (end < text.Length && !IsBlank(text[end])) end++;
        var isUsual = text[..end].Equals(Usual, StringComparison.OrdinalIgnoreCase);
        if (!isUsual && (end == text.Length || !name.Equals("Authorization", StringComparison.OrdinalIgnoreCase))) return text.ToString();
        var key = Trimmed(text[end..]);
        var isOne = true;
        foreach (var letter in key) isOne &= !IsBlank(letter);
        // A bearer token holds no blanks (RFC 6750, section 2.1): of several words some providers take the first, some the last. Other schemes have parameters.
        isUnclear |= isUsual && !isOne;
        return (isUsual || isOne ? key : text).ToString();
    }

    /// <summary>Controls too: the separators among them are blanks to some languages.</summary>
    private static bool IsBlank(char letter) => char.IsWhiteSpace(letter) || char.IsControl(letter);

    private static string? Named(string? text) => text is { Length: > 0 and <= MostCharacters } ? text : null;
}
