using System.Text.Json;

namespace Stillhunt.Ingest.Json;

/// <summary>
/// OTLP's AnyValue: <c>{"stringValue": ..}</c>, <c>{"arrayValue": {"values": [..]}}</c>, <c>{"kvlistValue": {"values": [{"key", "value"}]}}</c>.
/// Members may be named as in the protocol's definition, too (<c>string_value</c>). Turned into plain JSON with one reader in one pass, however deep it nests.
/// </summary>
internal static class OtlpValue
{
    /// <summary>The plain value: a scalar as it is, a string that holds JSON as that JSON, a structure converted.</summary>
    public static JsonValue Plain(JsonValue any, JsonScratch scratch)
    {
        var scalar = Scalar(any);
        if (scalar.IsString) return scratch.Inside(scalar);
        if (scalar.Exists || !any.IsObject) return scalar;
        var reader = JsonValue.Reader(any.Raw);
        reader.Read();
        scratch.Begin();
        WriteAny(ref reader, any.Raw, scratch);
        var json = scratch.End();
        return json.IsEmpty ? default : JsonValue.Of(json);
    }

    /// <summary>A string, number or boolean; absent for a structure.</summary>
    public static JsonValue Scalar(JsonValue any)
    {
        foreach (var property in any.Properties())
        {
            if (property.Is("stringValue"u8) || property.Is("intValue"u8) || property.Is("doubleValue"u8) || property.Is("boolValue"u8)
                || property.Is("string_value"u8) || property.Is("int_value"u8) || property.Is("double_value"u8) || property.Is("bool_value"u8)) return property.Value;
        }

        return default;
    }

    /// <summary>Writes the AnyValue whose opening brace the reader stands on; leaves the reader on its closing one.</summary>
    private static void WriteAny(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, JsonScratch scratch)
    {
        var written = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isArray = reader.ValueTextEquals("arrayValue"u8) || reader.ValueTextEquals("array_value"u8);
            var isList = reader.ValueTextEquals("kvlistValue"u8) || reader.ValueTextEquals("kvlist_value"u8);
            var isNumber = reader.ValueTextEquals("intValue"u8) || reader.ValueTextEquals("doubleValue"u8) || reader.ValueTextEquals("int_value"u8) || reader.ValueTextEquals("double_value"u8);
            reader.Read();
            if (written)
            {
                reader.Skip(); // An AnyValue has one member; a second would make the JSON written here malformed.
                continue;
            }

            written = true;
            if ((isArray || isList) && reader.TokenType == JsonTokenType.StartObject) WriteValues(ref reader, json, isArray, scratch);
            else WriteScalar(JsonValue.At(ref reader, json), isNumber, scratch);
        }

        if (!written) scratch.Write("null"u8);
    }

    private static void WriteValues(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, bool isArray, JsonScratch scratch)
    {
        scratch.Write(isArray ? "["u8 : "{"u8);
        var any = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isValues = reader.ValueTextEquals("values"u8);
            reader.Read();
            if (!isValues || reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType != JsonTokenType.StartObject)
                {
                    reader.Skip();
                    continue;
                }

                if (any) scratch.Write(","u8);
                any = true;
                if (isArray) WriteAny(ref reader, json, scratch);
                else WritePair(ref reader, json, scratch);
            }
        }

        scratch.Write(isArray ? "]"u8 : "}"u8);
    }

    /// <summary>A pair must start with its key, as every encoder writes it; one that does not becomes an unnamed null.</summary>
    private static void WritePair(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, JsonScratch scratch)
    {
        bool key = false, value = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isKey = !key && reader.ValueTextEquals("key"u8);
            var isValue = key && !value && reader.ValueTextEquals("value"u8);
            reader.Read();
            if (isKey && reader.TokenType == JsonTokenType.String)
            {
                key = true;
                WriteScalar(JsonValue.At(ref reader, json), false, scratch);
                scratch.Write(":"u8);
            }
            else if (isValue && reader.TokenType == JsonTokenType.StartObject)
            {
                value = true;
                WriteAny(ref reader, json, scratch);
            }
            else
            {
                reader.Skip();
            }
        }

        if (!key) scratch.Write("\"\":"u8);
        if (!value) scratch.Write("null"u8);
    }

    private static void WriteScalar(JsonValue value, bool isNumber, JsonScratch scratch)
    {
        // 64-bit numbers come as strings; written bare they are numbers again.
        var bare = !value.IsString || (isNumber && value.TryGetLooseCount(out _));
        if (!bare) scratch.Write("\""u8);
        scratch.Write(value.IsObject || value.IsArray ? "null"u8 : value.Raw);
        if (!bare) scratch.Write("\""u8);
    }
}
