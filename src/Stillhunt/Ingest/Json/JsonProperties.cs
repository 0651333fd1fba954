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
}

/// <summary>Walks an object's properties. Throws <see cref="JsonException"/> on malformed bytes, also behind the object's end.</summary>
internal ref struct JsonProperties
{
    private readonly ReadOnlySpan<byte> _json;
    private Utf8JsonReader _reader;
    private readonly bool _any;

    public JsonProperties(JsonValue value)
    {
        _any = value.IsObject;
        if (!_any) return;
        _json = value.Raw;
        _reader = JsonValue.Reader(_json);
        _reader.Read();
    }

    public JsonProperty Current { get; private set; }

    public readonly JsonProperties GetEnumerator() => this;

    public bool MoveNext()
    {
        if (!_any) return false;
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.PropertyName)
        {
            _reader.Read(); // Bytes behind the object make this throw.
            return false;
        }

        var start = (int)_reader.TokenStartIndex + 1;
        var name = _json.Slice(start, _reader.ValueSpan.Length);
        var escaped = _reader.ValueIsEscaped;
        _reader.Read();
        Current = new JsonProperty(name, escaped, JsonValue.At(ref _reader, _json));
        return true;
    }
}
