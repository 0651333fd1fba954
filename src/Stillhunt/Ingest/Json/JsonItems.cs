using System.Text.Json;

namespace Stillhunt.Ingest.Json;

/// <summary>Walks an array's items. Throws <see cref="JsonException"/> on malformed bytes.</summary>
internal ref struct JsonItems
{
    private readonly ReadOnlySpan<byte> _json;
    private Utf8JsonReader _reader;
    private readonly bool _any;

    public JsonItems(JsonValue value)
    {
        _any = value.IsArray;
        if (!_any) return;
        _json = value.Raw;
        _reader = JsonValue.Reader(_json);
        _reader.Read();
    }

    public JsonValue Current { get; private set; }

    public readonly JsonItems GetEnumerator() => this;

    public bool MoveNext()
    {
        if (!_any) return false;
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.EndArray)
        {
            _reader.Read(); // Bytes behind the array make this throw.
            return false;
        }

        Current = JsonValue.At(ref _reader, _json);
        return true;
    }
}
