using System.Globalization;

using Stillhunt.Ingest.Json;

namespace Stillhunt.Response.Countermeasures;

/// <summary>
/// What stands in the place of reasoning that is not shown: a sentence that says what was done, made without any model. It never paraphrases what was
/// left out, so nothing of it gets through.
/// </summary>
internal static class WithheldReasoning
{
    /// <summary>
    /// Stands where a block's signature stood. A client sends blocks back with its next turn, and a provider refuses a signature that is not its own: by
    /// this one the block is known and taken out again.
    /// </summary>
    public static ReadOnlySpan<byte> Signature => "d2l0aGhlbGQ="u8;

    private const string Start = "Reasoning withheld by the provider: ";

    /// <param name="characters">Unicode characters that were left out; 0 where they were encrypted or not counted.</param>
    public static string Sentence(long characters) => characters == 0
        ? Start + "a part of unknown length."
        : string.Create(CultureInfo.InvariantCulture, $"{Start}{characters:N0} characters.");

    /// <summary>Characters of a string as its reader sees them.</summary>
    public static long Characters(JsonValue text)
    {
        if (!text.IsString) return 0;
        if (!text.Escaped) return Count(text.Raw);
        var plain = new byte[text.Raw.Length];
        return Count(plain.AsSpan(0, JsonText.Unescape(text.Raw, plain)));
    }

    public static bool Is(JsonValue text) => text.ToText()?.StartsWith(Start, StringComparison.Ordinal) == true;

    private static long Count(ReadOnlySpan<byte> utf8)
    {
        long count = 0;
        foreach (var unit in utf8) if ((unit & 0xC0) != 0x80) count++;
        return count;
    }
}
