using System.Text.Json;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Cutting;

/// <summary>Tells from a log's first bytes whether a record is a line or a JSON document over several lines.</summary>
internal static class RecordShape
{
    /// <summary>
    /// True for pretty-printed JSON and for an array over several lines. A first line that is whole, or that is broken with another record in
    /// the next line, means JSON Lines: there a broken line must cost that line only.
    /// </summary>
    public static bool SpansLines(ReadOnlySpan<byte> start, bool final)
    {
        start = start.TrimStart(" \t\r\n"u8);
        if (start.IsEmpty || start[0] is not ((byte)'{' or (byte)'[')) return false;
        var end = start.IndexOf((byte)'\n');
        // One line as long as the whole look: an array is cut into its objects, so that it may be longer than a record.
        if (end < 0) return start[0] == (byte)'[' && !final;
        var first = start[..end];
        if (IsWhole(first)) return false;
        var next = start[end..].TrimStart(" \t\r\n"u8);
        if (next.IsEmpty) return false;
        // "[" alone or "[{...}," opens an array whose further lines start with braces as well.
        return start[0] == (byte)'[' || next[0] != (byte)'{';
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
