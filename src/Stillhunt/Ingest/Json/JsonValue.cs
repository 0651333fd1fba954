using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Stillhunt.Ingest.Json;

/// <summary>
/// One JSON value as a slice of the record's bytes: no tree, no string, no allocation. A string's <see cref="Raw"/> is what
/// stands between its quotes, still escaped. Walking a level reads its bytes again, so code that walks a fixed number
/// of levels stays linear; whatever nests without limit is walked with one reader instead.
/// </summary>
internal readonly ref struct JsonValue
{
    /// <summary>Deeper nesting is refused: no log needs it, and a hostile one must not exhaust anything.</summary>
    public const int MaxDepth = 256;

    /// <summary>For what is passed on inside another JSON text, which may not nest deeper than <see cref="MaxDepth"/> then either.</summary>
    public const int InnerDepth = MaxDepth - 4;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth }, InnerOptions = new() { MaxDepth = InnerDepth };

    internal JsonValue(ReadOnlySpan<byte> raw, JsonTokenType type, bool escaped, bool known = false)
    {
        Raw = raw;
        Type = type;
        Escaped = escaped;
        Known = known;
    }

    public ReadOnlySpan<byte> Raw { get; }
    public JsonTokenType Type { get; }
    public bool Escaped { get; }

    /// <summary>Known to be well-formed throughout, because it was passed over before.</summary>
    public bool Known { get; }

    /// <summary>False for a property that is not there and for a JSON null: both mean unknown.</summary>
    public bool Exists => Type is not (JsonTokenType.None or JsonTokenType.Null);

    public bool IsString => Type == JsonTokenType.String;
    public bool IsObject => Type == JsonTokenType.StartObject;
    public bool IsArray => Type == JsonTokenType.StartArray;
    public bool IsNumber => Type == JsonTokenType.Number;
    public bool IsBool => Type is JsonTokenType.True or JsonTokenType.False;
    public bool IsTrue => Type == JsonTokenType.True;

    public static Utf8JsonReader Reader(ReadOnlySpan<byte> json) => new(json, Options);

    /// <summary>A property's name as text.</summary>
    public static JsonValue Name(ReadOnlySpan<byte> raw, bool escaped) => new(raw, JsonTokenType.String, escaped);

    /// <summary>The value of a whole JSON text; its inside is checked by whoever walks it. Throws <see cref="JsonException"/>.</summary>
    public static JsonValue Of(ReadOnlySpan<byte> json)
    {
        var reader = Reader(json);
        return reader.Read() ? reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray
            ? new JsonValue(json, reader.TokenType, false)
            : At(ref reader, json) : default;
    }

    /// <summary>The value of a text that may not be JSON at all, checked to its end.</summary>
    public static bool TryOf(ReadOnlySpan<byte> json, out JsonValue value) => TryOf(json, Options, out value);

    /// <summary>As <see cref="TryOf(ReadOnlySpan{byte}, out JsonValue)"/>; false also where it nests deeper than <see cref="InnerDepth"/>.</summary>
    public static bool TryOfInner(ReadOnlySpan<byte> json, out JsonValue value) => TryOf(json, InnerOptions, out value);

    private static bool TryOf(ReadOnlySpan<byte> json, JsonReaderOptions options, out JsonValue value)
    {
        value = default;
        var trimmed = json.TrimStart(" \t\r\n"u8);
        if (trimmed.IsEmpty || trimmed[0] is not ((byte)'{' or (byte)'[')) return false;
        // A Python repr starts like JSON; refusing it here spares an exception a record.
        if (trimmed.Length > 2 && (trimmed[1] == (byte)'\'' || trimmed[..3].SequenceEqual("[{'"u8))) return false;
        try
        {
            var reader = new Utf8JsonReader(json, options);
            reader.Read();
            var found = At(ref reader, json);
            if (reader.Read()) return false;
            value = found;
            return true;
        }
        catch (JsonException)
        {
            return false; // The answer to the question asked, not a fault.
        }
    }

    /// <summary>The value that the reader stands on; leaves the reader on the value's last token.</summary>
    public static JsonValue At(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        var type = reader.TokenType;
        var escaped = false;
        if (type is JsonTokenType.StartObject or JsonTokenType.StartArray) reader.Skip();
        else if (type == JsonTokenType.String) escaped = reader.ValueIsEscaped;
        var end = (int)reader.BytesConsumed;
        return type == JsonTokenType.String
            ? new JsonValue(json[(start + 1)..(end - 1)], type, escaped, known: true)
            : new JsonValue(json[start..end], type, escaped, known: true);
    }

    /// <summary>The value between two positions, which was just passed over.</summary>
    public static JsonValue Passed(ReadOnlySpan<byte> json, int start, int end, JsonTokenType type, bool escaped) =>
        type == JsonTokenType.String
            ? new JsonValue(json[(start + 1)..(end - 1)], type, escaped, known: true)
            : new JsonValue(json[start..end], type, escaped, known: true);

    /// <summary>The properties in order; none where this is no object.</summary>
    public JsonProperties Properties() => new(this);

    /// <summary>The items in order; none where this is no array.</summary>
    public JsonItems Items() => new(this);

    /// <summary>The named property, the last one of duplicates; absent where this is no object.</summary>
    public JsonValue Get(ReadOnlySpan<byte> name)
    {
        var found = default(JsonValue);
        foreach (var property in Properties())
        {
            if (property.Is(name)) found = property.Value;
        }

        return found;
    }

    /// <summary>Whether this is the given string.</summary>
    public bool Is(ReadOnlySpan<byte> text) => IsString && JsonText.NameEquals(Raw, Escaped, text);

    /// <summary>A string's text, a number's or boolean's digits or letters; null for anything else. Allocates: for files read once.</summary>
    public string? ToText()
    {
        if (!IsString) return IsNumber || IsBool ? Encoding.UTF8.GetString(Raw) : null;
        var plain = new byte[Raw.Length];
        return Encoding.UTF8.GetString(plain, 0, JsonText.Unescape(Raw, plain));
    }

    public bool TryGetDouble(out double value)
    {
        value = 0;
        return IsNumber && Utf8Parser.TryParse(Raw, out value, out var used) && used == Raw.Length && double.IsFinite(value);
    }

    /// <summary>Whether a string spells a JSON number: digits, at most one point inside them, perhaps a minus, no leading zero.</summary>
    public bool IsDecimal()
    {
        if (!IsString || Escaped || Raw.Length > 32) return false;
        var digits = Raw.StartsWith("-"u8) ? Raw[1..] : Raw;
        var point = digits.IndexOf((byte)'.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? "0"u8 : digits[(point + 1)..];
        return !whole.IsEmpty && !fraction.IsEmpty && whole.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            && fraction.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 && (whole.Length == 1 || whole[0] != (byte)'0');
    }

    /// <summary>A whole number of at least 0, written with or without a point; anything else is no count.</summary>
    public bool TryGetCount(out long value)
    {
        value = 0;
        if (!IsNumber) return false;
        if (Utf8Parser.TryParse(Raw, out value, out int used) && used == Raw.Length) return value >= 0;
        if (!TryGetDouble(out var number) || number < 0 || number > 1e15 || number != Math.Floor(number)) return false;
        value = (long)number;
        return true;
    }

    /// <summary>As <see cref="TryGetCount"/>, and also from a string of digits, as protobuf's JSON writes 64-bit numbers; with a point and zeros behind it, as tables write whole numbers whose column has gaps.</summary>
    public bool TryGetLooseCount(out long value)
    {
        if (!IsString) return TryGetCount(out value);
        if (Utf8Parser.TryParse(Raw, out value, out int used) && used == Raw.Length) return value >= 0;
        return IsDecimal() && new JsonValue(Raw, JsonTokenType.Number, escaped: false).TryGetCount(out value);
    }
}
