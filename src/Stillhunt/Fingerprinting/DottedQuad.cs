namespace Stillhunt.Fingerprinting;

/// <summary>
/// An IPv4 address as it is nearly always written: four decimal numbers of up to three digits without leading zeros. Whatever else an address may look like is left to the
/// framework's parser, which makes an object of each.
/// </summary>
internal static class DottedQuad
{
    public static bool TryRead(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        if (text.Length is < 7 or > 15) return false;
        var at = 0;
        for (var part = 0; part < 4; part++)
        {
            if (part > 0 && (at == text.Length || text[at++] != (byte)'.')) return false;
            var start = at;
            var value = 0u;
            while (at < text.Length && (uint)(text[at] - '0') <= 9) value = (value * 10) + (uint)(text[at++] - '0');
            if (at == start || at - start > 3 || value > 255 || (text[start] == (byte)'0' && at - start > 1)) return false;
            address = address << 8 | value;
        }

        return at == text.Length;
    }
}
