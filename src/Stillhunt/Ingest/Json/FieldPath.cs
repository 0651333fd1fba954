using System.Text;

namespace Stillhunt.Ingest.Json;

/// <summary>
/// A dotted path into a record, for example <c>metadata.tenant</c>. Names may contain dots themselves (<c>gen_ai.request.model</c>):
/// at each level the longest piece that names a property wins. A number is an index into an array.
/// </summary>
internal sealed class FieldPath
{
    private readonly byte[] _path;

    public FieldPath(string path)
    {
        Text = path;
        _path = Encoding.UTF8.GetBytes(path);
    }

    public string Text { get; }

    public ReadOnlySpan<byte> Utf8 => _path;

    public JsonValue Find(JsonValue record) => Find(record, _path, 0);

    private static JsonValue Find(JsonValue value, ReadOnlySpan<byte> path, int nesting)
    {
        // Paths are written by hand; the bound keeps the search over dots in names small.
        if (nesting > 16) return default;
        if (value.IsArray)
        {
            var dot = path.IndexOf((byte)'.');
            var index = dot < 0 ? path : path[..dot];
            if (!System.Buffers.Text.Utf8Parser.TryParse(index, out int wanted, out var used) || used != index.Length) return default;
            foreach (var item in value.Items())
            {
                if (wanted-- == 0) return dot < 0 ? item : Find(item, path[(dot + 1)..], nesting + 1);
            }

            return default;
        }

        for (var length = path.Length; length > 0; length = path[..length].LastIndexOf((byte)'.'))
        {
            var found = value.Get(path[..length]);
            if (!found.Exists) continue;
            if (length == path.Length) return found;
            var inner = Find(found, path[(length + 1)..], nesting + 1);
            if (inner.Exists) return inner;
        }

        return default;
    }
}
