using System.Globalization;

namespace Stillhunt.Sharing.Stix;

/// <summary>STIX timestamps: RFC 3339 in UTC with a Z (STIX 2.1, section 2.10).</summary>
internal static class StixTime
{
    public static string Write(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>With microseconds, as TAXII servers give them (TAXII 2.1, section 1.7.2).</summary>
    public static string WriteMicroseconds(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Any number of decimals; only the letter Z as the zone.</summary>
    public static bool TryRead(string? text, out DateTimeOffset time)
    {
        time = default;
        return text is { Length: >= 20 and <= 40 } && text[^1] == 'Z' && text[10] == 'T'
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
    }
}
