using System.Security.Cryptography;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Content;

/// <summary>
/// Opaque reasoning that a caller passes back in (a thinking signature, redacted thinking, encrypted reasoning). Only its hash is
/// kept. Of several in one conversation the last counts: a replay carries at least the newest one that it stole.
/// </summary>
internal static class ReasoningHandle
{
    private const int KeptBytes = 16; // 128 bits: no accidental match among 10^12 handles.

    public static void Set(Exchange exchange, JsonValue handle)
    {
        if (!handle.IsString || handle.Raw.IsEmpty) return;
        // The raw form may be escaped ("\/" in base64), so the text is hashed, and given back.
        var start = exchange.Position;
        var room = exchange.Append(handle.Raw.Length);
        var length = JsonText.Unescape(handle.Raw, room);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(room[..length], hash);
        exchange.Trim(exchange.Position - start);

        Span<byte> hex = stackalloc byte[KeptBytes * 2];
        for (var i = 0; i < KeptBytes; i++)
        {
            hex[2 * i] = "0123456789abcdef"u8[hash[i] >> 4];
            hex[2 * i + 1] = "0123456789abcdef"u8[hash[i] & 15];
        }

        exchange.Set(ExchangeField.ReasoningRef, hex);
    }
}
