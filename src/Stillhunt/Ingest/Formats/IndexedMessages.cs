using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>
/// Messages that an older instrumentation spreads over attributes, one a field: <c>gen_ai.prompt.0.role</c>, <c>gen_ai.prompt.0.content</c>. They
/// stand in order, the role before its content.
/// </summary>
internal static class IndexedMessages
{
    public static JsonValue Read(JsonValue attributes, ReadOnlySpan<byte> prefix, JsonScratch scratch)
    {
        scratch.Begin();
        scratch.Write("["u8);
        var role = default(JsonValue);
        var any = false;
        foreach (var attribute in attributes.Items())
        {
            var key = attribute.Get("key"u8);
            if (!key.IsString || !key.Raw.StartsWith(prefix)) continue;
            var value = OtlpValue.Scalar(attribute.Get("value"u8));
            if (!value.IsString) continue;
            if (key.Raw.EndsWith(".role"u8))
            {
                role = value;
            }
            else if (key.Raw.EndsWith(".content"u8))
            {
                scratch.Write(any ? ",{\"role\":\""u8 : "{\"role\":\""u8);
                scratch.Write(role.IsString ? role.Raw : "user"u8);
                scratch.Write("\",\"content\":\""u8);
                scratch.Write(value.Raw);
                scratch.Write("\"}"u8);
                any = true;
                role = default;
            }
        }

        scratch.Write("]"u8);
        return any ? JsonValue.Of(scratch.End()) : default;
    }
}
