using System.Text.Json;

namespace Stillhunt.Ingest.Json;

/// <summary>One property of an object.</summary>
internal readonly ref struct JsonProperty(ReadOnlySpan<byte> name, bool escaped, JsonValue value)
{
    /// <summary>The name as written; compare with <see cref="Is"/>, which resolves escapes.</summary>
    public ReadOnlySpan<byte> RawName { get; } = name;
    public bool NameEscaped { get; } = escaped;
    public JsonValue Value { get; } = value;

    public bool Is(ReadOnlySpan<byte> expected) => JsonText.NameEquals(RawName, NameEscaped, expected);

    /// <inheritdoc cref="JsonText.NameEqualsInAnyCase"/>
    public bool IsInAnyCase(ReadOnlySpan<byte> expected) => JsonText.NameEqualsInAnyCase(RawName, NameEscaped, expected);

    /// <summary>With the number or the boolean that a text spells.</summary>
    public JsonProperty Plain()
    {
        if (Value.IsDecimal()) return With(JsonTokenType.Number);
        if (Value.Is("true"u8) || Value.Is("True"u8)) return With(JsonTokenType.True);
        return Value.Is("false"u8) || Value.Is("False"u8) ? With(JsonTokenType.False) : this;
    }

    private JsonProperty With(JsonTokenType type) => new(RawName, NameEscaped, new JsonValue(Value.Raw, type, escaped: false));
}

/// <summary>Walks an object's properties. Throws <see cref="JsonException"/> on malformed bytes, also behind the object's end.</summary>
internal ref struct JsonProperties
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly bool _known;
    private int _at;
    private bool _first;

    public JsonProperties(JsonValue value)
    {
        if (!value.IsObject) return;
        _json = value.Raw;
        _known = value.Known;
        _at = JsonBytes.SkipSpace(_json, 0) + 1;
        _first = true;
    }

    public JsonProperty Current { get; private set; }

    public readonly JsonProperties GetEnumerator() => this;

    public bool MoveNext()
    {
        var json = _json;
        if (json.IsEmpty) return false;
        var at = JsonBytes.SkipSpace(json, _at);
        if ((uint)at >= (uint)json.Length) throw JsonBytes.Malformed();
        if (json[at] == (byte)'}') return End(at);
        if (!_first)
        {
            if (json[at] != (byte)',') throw JsonBytes.Malformed();
            at = JsonBytes.SkipSpace(json, at + 1);
        }

        _first = false;
        if ((uint)at >= (uint)json.Length || json[at] != (byte)'"') throw JsonBytes.Malformed();
        var nameEnd = JsonBytes.SkipString(json, at, _known, out var nameEscaped);
        var name = json[(at + 1)..(nameEnd - 1)];
        at = JsonBytes.SkipSpace(json, nameEnd);
        if ((uint)at >= (uint)json.Length || json[at] != (byte)':') throw JsonBytes.Malformed();
        at = JsonBytes.SkipSpace(json, at + 1);
        _at = JsonBytes.SkipValue(json, at, 1, _known, out var type, out var escaped);
        Current = new JsonProperty(name, nameEscaped, JsonValue.Passed(json, at, _at, type, escaped));
        return true;
    }

    private readonly bool End(int at) =>
        JsonBytes.SkipSpace(_json, at + 1) == _json.Length ? false : throw JsonBytes.Malformed();
}
