using System.Text.Json;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>
/// How a format is known: groups of top-level names, each of which must have one of its names present. Only structure is looked at,
/// never the text of a prompt.
/// </summary>
/// <param name="Groups">For example <c>["time"], ["account"]</c>; a name with a colon asks for a type: <c>request:body</c>, which is an object or its text.</param>
internal sealed record FormatSignature(params string[][] Groups)
{
    private readonly (byte[] Name, string? Type)[][] _groups =
        [.. Groups.Select(group => group.Select(name => (System.Text.Encoding.UTF8.GetBytes(name.Split(':')[0]), name.Contains(':', StringComparison.Ordinal) ? name.Split(':')[1] : null)).ToArray())];

    /// <summary>Each name with the type that it asks for, if any, and the group that it stands in.</summary>
    public IEnumerable<(byte[] Name, string? Type, int Group)> Names => _groups.SelectMany((group, i) => group.Select(named => (named.Name, named.Type, i)));

    public int GroupCount => _groups.Length;

    /// <summary>Which groups a record has, as bits.</summary>
    public uint Match(JsonValue record)
    {
        var matched = 0u;
        foreach (var property in record.Properties())
        {
            for (var group = 0; group < _groups.Length; group++)
            {
                foreach (var (name, type) in _groups[group])
                {
                    if (property.Is(name) && property.Value.Exists && IsType(property.Value, type)) matched |= 1u << group;
                }
            }
        }

        return matched;
    }

    public bool IsWhole(uint matched) => matched == (1u << _groups.Length) - 1;

    /// <summary>The groups that a record lacks, in words: <c>time</c>, <c>userId or sessionId</c>.</summary>
    public IReadOnlyList<string> Missing(uint matched) =>
        [.. Groups.Where((_, i) => (matched >> i & 1) == 0).Select(group => string.Join(" or ", group.Select(name => name.Split(':')[0])))];

    internal static bool IsType(JsonValue value, string? type) => type switch
    {
        null => true,
        "object" => value.Type == JsonTokenType.StartObject,
        "array" => value.Type == JsonTokenType.StartArray,
        "body" => FormatChoice.IsBody(value),
        _ => value.IsString,
    };
}
