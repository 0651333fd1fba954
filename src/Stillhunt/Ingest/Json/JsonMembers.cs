using System.Text.Json;

namespace Stillhunt.Ingest.Json;

/// <summary>
/// The properties of one JSON object, checked throughout in one pass over its tokens, so that what stands in them is known to be well-formed and a string's end is known
/// without a search. Knows the usual records only: what it declines, <see cref="JsonProperties"/> reads, or refuses. Serves one thread.
/// </summary>
internal sealed class JsonMembers
{
    /// <summary>Properties of one object; and, one bit a level, levels within them.</summary>
    private const int MostMembers = 64, MostLevels = 62;

    /// <summary>Properties of an item that are found at once; a message mostly has two.</summary>
    private const int MostOfItem = 4;

    private readonly JsonTokens _tokens = new();
    private readonly Member[] _members = new Member[MostMembers];
    private readonly Member[] _item = new Member[MostOfItem];

    private struct Member
    {
        public int NameStart, NameEnd, Start, End;

        /// <summary>The token that the value starts with; where it is a scalar, the one behind it.</summary>
        public int Token;

        public JsonTokenType Type;
    }

    public int Count { get; private set; }

    /// <summary>Finds the properties of the object that the text is; false where the text is no usual object, which says nothing of it.</summary>
    public bool TryFind(ReadOnlySpan<byte> json, bool vectors = true)
    {
        Count = 0;
        if (json.IsEmpty || json[0] != (byte)'{' || !_tokens.TryFind(json, vectors)) return false;
        var token = 0;
        var end = 0;
        if (!TryObject(json, ref token, ref end, _members, out var count) || JsonBytes.SkipSpace(json, end) != json.Length) return false;
        Count = count;
        return true;
    }

    /// <summary>A property of the text that was given last.</summary>
    public JsonProperty this[int member, ReadOnlySpan<byte> json] => Property(_members[member], json);

    /// <summary>Properties of the item that <see cref="TryNext"/> gave last, where it is an object of a few; -1 where it is anything else.</summary>
    public int ItemCount { get; private set; }

    /// <summary>A property of the item that was given last.</summary>
    public JsonProperty ItemProperty(int property, ReadOnlySpan<byte> json) => Property(_item[property], json);

    /// <summary>The next item of a property that is an array; false behind the last.</summary>
    /// <param name="walk">Where the walk stands; default at first.</param>
    public bool TryNext(ReadOnlySpan<byte> json, int member, ref (int Token, int At) walk, out JsonValue item)
    {
        item = default;
        ItemCount = -1;
        if (walk.At == 0) walk = (_members[member].Token + 1, _members[member].Start + 1);
        else if (json[walk.At++] == (byte)']') return false; // Else a comma.
        var start = JsonBytes.SkipSpace(json, walk.At);
        if (json[start] == (byte)']') return false;
        var (token, end) = (walk.Token, start);
        var type = JsonTokenType.StartObject;
        if (json[start] == (byte)'{' && TryObject(json, ref token, ref end, _item, out var count))
        {
            ItemCount = count;
        }
        else
        {
            token = walk.Token;
            TryValue(json, ref token, start, out end, out type);
        }

        walk = (token, JsonBytes.SkipSpace(json, end));
        item = JsonValue.Passed(json, start, end, type, type == JsonTokenType.String && _tokens.HasEscape(start, end));
        return true;
    }

    private JsonProperty Property(in Member member, ReadOnlySpan<byte> json) =>
        new(json[member.NameStart..member.NameEnd], escaped: false, JsonValue.Passed(json, member.Start, member.End, member.Type,
            member.Type == JsonTokenType.String && _tokens.HasEscape(member.Start, member.End)));

