using Stillhunt.Ingest.Json;

namespace Stillhunt.Response.Countermeasures;

/// <summary>The JSON of a stream's events, for whoever keeps a log of it.</summary>
public static class AnswerEventsData
{
    /// <summary>Whether it is a JSON object that can stand inside a line of a log.</summary>
    public static bool IsObject(ReadOnlySpan<byte> json) => JsonValue.TryOfInner(json, out var value) && value.IsObject;

    /// <summary>The data of every event that holds a JSON object, in order; a last one that broke off is left out.</summary>
    public static IReadOnlyList<byte[]> Of(ReadOnlySpan<byte> stream)
    {
        var cutter = new EventCutter();
        cutter.Add(stream);
        cutter.End();
        var all = new List<byte[]>();
        while (cutter.TryTake(out var whole))
        {
            var data = ServerEvent.Of(whole).Data;
            if (IsObject(data)) all.Add(data.ToArray());
        }

        return all;
    }

    /// <summary>Whether an event of the Responses API holds the whole answer.</summary>
    internal static bool IsLast(JsonValue data) => data.Get("type"u8) is var type && (type.Is("response.completed"u8) || type.Is("response.incomplete"u8) || type.Is("response.failed"u8));

    /// <summary>The response of a Responses stream's last event; null where the stream broke off before it.</summary>
    public static byte[]? Whole(IReadOnlyList<byte[]> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        for (var i = events.Count - 1; i >= 0; i--)
        {
            if (!JsonValue.TryOf(events[i], out var data)) continue;
            if (IsLast(data) && data.Get("response"u8) is { IsObject: true } response) return response.Raw.ToArray();
        }

        return null;
    }
}
