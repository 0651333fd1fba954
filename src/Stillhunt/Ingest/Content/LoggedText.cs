using System.Buffers.Text;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Content;

/// <summary>
/// Moves text from a log into an exchange and leaves behind what the logger, not the caller, wrote: placeholders of redaction
/// and marks of truncation. Ten thousand redacted prompts must not become one popular template.
/// </summary>
internal static class LoggedText
{
    // LiteLLM cuts long strings in the middle and leaves "... (litellm_truncated skipped N chars. <note>) ..." there.
    private static ReadOnlySpan<byte> TruncationMark => "(litellm_truncated skipped "u8;

    /// <summary>Appends a JSON string's text, cleaned; returns the length appended, 0 where nothing of the caller's remains.</summary>
    public static int AppendText(this Exchange exchange, JsonValue text)
    {
        var start = exchange.Position;
        var room = exchange.Append(text.Raw.Length);
        var length = text.Escaped ? JsonText.Unescape(text.Raw, room) : Copy(text.Raw, room);
        exchange.Trim(room.Length - length);
        return Clean(exchange, start);
    }

    /// <summary>Cleans what was appended from <paramref name="start"/> on; returns the length that remains.</summary>
    public static int Clean(Exchange exchange, int start)
    {
        var appended = exchange.Appended(start);
        var kept = IsPlaceholder(appended) ? 0 : RemoveTruncationMarks(appended);
        if (kept > 0 && kept < appended.Length) exchange.Truncated = true;
        exchange.Trim(appended.Length - kept);
        return kept;
    }

    /// <summary>
    /// Sets a field from a string, and where <paramref name="numbers"/> says so from a number's digits. An empty string is an
    /// absent value in every log seen. Returns false for a wrong type, which leaves the field absent.
    /// </summary>
    public static bool SetText(this Exchange exchange, ExchangeField field, JsonValue value, bool numbers = false)
    {
        if (value.IsString)
        {
            if (IsHeldAsItIs(exchange, value, out var start))
            {
                exchange.SetHeld(field, start, value.Raw.Length);
                return true;
            }

            var length = exchange.AppendText(value);
            if (length > 0) exchange.SetAppended(field, length);
            else exchange.Unset(field);
            return true;
        }

        exchange.Unset(field);
        if (!value.Exists) return true;
        if (!numbers || !value.IsNumber) return false;
        exchange.Set(field, value.Raw);
        return true;
    }

    /// <summary>Adds a JSON string as a part without copying it, where the exchange holds its record and there is nothing to resolve or clean in it.</summary>
    public static bool TryAddHeld(this Exchange exchange, PartRole role, JsonValue text)
    {
        if (!IsHeldAsItIs(exchange, text, out var start)) return false;
        exchange.AddPart(role, start, text.Raw.Length);
        return true;
    }

    private static bool IsHeldAsItIs(Exchange exchange, JsonValue text, out int start)
    {
        start = 0;
        return !text.Escaped && exchange.Holds(text.Raw, out start) && !IsPlaceholder(text.Raw)
            && (text.Raw.Length < TruncationMark.Length || text.Raw.IndexOf(TruncationMark) < 0);
    }

    /// <summary>Sets the network's number from a number, its digits, or "AS64500", always as digits; false for anything else.</summary>
    public static bool SetAsn(this Exchange exchange, JsonValue value)
    {
        exchange.Unset(ExchangeField.Asn);
        if (!value.Exists || (value.IsString && value.Raw.IsEmpty)) return true;
        if (!value.IsString && !value.IsNumber) return false;
        var digits = value.Raw;
        if (value.IsString && digits.Length > 2 && Same(digits[..2], "as"u8)) digits = digits[2..];
        if (!Utf8Parser.TryParse(digits, out uint _, out var used) || used != digits.Length) return false;
        exchange.Set(ExchangeField.Asn, digits);
        return true;
    }

    /// <summary>Whether a whole text is only a logger's stand-in for a redacted one.</summary>
    public static bool IsPlaceholder(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 6 or > 40 || !OpensPlaceholder[text[0]] || !MayHold(text)) return false;
        text = text.Trim(" \t\r\n[]<>(){}*_-."u8);
        return text.Length switch
        {
            6 => Same(text, "masked"u8),
            8 => Same(text, "redacted"u8) || Same(text, "filtered"u8),
            15 => Same(text, "prompt redacted"u8) || Same(text, "redacted prompt"u8),
            16 => Same(text, "content redacted"u8) || Same(text, "redacted content"u8) || Same(text, "message redacted"u8),
            19 => Same(text, "redacted-by-litellm"u8) || Same(text, "redacted by litellm"u8),
            _ => false,
        };
    }

    /// <summary>False where a text that starts with a letter starts as none of the words of a placeholder.</summary>
    private static bool MayHold(ReadOnlySpan<byte> text) => !char.IsAsciiLetter((char)text[0]) || ((text[1] | 0x20) switch
    {
        'a' or 'e' or 'i' or 'r' or 'o' => (text[2] | 0x20) is 's' or 'd' or 'l' or 'o' or 'n',
        _ => false,
    });

    private static readonly bool[] OpensPlaceholder =
        [.. Enumerable.Range(0, 256).Select(b => " \t\r\n[]<>(){}*_-.RrMmFfPpCc".Contains((char)b, StringComparison.Ordinal))];

    private static bool Same(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower)
    {
        for (var i = 0; i < lower.Length; i++)
        {
            if ((text[i] | 0x20) != (lower[i] | 0x20)) return false;
        }

        return true;
    }

    private static int Copy(ReadOnlySpan<byte> from, Span<byte> to)
    {
        from.CopyTo(to);
        return from.Length;
    }

    private static int RemoveTruncationMarks(Span<byte> text)
    {
        if (text.Length < TruncationMark.Length) return text.Length;
        var read = 0;
        var written = 0;
        while (true)
        {
            var rest = text[read..];
            var mark = ((ReadOnlySpan<byte>)rest).IndexOf(TruncationMark);
            var close = mark < 0 ? -1 : rest[mark..].IndexOf((byte)')');
            if (close < 0)
            {
                if (read == 0) return text.Length;
                rest.CopyTo(text[written..]);
                return written + rest.Length;
            }

            // The dots and spaces around the mark are the logger's too; a newline keeps the two halves from forming a sentence.
            var head = ((ReadOnlySpan<byte>)rest[..mark]).TrimEnd(" ."u8).Length;
            rest[..head].CopyTo(text[written..]);
            written += head;
            text[written++] = (byte)'\n';
            var tail = ((ReadOnlySpan<byte>)rest[(mark + close + 1)..]).TrimStart(" ."u8).Length;
            read = text.Length - tail;
        }
    }
}
