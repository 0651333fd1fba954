using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest;

/// <summary>
/// Reads times. A time that cannot be trusted is refused with a reason: a wrong time is silent false data, and rhythm,
/// hand-over and lockstep all rest on it.
/// </summary>
internal static class LogTime
{
    private static readonly SearchValues<byte> NumberBytes = SearchValues.Create("0123456789.eE+"u8);

    public const string Missing = "no-time";
    public const string Unreadable = "time-unreadable";
    public const string WithoutZone = "time-without-zone";
    public const string OutOfRange = "time-out-of-range";

    // No model was sold before 2000; a clock that says 2100 is wrong. Seconds since 1970 of both.
    private const long EarliestMs = 946_684_800_000;
    internal const long LatestMs = 4_102_444_800_000;

    /// <summary>
    /// Milliseconds since 1970 UTC, or the reason why not. A time without zone is read only where the format at hand fixes UTC
    /// (<paramref name="zoneIsUtc"/>).
    /// </summary>
    public static bool TryRead(JsonValue value, bool zoneIsUtc, out long milliseconds, out string? reason)
    {
        milliseconds = 0;
        reason = Unreadable;
        if (!value.Exists)
        {
            reason = Missing;
            return false;
        }

        if (value.IsNumber) return TryReadEpoch(value.Raw, out milliseconds, out reason);
        if (!value.IsString || value.Raw.Length > 64) return false;
        return value.Escaped ? TryReadEscaped(value, zoneIsUtc, out milliseconds, out reason) : TryRead(value.Raw, zoneIsUtc, out milliseconds, out reason);
    }

    private static bool TryReadEscaped(JsonValue value, bool zoneIsUtc, out long milliseconds, out string? reason)
    {
        Span<byte> text = stackalloc byte[64];
        return TryRead(text[..JsonText.Unescape(value.Raw, text)], zoneIsUtc, out milliseconds, out reason);
    }

    /// <summary>As for a JSON value, from plain text.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, bool zoneIsUtc, out long milliseconds, out string? reason)
    {
        text = text.Trim((byte)' ');
        milliseconds = 0;
        reason = Missing;
        if (text.IsEmpty) return false;
        if (text.IndexOfAnyExcept(NumberBytes) < 0) return TryReadEpoch(text, out milliseconds, out reason);
        reason = Unreadable;
        if (!TryReadDay(text, out var ticks)) return false;
        if (text.Length == 10 || text[10] is not ((byte)'T' or (byte)'t' or (byte)' ')) return false;
        if (!TryReadClock(text[11..], out var clock, out var used)) return false;
        ticks += clock;
        var zone = text[(11 + used)..].Trim((byte)' ');
        if (zone.IsEmpty)
        {
            reason = WithoutZone;
            if (!zoneIsUtc) return false;
        }
        else if (!TryReadOffset(zone, out var offset))
        {
            return false;
        }
        else
        {
            ticks -= offset;
        }

        return InRange((ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond, out milliseconds, out reason);
    }

    /// <summary>RFC 3339 in UTC with milliseconds.</summary>
    public static string Format(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static bool TryReadEpoch(ReadOnlySpan<byte> text, out long milliseconds, out string? reason)
    {
        // Seconds have 10 digits from 2001 to 2286, milliseconds 13, microseconds 16, nanoseconds 19: the magnitude tells.
        if (Utf8Parser.TryParse(text, out long whole, out var used) && used == text.Length)
        {
            var scaled = whole switch
            {
                < 100_000_000_000 => whole > 0 ? whole * 1000 : -1,
                < 100_000_000_000_000 => whole,
                < 100_000_000_000_000_000 => whole / 1000,
                _ => whole / 1_000_000,
            };
            return InRange(scaled, out milliseconds, out reason);
        }

        milliseconds = 0;
        reason = Unreadable;
        if (!Utf8Parser.TryParse(text, out double number, out used) || used != text.Length || !double.IsFinite(number)) return false;
        var asMilliseconds = number switch { < 1e11 => number * 1e3, < 1e14 => number, < 1e17 => number / 1e3, _ => number / 1e6 };
        return InRange(asMilliseconds is > 0 and < 1e15 ? (long)Math.Round(asMilliseconds) : -1, out milliseconds, out reason);
    }

    private static bool InRange(long value, out long milliseconds, out string? reason)
    {
        var good = value is >= EarliestMs and < LatestMs;
        milliseconds = good ? value : 0;
        reason = good ? null : OutOfRange;
        return good;
    }

    private static bool TryReadDay(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.Length < 10 || text[4] != (byte)'-' || text[7] != (byte)'-') return false;
        if (!Digits(text[..4], out var year) || !Digits(text[5..7], out var month) || !Digits(text[8..10], out var day)) return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        ticks = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks;
        return true;
    }

    private static bool TryReadClock(ReadOnlySpan<byte> text, out long ticks, out int used)
    {
        ticks = used = 0;
        if (text.Length < 5 || text[2] != (byte)':' || !Digits(text[..2], out var hour) || !Digits(text[3..5], out var minute)) return false;
        if (hour > 23 || minute > 59) return false;
        ticks = hour * TimeSpan.TicksPerHour + minute * TimeSpan.TicksPerMinute;
        used = 5;
        if (text.Length < 8 || text[5] != (byte)':') return true;
        // 60 is a leap second; it counts as the first of the next minute.
        if (!Digits(text[6..8], out var second) || second > 60) return false;
        ticks += second * TimeSpan.TicksPerSecond;
        used = 8;
        if (used >= text.Length || text[used] is not ((byte)'.' or (byte)',')) return true;
        used++;
        var unit = TimeSpan.TicksPerSecond / 10;
        var digits = 0;
        for (; used < text.Length && char.IsAsciiDigit((char)text[used]); used++, digits++)
        {
            ticks += (text[used] - '0') * unit;
            unit /= 10;
        }

        return digits > 0;
    }

    private static bool TryReadOffset(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text is [(byte)'Z' or (byte)'z'] || text.SequenceEqual("UTC"u8) || text.SequenceEqual("GMT"u8)) return true;
        if (text[0] is not ((byte)'+' or (byte)'-')) return false;
        var minute = 0;
        if (text.Length < 3 || !Digits(text[1..3], out var hour)) return false;
        var rest = text[3..];
        if (!rest.IsEmpty && rest[0] == (byte)':') rest = rest[1..];
        if (!rest.IsEmpty && (rest.Length != 2 || !Digits(rest, out minute))) return false;
        if (rest.IsEmpty && text.Length != 3) return false;
        if (hour > 14 || minute > 59) return false;
        ticks = (hour * TimeSpan.TicksPerHour + minute * TimeSpan.TicksPerMinute) * (text[0] == (byte)'-' ? -1 : 1);
        return true;
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit((char)digit)) return false;
            value = value * 10 + digit - '0';
        }

        return true;
    }
}
