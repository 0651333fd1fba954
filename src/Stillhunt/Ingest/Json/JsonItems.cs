using System.Text.Json;

namespace Stillhunt.Ingest.Json;

/// <summary>Walks an array's items. Throws <see cref="JsonException"/> on malformed bytes, also behind the array's end.</summary>
internal ref struct JsonItems
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly bool _known;
    private int _at;
    private bool _first;

    public JsonItems(JsonValue value)
    {
        if (!value.IsArray) return;
        _json = value.Raw;
        _known = value.Known;
        _at = JsonBytes.SkipSpace(_json, 0) + 1;
        _first = true;
    }

    public JsonValue Current { get; private set; }

    public readonly JsonItems GetEnumerator() => this;

    public bool MoveNext()
    {
        var json = _json;
        if (json.IsEmpty) return false;
        var at = JsonBytes.SkipSpace(json, _at);
        if ((uint)at >= (uint)json.Length) throw JsonBytes.Malformed();
        if (json[at] == (byte)']') return End(at);
        if (!_first)
        {
            if (json[at] != (byte)',') throw JsonBytes.Malformed();
            at = JsonBytes.SkipSpace(json, at + 1);
        }

        _first = false;
        _at = JsonBytes.SkipValue(json, at, 1, _known, out var type, out var escaped);
        Current = JsonValue.Passed(json, at, _at, type, escaped);
        return true;
    }

    private readonly bool End(int at) =>
        JsonBytes.SkipSpace(_json, at + 1) == _json.Length ? false : throw JsonBytes.Malformed();
}
