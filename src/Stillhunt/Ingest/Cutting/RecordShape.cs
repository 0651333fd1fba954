using System.Text.Json;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Cutting;

/// <summary>Tells from a log's first bytes whether a record is a line or a JSON document over several lines.</summary>
internal static class RecordShape
{
    /// <summary>Lines that are looked at for a record that stands alone.</summary>
    private const int LinesLookedAt = 20;

    private static readonly JsonReaderOptions OneAfterTheOther = new() { MaxDepth = JsonValue.MaxDepth, AllowMultipleValues = true };

    /// <summary>
    /// True for pretty-printed JSON, for an array over several lines, and for objects one behind the other on a line, as Firehose writes them. A first line that is whole, or that is broken with another record in
    /// the next line, or a whole object in one of the next lines where no JSON before it lets it stand, means JSON Lines: there a broken line must cost that line only.
    /// </summary>
    public static bool SpansLines(ReadOnlySpan<byte> start, bool final)
    {
        start = start.TrimStart(" \t\r\n"u8);
        if (start.IsEmpty || start[0] is not ((byte)'{' or (byte)'[')) return false;
        var end = start.IndexOf((byte)'\n');
        if (start[0] == (byte)'{' && HasAnotherBehind(end < 0 ? start : start[..end])) return true;
        // One line as long as the whole look: an array is cut into its objects, so that it may be longer than a record.
        if (end < 0) return start[0] == (byte)'[' && !final;
        var first = start[..end];
        if (IsWhole(first)) return false;
        var next = start[end..].TrimStart(" \t\r\n"u8);
        if (next.IsEmpty) return false;
        // "[" alone or "[{...}," opens an array whose further lines start with braces as well.
        return (start[0] == (byte)'[' || next[0] != (byte)'{') && !HasLineOfItsOwn(start, end + 1, final);
    }

    /// <summary>Whether a whole object and the start of another stand on the line.</summary>
    private static bool HasAnotherBehind(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line, isFinalBlock: false, new JsonReaderState(OneAfterTheOther));
            if (!reader.Read() || !reader.TrySkip()) return false;
            var behind = line[(int)reader.BytesConsumed..].TrimStart(" \t\r"u8);
            return !behind.IsEmpty && behind[0] == (byte)'{';
        }
        catch (JsonException)
        {
            return false; // The answer to the question asked, not a fault.
        }
    }

    /// <summary>Whether one of the first lines is an object by itself, and no part of a document that started before it. Objects inside an indented document do not start their lines.</summary>
    private static bool HasLineOfItsOwn(ReadOnlySpan<byte> start, int from, bool final)
    {
        for (var i = 1; i < LinesLookedAt && from < start.Length; i++)
        {
            var length = start[from..].IndexOf((byte)'\n');
            if (length < 0 && !final) return false;
            var line = length < 0 ? start[from..] : start.Slice(from, length);
            if (line.StartsWith("{"u8) && IsWhole(line) && !IsJsonSoFar(start[..(from + 1)])) return true;
            from += line.Length + 1;
        }

        return false;
    }

    private static bool IsJsonSoFar(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text, isFinalBlock: false, new JsonReaderState(OneAfterTheOther));
            while (reader.Read()) continue;
            return true;
        }
        catch (JsonException)
        {
            return false; // The answer to the question asked, not a fault.
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = JsonValue.Reader(line);
            reader.Read();
            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false; // The answer to the question asked, not a fault.
        }
    }
}