    /// <summary>Reads an object whose brace is the token at hand; leaves the token behind it at hand.</summary>
    /// <param name="members">Room for its properties.</param>
    private bool TryObject(ReadOnlySpan<byte> json, ref int token, ref int end, Span<Member> members, out int count)
    {
        count = 0;
        var at = JsonBytes.SkipSpace(json, _tokens[token++] + 1);
        if (at >= json.Length) return false;
        if (json[at] == (byte)'}')
        {
            token++;
            end = at + 1;
            return true;
        }

        while (true)
        {
            if (count == members.Length) return false;
            ref var member = ref members[count++];
            if (!TryName(json, ref token, at, out member.NameStart, out member.NameEnd, out member.Start)) return false;
            member.Token = token;
            if (!TryValue(json, ref token, member.Start, out member.End, out member.Type)) return false;
            at = JsonBytes.SkipSpace(json, member.End);
            if (at >= json.Length) return false;
            if (json[at] == (byte)'}') break;
            if (json[at] != (byte)',') return false;
            at = JsonBytes.SkipSpace(json, at + 1);
        }

        token++;
        end = at + 1;
        return true;
    }

    /// <summary>A name without escapes and its colon.</summary>
    private bool TryName(ReadOnlySpan<byte> json, ref int token, int at, out int start, out int end, out int value)
    {
        (start, end, value) = (at + 1, 0, 0);
        if (at >= json.Length || json[at] != (byte)'"') return false;
        end = _tokens[token + 1]; // Nothing inside a string is a token.
        if (_tokens.HasEscape(start, end)) return false;
        var colon = JsonBytes.SkipSpace(json, end + 1);
        if (colon >= json.Length || json[colon] != (byte)':') return false;
        token += 2;
        value = JsonBytes.SkipSpace(json, colon + 1);
        return value < json.Length;
    }

    private bool TryValue(ReadOnlySpan<byte> json, ref int token, int start, out int end, out JsonTokenType type)
    {
        end = 0;
        switch (json[start])
        {
            case (byte)'"':
                type = JsonTokenType.String;
                end = _tokens[token + 1] + 1;
                token += 2;
                return true;
            case (byte)'{' or (byte)'[':
                type = json[start] == (byte)'{' ? JsonTokenType.StartObject : JsonTokenType.StartArray;
                return TryNested(json, ref token, out end);
            default:
                end = JsonBytes.SkipValue(json, start, 0, known: false, out type, out _);
                return true;
        }
    }

    /// <summary>An object or array of some depth, whose first token is at hand.</summary>
    private bool TryNested(ReadOnlySpan<byte> json, ref int token, out int end)
    {
        end = 0;
        var objects = 0UL;
        var level = 0;
        while (true)
        {
            // At an object or array.
            var at = _tokens[token++];
            if (++level > MostLevels) return false;
            var isObject = json[at] == (byte)'{';
            objects = (objects << 1) | (isObject ? 1UL : 0);
            at = JsonBytes.SkipSpace(json, at + 1);
            var isEmpty = at < json.Length && json[at] == (isObject ? (byte)'}' : (byte)']');
            if (isEmpty) end = at;
            while (true)
            {
                if (!isEmpty)
                {
                    // At an item.
                    if (isObject && !TryName(json, ref token, at, out _, out _, out at)) return false;
                    if (at >= json.Length) return false;
                    if (json[at] is (byte)'{' or (byte)'[')
                    {
                        break;
                    }

                    if (!TryValue(json, ref token, at, out end, out _)) return false;
                    end = JsonBytes.SkipSpace(json, end);
                }

                // Behind an item, at what ends or goes on.
                while (true)
                {
                    if (end >= json.Length) return false;
                    if (json[end] == (byte)',') break;
                    if (json[end] != (isObject ? (byte)'}' : (byte)']')) return false;
                    token++;
                    end++;
                    objects >>= 1;
                    if (--level == 0) return true;
                    isObject = (objects & 1) != 0;
                    end = JsonBytes.SkipSpace(json, end);
                }

                isEmpty = false;
                at = JsonBytes.SkipSpace(json, end + 1);
            }
        }
    }
}
