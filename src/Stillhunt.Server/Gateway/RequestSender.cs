using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Server.Gateway;

/// <summary>Who sent a request, as far as the gateway can tell.</summary>
/// <param name="Account">Null where nothing names one.</param>
/// <param name="Key">SHA-256 of the API key in lower-case hex; the key itself goes nowhere but upstream.</param>
internal readonly record struct RequestSender(string? Account, string? Key)
{
    /// <summary>Longer names are nobody's account.</summary>
    private const int MostCharacters = 512;

    public static RequestSender Of(IHeaderDictionary headers, ReadOnlySpan<byte> body, AccountRule rule, FieldPath? field)
    {
        string? key = null;
        foreach (var name in rule.KeyHeaders)
        {
            if (headers[name].ToString() is not { Length: > 0 } text) continue;
            if (text.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) text = text[7..].Trim();
            if (text.Length == 0) continue;
            // Kestrel was told to read headers as Latin-1, so these are the bytes that came. Keys hold enough randomness for a plain hash.
            key = Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(text)));
            break;
        }

        if (rule.Header is { } header) return new RequestSender(Named(headers[header].ToString()), key);
        if (field is null) return new RequestSender(key, key);
        return new RequestSender(JsonValue.TryOf(body, out var json) ? Named(field.Find(json).ToText()) : null, key);
    }

    private static string? Named(string? text) => text is { Length: > 0 and <= MostCharacters } ? text : null;
}
