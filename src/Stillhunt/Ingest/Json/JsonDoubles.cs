using System.Text;
using System.Text.Json;

namespace Stillhunt.Ingest.Json;

/// <summary>
/// Looks for members that stand twice in one object. RFC 8259, section 4, leaves it to the reader which of them counts: some take the first, most the last, and some refuse, so that nobody knows what such a text says
/// to somebody else.
/// </summary>
internal static class JsonDoubles
{
    /// <summary>Whether an object at any depth names a member twice, escapes resolved.</summary>
    /// <param name="json">JSON that was read to its end before.</param>
    public static bool Any(ReadOnlySpan<byte> json)
    {
        var open = new Stack<HashSet<string>>();
        var reader = JsonValue.Reader(json);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    open.Push(new HashSet<string>(StringComparer.Ordinal));
                    break;
                case JsonTokenType.EndObject:
                    open.Pop();
                    break;
                case JsonTokenType.PropertyName when !open.Peek().Add(Name(reader.ValueSpan, reader.ValueIsEscaped)):
                    return true;
            }
        }

        return false;
    }

    private static string Name(ReadOnlySpan<byte> raw, bool escaped)
    {
        if (!escaped) return Encoding.UTF8.GetString(raw);
        var plain = new byte[raw.Length];
        return Encoding.UTF8.GetString(plain, 0, JsonText.Unescape(raw, plain));
    }
}
