using System.Runtime.CompilerServices;
using System.Text;

namespace Stillhunt.Ingest.Json;

/// <summary>
/// Unescapes JSON string text. The framework's own copier throws on a lone surrogate (<c>\ud800</c>), which a caller can put
/// into a prompt at will: such a record would drop out of the scan, so here it becomes U+FFFD and the record stays.
/// </summary>
internal static class JsonText
{
    /// <summary>Writes the unescaped text, which is never longer than <paramref name="source"/>; returns its length.</summary>
    public static int Unescape(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var written = 0;
        while (true)
        {
            var plain = source.IndexOf((byte)'\\');
            if (plain < 0 || plain + 1 >= source.Length)
            {
                source.CopyTo(destination[written..]);
                return written + source.Length;
            }

            source[..plain].CopyTo(destination[written..]);
            written += plain;
            source = source[plain..];
            if (source[1] == (byte)'u')
            {
                written += UnescapeCodePoint(ref source, destination[written..]);
            }
            else
            {
                destination[written++] = source[1] switch
                {
                    (byte)'n' => (byte)'\n',
                    (byte)'t' => (byte)'\t',
                    (byte)'r' => (byte)'\r',
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    var same => same,
                };
                source = source[2..];
            }
        }
    }

    /// <summary>Whether a raw JSON property name is the given name, escapes resolved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool NameEquals(ReadOnlySpan<byte> raw, bool escaped, ReadOnlySpan<byte> name) =>
        escaped ? EscapedEquals(raw, name) : raw.SequenceEqual(name);

    /// <summary>
    /// Whether a raw JSON property name is the given one to a reader that passes over case, as Go's encoding/json does: also where a long s or a Kelvin sign stands for the letter that it folds to (Unicode, simple case folding).
    /// </summary>
    /// <param name="name">In lower case.</param>
    public static bool NameEqualsInAnyCase(ReadOnlySpan<byte> raw, bool escaped, ReadOnlySpan<byte> name)
    {
        if (raw.Length > 512) return false;
        Span<byte> plain = stackalloc byte[raw.Length];
        var left = escaped ? plain[..Unescape(raw, plain)] : raw;
        for (; !name.IsEmpty; name = name[1..])
        {
            var width = left.IsEmpty ? 0 : Ascii.EqualsIgnoreCase(left[..1], name[..1]) ? 1
                : name[0] == (byte)'s' && left.StartsWith("\u017F"u8) ? 2
                : name[0] == (byte)'k' && left.StartsWith("\u212A"u8) ? 3 : 0;
            if (width == 0) return false;
            left = left[width..];
        }

        return left.IsEmpty;
    }

    private static bool EscapedEquals(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> name)
    {
        if (raw.Length > 512) return false; // No name that is asked for is this long.
        Span<byte> plain = stackalloc byte[raw.Length];
        return plain[..Unescape(raw, plain)].SequenceEqual(name);
    }

    private static int UnescapeCodePoint(ref ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var unit = HexUnit(source);
        if (unit < 0)
        {
            destination[0] = (byte)'u';
            source = source[2..];
            return 1;
        }

        source = source[6..];
        var rune = Rune.ReplacementChar;
        if (char.IsHighSurrogate((char)unit))
        {
            if (source.Length >= 6 && source[0] == (byte)'\\' && source[1] == (byte)'u' && HexUnit(source) is >= 0xDC00 and <= 0xDFFF and var low)
            {
                rune = new Rune((char)unit, (char)low);
                source = source[6..];
            }
        }
        else if (!char.IsLowSurrogate((char)unit))
        {
            rune = new Rune((char)unit);
        }

        return rune.EncodeToUtf8(destination);
    }

    private static int HexUnit(ReadOnlySpan<byte> escape)
    {
        if (escape.Length < 6) return -1;
        var value = 0;
        for (var i = 2; i < 6; i++)
        {
            if (!char.IsAsciiHexDigit((char)escape[i])) return -1;
            value = (value << 4) | (escape[i] <= '9' ? escape[i] - '0' : (escape[i] | 0x20) - 'a' + 10);
        }

        return value;
    }
}
