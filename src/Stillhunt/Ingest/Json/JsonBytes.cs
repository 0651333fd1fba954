using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Stillhunt.Ingest.Json;

/// <summary>
/// Passes over JSON values in UTF-8 as strictly as <see cref="Utf8JsonReader"/> does (RFC 8259, no comments, no trailing commas, depth up to
/// <see cref="JsonValue.MaxDepth"/>), and in one sweep: where the framework's reader goes byte by byte from a string's first escape on, and most prompts have one,
/// this one looks for the next byte that matters with vectors. What was passed over once is known to be well-formed, and is passed over again without the checks.
/// </summary>
internal static class JsonBytes
{
    private const byte Space = 1, Digit = 2;

    private static readonly SearchValues<byte> StringBreaks =
        SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);

    private static readonly byte[] Classes = MakeClasses();

    /// <summary>The first byte from <paramref name="at"/> on that is no white space, or the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SkipSpace(ReadOnlySpan<byte> json, int at)
    {
        while ((uint)at < (uint)json.Length && Classes[json[at]] == Space) at++;
        return at;
    }

    /// <summary>The position behind the value that starts at <paramref name="at"/>. Throws <see cref="JsonException"/>.</summary>
    /// <param name="depth">How many levels it stands in.</param>
    public static int SkipValue(ReadOnlySpan<byte> json, int at, int depth, bool known, out JsonTokenType type, out bool escaped)
    {
        escaped = false;
        if ((uint)at >= (uint)json.Length) throw Malformed();
        switch (json[at])
        {
            case (byte)'"':
                type = JsonTokenType.String;
                return SkipString(json, at, known, out escaped);
            case (byte)'{':
                type = JsonTokenType.StartObject;
                return known ? SkipKnown(json, at) : SkipNested(json, at, depth);
            case (byte)'[':
                type = JsonTokenType.StartArray;
                return known ? SkipKnown(json, at) : SkipNested(json, at, depth);
            case (byte)'t':
                type = JsonTokenType.True;
                return SkipLiteral(json, at, "true"u8);
            case (byte)'f':
                type = JsonTokenType.False;
                return SkipLiteral(json, at, "false"u8);
            case (byte)'n':
                type = JsonTokenType.Null;
                return SkipLiteral(json, at, "null"u8);
            default:
                type = JsonTokenType.Number;
                return SkipNumber(json, at);
        }
    }

    /// <summary>The position behind the string whose opening quote stands at <paramref name="at"/>.</summary>
    public static int SkipString(ReadOnlySpan<byte> json, int at, bool known, out bool escaped)
    {
        escaped = false;
        if (known) return SkipKnownString(json, at, out escaped);
        at++;
        while (true)
        {
            var found = json[at..].IndexOfAny(StringBreaks);
            if (found < 0) throw Malformed();
            at += found;
            if (json[at] == (byte)'"') return at + 1;
            if (json[at] != (byte)'\\') throw Malformed(); // A control character.
            escaped = true;
            at = SkipEscape(json, at);
        }
    }

    public static JsonException Malformed() => new("malformed JSON");

    /// <summary>Whether the backslash at a position starts an escape that JSON knows.</summary>
    public static bool IsEscape(ReadOnlySpan<byte> json, int at) => EscapeLength(json, at) > 0;

    private static int SkipEscape(ReadOnlySpan<byte> json, int at)
    {
        var length = EscapeLength(json, at);
        return length > 0 ? at + length : throw Malformed();
    }

    private static int EscapeLength(ReadOnlySpan<byte> json, int at)
    {
        if (at + 1 >= json.Length) return 0;
        if (json[at + 1] is (byte)'n' or (byte)'"' or (byte)'\\' or (byte)'t' or (byte)'/' or (byte)'r' or (byte)'b' or (byte)'f') return 2;
        if (json[at + 1] != (byte)'u' || at + 6 > json.Length) return 0;
        for (var i = at + 2; i < at + 6; i++)
        {
            if (!char.IsAsciiHexDigit((char)json[i])) return 0;
        }

        return 6;
    }

    /// <summary>A quote ends a well-formed string unless an odd number of backslashes stands before it.</summary>
    private static int SkipKnownString(ReadOnlySpan<byte> json, int at, out bool escaped)
    {
        var start = at + 1;
        var end = start;
        while (true)
        {
            end += json[end..].IndexOf((byte)'"');
            var slash = end;
            while (slash > start && json[slash - 1] == (byte)'\\') slash--;
            if (((end - slash) & 1) == 0) break;
            end++;
        }

        escaped = json[start..end].Contains((byte)'\\');
        return end + 1;
    }

    private static int SkipKnown(ReadOnlySpan<byte> json, int at)
    {
        var depth = 0;
        while (true)
        {
            at += json[at..].IndexOfAny(Structure);
            switch (json[at])
            {
                case (byte)'"':
                    at = SkipKnownEnd(json, at + 1);
                    continue;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                default:
                    if (--depth == 0) return at + 1;
                    break;
            }

            at++;
        }
    }

    private static int SkipKnownEnd(ReadOnlySpan<byte> json, int start)
    {
        var end = start;
        while (true)
        {
            end += json[end..].IndexOf((byte)'"');
            var slash = end;
            while (slash > start && json[slash - 1] == (byte)'\\') slash--;
            if (((end - slash) & 1) == 0) return end + 1;
            end++;
        }
    }

    /// <summary>An object or array of any depth, without recursion: one bit a level says which of the two it is.</summary>
    private static int SkipNested(ReadOnlySpan<byte> json, int at, int depth)
    {
        Span<ulong> objects = stackalloc ulong[(JsonValue.MaxDepth / 64) + 1];
        var level = 0;
        while (true)
        {
            // At a value.
            at = SkipSpace(json, at);
            if ((uint)at >= (uint)json.Length) throw Malformed();
            if (json[at] is (byte)'{' or (byte)'[')
            {
                if (depth + ++level > JsonValue.MaxDepth) throw Malformed();
                var isObject = json[at] == (byte)'{';
                ref var word = ref objects[level >> 6];
                word = isObject ? word | 1UL << (level & 63) : word & ~(1UL << (level & 63));
                at = SkipSpace(json, at + 1);
                if ((uint)at < (uint)json.Length && json[at] == (isObject ? (byte)'}' : (byte)']')) at++;
                else
                {
                    if (isObject) at = SkipName(json, at);
                    continue;
                }

                level--;
            }
            else
            {
                at = SkipValue(json, at, 0, known: false, out _, out _); // No object and no array: those are handled here.
            }

            // Behind a value.
            while (true)
            {
                if (level == 0) return at;
                at = SkipSpace(json, at);
                if ((uint)at >= (uint)json.Length) throw Malformed();
                var isObject = (objects[level >> 6] >> (level & 63) & 1) != 0;
                if (json[at] == (byte)',')
                {
                    at++;
                    if (isObject) at = SkipName(json, SkipSpace(json, at));
                    break;
                }

                if (json[at] != (isObject ? (byte)'}' : (byte)']')) throw Malformed();
                at++;
                level--;
            }
        }
    }

    private static int SkipName(ReadOnlySpan<byte> json, int at)
    {
        if ((uint)at >= (uint)json.Length || json[at] != (byte)'"') throw Malformed();
        at = SkipSpace(json, SkipString(json, at, known: false, out _));
        if ((uint)at >= (uint)json.Length || json[at] != (byte)':') throw Malformed();
        return at + 1;
    }

    private static int SkipLiteral(ReadOnlySpan<byte> json, int at, ReadOnlySpan<byte> literal) =>
        json[at..].StartsWith(literal) ? at + literal.Length : throw Malformed();

    private static int SkipNumber(ReadOnlySpan<byte> json, int at)
    {
        if (json[at] == (byte)'-') at++;
        if (at < json.Length && json[at] == (byte)'0') at++;
        else at = SkipDigits(json, at);
        if (at < json.Length && json[at] == (byte)'.') at = SkipDigits(json, at + 1);
        if (at >= json.Length || (json[at] | 0x20) != 'e') return at;
        at++;
        if (at < json.Length && json[at] is (byte)'+' or (byte)'-') at++;
        return SkipDigits(json, at);
    }

    /// <summary>At least one digit.</summary>
    private static int SkipDigits(ReadOnlySpan<byte> json, int at)
    {
        var start = at;
        while (at < json.Length && Classes[json[at]] == Digit) at++;
        return at > start ? at : throw Malformed();
    }

    private static byte[] MakeClasses()
    {
        var classes = new byte[256];
        foreach (var space in " \t\r\n"u8) classes[space] = Space;
        for (var digit = '0'; digit <= '9'; digit++) classes[digit] = Digit;
        return classes;
    }
}
