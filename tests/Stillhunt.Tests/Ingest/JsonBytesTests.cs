using System.Text;
using System.Text.Json;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Tests.Ingest;

/// <summary>The framework's reader is the oracle: the same bytes are refused, and the same values stand at the same places.</summary>
public sealed class JsonBytesTests
{
    private static readonly string[] Seeds =
    [
        """{"a":1,"b":[true,false,null,-0.5e+3,{"c":{}}],"d":"x\n\u00e9\"y\\","e":{"f":[[],[[]]],"":""}} """,
        """  { "time" : 12.50 , "text" : "no escapes, but a long run of letters so that vectors are used" , "z" : [ 1 , 2 ] }""",
        """{"m":[{"role":"user","content":"line\nline\tline \\\\"},{"role":"assistant","content":"\\\""}]}""",
        """{"n":[0,-1,10,1.0,1e5,1E-5,-0]}""",
    ];

    private static readonly byte[] Letters = "{}[]\",:\\/ntu0159.-+eE \n\t\0a"u8.ToArray();

    [Fact]
    public void The_same_bytes_are_refused_as_by_the_frameworks_reader()
    {
        var random = new Random(9);
        var refused = 0;
        for (var round = 0; round < 60_000; round++)
        {
            var json = Changed(random, Seeds[round % Seeds.Length]);
            var expected = Framework(json);
            Assert.True(expected == Ours(json), $"{(expected ? "Refused" : "Taken")}: {Encoding.UTF8.GetString(json)}");
            if (!expected) refused++;
        }

        Assert.InRange(refused, 10_000, 50_000);
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void The_depth_is_bounded_as_it_was(int depth, bool taken)
    {
        var json = Encoding.UTF8.GetBytes("{\"a\":" + new string('[', depth - 1) + new string(']', depth - 1) + "}");
        Assert.Equal(taken, Framework(json));
        Assert.Equal(taken, Ours(json));
    }

    [Fact]
    public void Values_that_are_known_to_be_well_formed_are_cut_as_those_that_are_not()
    {
        foreach (var seed in Seeds)
        {
            var json = Encoding.UTF8.GetBytes(seed);
            foreach (var property in JsonValue.Of(json).Properties())
            {
                Assert.True(property.Value.Known);
                if (!property.Value.IsArray && !property.Value.IsObject) continue;
                Assert.Equal(Leaves(JsonValue.Of(property.Value.Raw)), Leaves(property.Value));
            }
        }
    }

    [Fact]
    public void What_is_found_by_tokens_is_what_the_walk_finds()
    {
        var random = new Random(12);
        var members = new JsonMembers();
        var one = new JsonMembers();
        var taken = 0;
        for (var round = 0; round < 60_000; round++)
        {
            var json = Changed(random, Seeds[round % Seeds.Length].Trim());
            var found = Found(members, json, vectors: true);
            Assert.Equal(found, Found(one, json, vectors: false));
            if (!found) continue;
            taken++;
            Assert.True(Framework(json), Encoding.UTF8.GetString(json));
            var i = 0;
            foreach (var property in JsonValue.Of(json).Properties())
            {
                var member = members[i, json];
                Assert.Equal(Encoding.UTF8.GetString(property.RawName), Encoding.UTF8.GetString(member.RawName));
                Assert.Equal(Leaves(property.Value), Leaves(member.Value));
                if (property.Value.IsArray) Assert.Equal(Items(property.Value), Items(members, i, json));
                i++;
            }

            Assert.Equal(i, members.Count);
        }

        Assert.InRange(taken, 15_000, 50_000);
    }

    [Fact]
    public void A_text_too_long_for_tokens_is_declined()
    {
        var members = new JsonMembers();
        Assert.True(members.TryFind(Encoding.UTF8.GetBytes($"{{\"a\":\"{new string('a', JsonTokens.LongestText - 8)}\"}}")));
        Assert.False(members.TryFind(Encoding.UTF8.GetBytes($"{{\"a\":\"{new string('a', JsonTokens.LongestText - 7)}\"}}")));
        Assert.False(members.TryFind(default));
    }

    private static bool Found(JsonMembers members, byte[] json, bool vectors)
    {
        try
        {
            return members.TryFind(json, vectors);
        }
        catch (JsonException)
        {
            Assert.False(Framework(json));
            return false;
        }
    }

    private static List<string> Items(JsonValue array)
    {
        var items = new List<string>();
        foreach (var item in array.Items()) items.Add(string.Join(';', Leaves(item)));
        return items;
    }

    private static List<string> Items(JsonMembers members, int member, byte[] json)
    {
        var items = new List<string>();
        var walk = default((int, int));
        while (members.TryNext(json, member, ref walk, out var item))
        {
            items.Add(string.Join(';', Leaves(item)));
            for (var i = 0; i < members.ItemCount; i++) Assert.Equal(Leaves(item.Get(members.ItemProperty(i, json).RawName)), Leaves(Last(members, i, json)));
        }

        return items;
    }

    /// <summary>The value that counts under the name of a property: the last one.</summary>
    private static JsonValue Last(JsonMembers members, int property, byte[] json)
    {
        var name = members.ItemProperty(property, json).RawName;
        for (var i = members.ItemCount - 1; ; i--)
            if (members.ItemProperty(i, json).RawName.SequenceEqual(name)) return members.ItemProperty(i, json).Value;
    }

    private static List<string> Leaves(JsonValue value)
    {
        var leaves = new List<string>();
        if (value.IsObject)
        {
            foreach (var property in value.Properties())
            {
                var name = Encoding.UTF8.GetString(property.RawName);
                leaves.AddRange(Leaves(property.Value).Select(leaf => name + "." + leaf));
            }
        }
        else if (value.IsArray) foreach (var item in value.Items()) leaves.AddRange(Leaves(item).Select(leaf => "[]" + leaf));
        else leaves.Add($"{value.Type} {value.Escaped} {Encoding.UTF8.GetString(value.Raw)}");
        return leaves;
    }

    private static byte[] Changed(Random random, string seed)
    {
        var bytes = Encoding.UTF8.GetBytes(seed).ToList();
        for (var changes = random.Next(0, 3); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            var letter = Letters[random.Next(Letters.Length)];
            switch (random.Next(3))
            {
                case 0: bytes[at] = letter; break;
                case 1: bytes.Insert(at, letter); break;
                default: bytes.RemoveAt(at); break;
            }
        }

        return [.. bytes];
    }

    private static bool Framework(byte[] json)
    {
        try
        {
            var reader = JsonValue.Reader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool Ours(byte[] json)
    {
        try
        {
            var value = JsonValue.Of(json);
            if (!value.IsObject) return false;
            foreach (var property in value.Properties()) Assert.True(property.Value.Type != JsonTokenType.None);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
