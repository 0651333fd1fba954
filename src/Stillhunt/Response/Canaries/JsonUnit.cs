using System.Globalization;
using System.Text;

namespace Stillhunt.Response.Canaries;

/// <summary>One character of a JSON string as it is written: itself, or an escape.</summary>
/// <param name="Code">Unicode; of an escape its UTF-16 unit.</param>
/// <param name="Length">In bytes.</param>
/// <param name="IsLetter">An ASCII letter that is written as itself.</param>
internal readonly record struct JsonUnit(int Code, int Length, bool IsLetter)
{
    /// <summary>A letter that hides behind an escape is nothing that a model's prose has.</summary>
    private const int Strange = 0xFFFD;

    public static JsonUnit At(ReadOnlySpan<byte> text, int at)
    {
        var first = text[at];
        if (first == (byte)'\\' && at + 1 < text.Length)
        {
            switch (text[at + 1])
            {
                case (byte)'n': return new('\n', 2, false);
                case (byte)'r': return new('\r', 2, false);
                case (byte)'t': return new('\t', 2, false);
                case (byte)'b' or (byte)'f': return new(Strange, 2, false);
                case (byte)'u' when at + 6 <= text.Length && int.TryParse(text.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                    return new(char.IsAsciiLetterOrDigit((char)code) ? Strange : code, 6, false);
                case var same: return new(same, 2, false);
            }
        }

        if (first < 0x80) return new(first, 1, char.IsAsciiLetter((char)first));
        Rune.DecodeFromUtf8(text[at..], out var rune, out var length);
        return new(rune.Value, Math.Max(1, length), false);
    }
}
