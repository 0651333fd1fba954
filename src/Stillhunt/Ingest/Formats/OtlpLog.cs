using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>The names of the GenAI events among log records.</summary>
internal static class OtlpLog
{
    /// <summary>The event's name: a field today, an attribute before.</summary>
    public static JsonValue EventName(JsonValue log)
    {
        var name = Get(log, "eventName"u8, "event_name"u8);
        if (name.IsString && !name.Raw.IsEmpty) return name;
        foreach (var attribute in log.Get("attributes"u8).Items())
        {
            if (attribute.Get("key"u8).Is("event.name"u8)) return OtlpValue.Scalar(attribute.Get("value"u8));
        }

        return default;
    }

    /// <summary>A property by its name in JSON, or else by that in the protocol's definition.</summary>
    public static JsonValue Get(JsonValue value, ReadOnlySpan<byte> name, ReadOnlySpan<byte> defined) => value.Get(name) is { Exists: true } found ? found : value.Get(defined);

    public static bool IsMessage(JsonValue name) =>
        IsChoice(name) || (name.IsString && name.Raw.StartsWith("gen_ai."u8) && name.Raw.EndsWith(".message"u8));

    public static bool IsChoice(JsonValue name) => name.Is("gen_ai.choice"u8);

    /// <summary>Whose message an event of the older convention is.</summary>
    public static PartRole RoleOf(JsonValue name) =>
        name.Is("gen_ai.system.message"u8) ? PartRole.System
        : name.Is("gen_ai.assistant.message"u8) ? PartRole.Assistant
        : name.Is("gen_ai.tool.message"u8) ? PartRole.Tool : PartRole.User;
}
