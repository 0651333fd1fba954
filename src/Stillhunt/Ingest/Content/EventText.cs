using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Content;

/// <summary>Reads a stream of server-sent events that was logged as text.</summary>
internal static class EventText
{
    /// <summary>The array of its events; false where the text is no stream, or none of its events can be read. One that was cut is passed by.</summary>
    public static bool TryRead(JsonValue text, JsonScratch scratch, out JsonValue events)
    {
        events = default;
        if (!text.IsString || !(text.Raw.StartsWith("data:"u8) || text.Raw.StartsWith("event:"u8) || text.Raw.StartsWith(":"u8))) return false;
        var lines = scratch.Plain(text);
        scratch.Begin();
        var any = false;
        while (!lines.IsEmpty)
        {
            var end = lines.IndexOf((byte)'\n');
            var line = end < 0 ? lines : lines[..end];
            lines = end < 0 ? default : lines[(end + 1)..];
            if (!line.StartsWith("data:"u8) || !JsonValue.TryOfInner(line["data:"u8.Length..].Trim(" \r"u8), out var told)) continue;
            scratch.Write(any ? ","u8 : "["u8);
            scratch.Write(told.Raw);
            any = true;
        }

        if (!any) return false;
        scratch.Write("]"u8);
        return JsonValue.TryOf(scratch.End(), out events);
    }
}
