namespace Stillhunt.Response.Countermeasures;

/// <summary>One server-sent event, taken apart.</summary>
internal readonly ref struct ServerEvent
{
    private ServerEvent(ReadOnlySpan<byte> data, byte[] otherLines, bool isEvent)
    {
        Data = data;
        OtherLines = otherLines;
        IsEvent = isEvent;
    }

    /// <summary>The data lines, joined by line feeds.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Every line that is no data (event, id, retry, comments) as it came, each with its end.</summary>
    public byte[] OtherLines { get; }

    /// <summary>Whether every line is a field that events have, or a comment. Others say nothing to whoever reads events, and may be an answer of another form.</summary>
    public bool IsEvent { get; }

    public static ServerEvent Of(ReadOnlySpan<byte> whole)
    {
        ReadOnlySpan<byte> data = default;
        var (hasData, isEvent) = (false, true);
        List<byte>? joined = null;
        var others = new List<byte>();
        if (whole.StartsWith("\uFEFF"u8)) whole = whole[3..];
        while (!whole.IsEmpty)
        {
            var end = whole.IndexOfAny((byte)'\r', (byte)'\n');
            var line = end < 0 ? whole : whole[..end];
            var next = end < 0 ? whole.Length : end + (whole[end..].StartsWith("\r\n"u8) ? 2 : 1);
            if (IsField(line, "data"u8))
            {
                var piece = line.Length <= 5 ? default : line[5] == (byte)' ' ? line[6..] : line[5..];
                if (!hasData) data = piece;
                else
                {
                    joined ??= [.. data];
                    joined.Add((byte)'\n');
                    joined.AddRange(piece);
                }

                hasData = true;
            }
            else if (!line.IsEmpty)
            {
                isEvent &= line[0] == (byte)':' || IsField(line, "event"u8) || IsField(line, "id"u8) || IsField(line, "retry"u8);
                others.AddRange(whole[..next]);
                if (end < 0) others.Add((byte)'\n');
            }

            whole = whole[next..];
        }

        return new ServerEvent(joined is null ? data : joined.ToArray(), [.. others], isEvent);
    }

    private static bool IsField(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) => line.StartsWith(name) && (line.Length == name.Length || line[name.Length] == (byte)':');

    /// <summary>Writes an event: the other lines, then the data, one line for each of its lines.</summary>
    public static void Write(ReadOnlySpan<byte> otherLines, ReadOnlySpan<byte> data, System.Buffers.IBufferWriter<byte> to)
    {
        Put(to, otherLines);
        foreach (var range in data.Split((byte)'\n'))
        {
            Put(to, "data: "u8);
            Put(to, data[range]);
            Put(to, "\n"u8);
        }

        Put(to, "\n"u8);
    }

    private static void Put(System.Buffers.IBufferWriter<byte> to, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(to.GetSpan(bytes.Length));
        to.Advance(bytes.Length);
    }
}
