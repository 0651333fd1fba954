namespace Stillhunt.Ingest.Json;

/// <summary>
/// Turns Python's repr of lists, dictionaries, strings, numbers and constants into JSON: older instrumentations logged
/// <c>[{'role': 'user', 'content': 'Hi'}]</c>. One pass; whatever does not come out as JSON is left alone.
/// </summary>
internal static class PythonLiteral
{
    public static bool TryRead(JsonValue text, JsonScratch scratch, out JsonValue json)
    {
        json = default;
        if (!text.IsString || text.Raw.Length < 2 || text.Raw[0] is not ((byte)'[' or (byte)'{')) return false;
        var plain = new byte[text.Raw.Length];
        ReadOnlySpan<byte> source = plain.AsSpan(0, JsonText.Unescape(text.Raw, plain));
        scratch.Begin();
        while (!source.IsEmpty)
        {
            if (source[0] is (byte)'\'' or (byte)'"')
            {
                if (!WriteString(ref source, scratch)) return false;
            }
            else if (!WriteWord(ref source, scratch, "True"u8, "true"u8) && !WriteWord(ref source, scratch, "False"u8, "false"u8)
                && !WriteWord(ref source, scratch, "None"u8, "null"u8))
            {
                var mark = source[0] switch { (byte)'(' => (byte)'[', (byte)')' => (byte)']', var same => same };
                scratch.Write([mark]);
                source = source[1..];
            }
        }

        return JsonValue.TryOf(scratch.End(), out json);
    }

    private static bool WriteWord(ref ReadOnlySpan<byte> source, JsonScratch scratch, ReadOnlySpan<byte> python, ReadOnlySpan<byte> json)
    {
        if (!source.StartsWith(python)) return false;
        scratch.Write(json);
        source = source[python.Length..];
        return true;
    }

    private static bool WriteString(ref ReadOnlySpan<byte> source, JsonScratch scratch)
    {
        var quote = source[0];
        source = source[1..];
        scratch.Write("\""u8);
        while (true)
        {
            var stop = source.IndexOfAny(quote, (byte)'\\', (byte)'"');
            if (stop < 0) return false;
            scratch.Write(source[..stop]);
            var found = source[stop];
            source = source[(stop + 1)..];
            if (found == quote)
            {
                scratch.Write("\""u8);
                return true;
            }

            if (found == (byte)'"') scratch.Write("\\\""u8);
            else if (!WriteEscape(ref source, scratch)) return false;
        }
    }

    private static bool WriteEscape(ref ReadOnlySpan<byte> source, JsonScratch scratch)
    {
        if (source.IsEmpty) return false;
        var letter = source[0];
        switch (letter)
        {
            case (byte)'\'':
                scratch.Write("'"u8);
                break;
            case (byte)'x':
                if (source.Length < 3) return false;
                scratch.Write("\\u00"u8);
                scratch.Write(source[1..3]);
                source = source[3..];
                return true;
            case (byte)'\\' or (byte)'"' or (byte)'n' or (byte)'r' or (byte)'t' or (byte)'b' or (byte)'f' or (byte)'u':
                scratch.Write("\\"u8);
                scratch.Write([letter]);
                break;
            default:
                scratch.Write("\\\\"u8);
                scratch.Write([letter]);
                break;
        }

        source = source[1..];
        return true;
    }
}
