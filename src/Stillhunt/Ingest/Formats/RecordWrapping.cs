using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>
/// Exports wrap their records: <c>{"data": [...]}</c>, <c>{"Records": [...]}</c>, and CloudWatch <c>{"timestamp": .., "message": "{...}"}</c>, which its subscriptions
/// (Firehose, Kinesis) wrap once more: <c>{"logGroup": .., "logEvents": [...]}</c>.
/// </summary>
internal static class RecordWrapping
{
    public static bool IsRows(JsonProperty property)
    {
        if (property.Value.IsArray)
            return property.Is("data"u8) || property.Is("Records"u8) || property.Is("records"u8) || property.Is("events"u8) || property.Is("logEvents"u8) || property.Is("observations"u8);
        if (!property.Is("message"u8) && !property.Is("@message"u8)) return false;
        return property.Value.IsObject || (property.Value.IsString && property.Value.Raw.StartsWith("{"u8));
    }

    /// <summary>What is wrapped, or nothing.</summary>
    public static JsonValue Find(JsonValue record, JsonScratch scratch)
    {
        foreach (var property in record.Properties())
        {
            if (!IsRows(property)) continue;
            var inside = scratch.Inside(property.Value);
            return inside.IsString ? default : inside;
        }

        return default;
    }
}
