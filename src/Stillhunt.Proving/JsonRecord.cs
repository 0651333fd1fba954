using System.Text.Json;

namespace Stillhunt.Proving;

/// <summary>An object of a file that anybody may have written: a fault names where the object stands, and the field.</summary>
internal readonly struct JsonRecord
{
    private readonly JsonElement _of;
    private readonly string _where;

    /// <exception cref="FormatException">It is no object.</exception>
    public JsonRecord(JsonElement of, string where)
    {
        (_of, _where) = (of, where);
        if (of.ValueKind != JsonValueKind.Object) throw Fault("this is no JSON object.");
    }

    public bool Has(string name) => _of.TryGetProperty(name, out _);

    public string Text(string name) => Field(name) is { ValueKind: JsonValueKind.String } value && TextOf(value, name) is { Length: > 0 } text ? text : throw Fault($"'{name}' is no text.");

    /// <summary>Null where it is absent, null or empty.</summary>
    public string? OptionalText(string name)
    {
        if (!_of.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.String) throw Fault($"'{name}' is no text.");
        return TextOf(value, name) is { Length: > 0 } text ? text : null;
    }

    public long Count(string name) =>
        Field(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var count) && count >= 0 ? count : throw Fault($"'{name}' is no count: a whole number of 0 or more.");

    public double Share(string name) =>
        Field(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var share) && share is >= 0 and <= 1 ? share : throw Fault($"'{name}' is not a number from 0 to 1.");

    /// <summary>The objects of a list.</summary>
    public IEnumerable<JsonRecord> List(string name)
    {
        var list = Field(name);
        if (list.ValueKind != JsonValueKind.Array) throw Fault($"'{name}' is no list.");
        var where = _where;
        return list.EnumerateArray().Select((of, at) => new JsonRecord(of, $"{where}, {name}[{at}]"));
    }

    public FormatException Fault(string what) => new($"{_where}: {what}");

    private JsonElement Field(string name) => _of.TryGetProperty(name, out var value) ? value : throw Fault($"there is no '{name}'.");

    private string? TextOf(JsonElement value, string name)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            throw Fault($"'{name}' holds half a character.");
        }
    }
}
