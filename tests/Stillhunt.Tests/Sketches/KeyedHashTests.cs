using System.Buffers.Binary;
using Stillhunt.Sketches;

namespace Stillhunt.Tests.Sketches;

public sealed class KeyedHashTests
{
    /// <summary>Parts of different machines and versions are merged: a change of these values is a change of the part format.</summary>
    [Theory]
    [InlineData("", 15555776883272568498UL)]
    [InlineData("abc", 8350447192526180853UL)]
    [InlineData("abcdefgh", 16421000134661276401UL)]
    [InlineData("a text of more than sixteen bytes", 13723478028209850648UL)]
    public void The_value_of_a_text_never_changes(string text, ulong value) =>
        Assert.Equal(value, KeyedHash.Fixed.Of(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_short_text_in_two_registers_has_the_value_of_its_bytes()
    {
        var random = new Random(1);
        Span<byte> bytes = stackalloc byte[16];
        for (var round = 0; round < 2_000; round++)
        {
            random.NextBytes(bytes);
            var (low, high) = (BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
            for (var length = 1; length < 16; length++) Assert.Equal(KeyedHash.Fixed.Of(bytes[..length]), KeyedHash.Fixed.OfShort(low, high, length));
        }
    }

    [Fact]
    public void Another_key_gives_other_values()
    {
        var other = new KeyedHash(KeyedHash.Fixed.Key ^ 1);
        for (var length = 0; length < 70; length++)
        {
            var bytes = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
            Assert.NotEqual(KeyedHash.Fixed.Of(bytes), other.Of(bytes));
        }

        Assert.NotEqual(KeyedHash.Fixed.Of(1, 2), other.Of(1, 2));
    }

    [Fact]
    public void Texts_that_differ_in_one_byte_or_in_length_differ()
    {
        var seen = new HashSet<ulong>();
        for (var length = 0; length <= 40; length++)
        {
            Assert.True(seen.Add(KeyedHash.Fixed.Of(new byte[length])));
            for (var at = 0; at < length; at++)
            {
                var bytes = new byte[length];
                bytes[at] = 1;
                Assert.True(seen.Add(KeyedHash.Fixed.Of(bytes)));
            }
        }
    }

    [Fact]
    public void Two_values_are_hashed_in_order() => Assert.NotEqual(KeyedHash.Fixed.Of(1, 2), KeyedHash.Fixed.Of(2, 1));

    [Fact]
    public void Values_spread_evenly_over_buckets()
    {
        var buckets = new int[64];
        for (ulong i = 0; i < 64_000; i++) buckets[KeyedHash.Fixed.Of(BitConverter.GetBytes(i)) & 63]++;
        Assert.All(buckets, count => Assert.InRange(count, 850, 1150));
    }
}
