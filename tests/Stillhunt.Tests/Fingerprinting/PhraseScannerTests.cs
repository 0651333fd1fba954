using System.Text;
using Stillhunt.Fingerprinting;
using Stillhunt.Sketches;

namespace Stillhunt.Tests.Fingerprinting;

public sealed class PhraseScannerTests
{
    [Theory]
    [InlineData("Ｈｅｌｌｏ　ｗｏｒｌｄ", "hello world")]
    [InlineData("he\u200Bllo wor\uFEFFld", "hello world")]
    [InlineData("so\u00ADft hy\u2060phen", "soft hyphen")]
    [InlineData("HELLO World", "hello world")]
    [InlineData("ÄRGER ΣΟΦΙΑ Привет", "ärger σοφια привет")]
    [InlineData("order 66 of 1000000", "order 1 of 2")]
    [InlineData("room ４２", "room 7")]
    [InlineData("room ٤٢", "room 7")]
    [InlineData("don't", "dont")]
    [InlineData("one,two;\n\tthree", "one two three")]
    [InlineData("v2.5", "v 1 3")]
    public void Texts_that_differ_in_form_only_have_the_same_words(string text, string other) => Assert.Equal(Hashes(text), Hashes(other));

    [Theory]
    [InlineData("resume", "résumé")]
    [InlineData("e", "e\u0301")]
    [InlineData("ab", "a b")]
    [InlineData("one 1", "one one")]
    public void Texts_that_differ_in_letters_do_not(string text, string other) => Assert.NotEqual(Hashes(text), Hashes(other));

    [Fact]
    public void Scripts_without_spaces_give_one_word_a_character()
    {
        var words = Scan(Encoding.UTF8.GetBytes("你好 world世界ไทย"));
        Assert.Equal([1, 1, 2, 1, 1, 1, 1, 1], words.Select(word => word.HalfWords));
        Assert.Equal((0, 3), (words[0].Start, words[0].End));
    }

    [Fact]
    public void A_combining_mark_belongs_to_its_word()
    {
        Assert.Single(Hashes("cafe\u0301s"));
        Assert.Equal(Hashes("CAFE\u0301"), Hashes("cafe\u0301"));
    }

    [Fact]
    public void A_word_stands_where_it_is_said_to_stand()
    {
        const string Text = "Grüße, naïve Ｗelt 42 — don't!";
        var bytes = Encoding.UTF8.GetBytes(Text);
        Assert.Equal(["Grüße", "naïve", "Ｗelt", "42", "don't"], Scan(bytes).Select(word => Encoding.UTF8.GetString(bytes.AsSpan(word.Start, word.End - word.Start))));
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, (byte)'a', 0xFE, (byte)'b' }, 2)]
    [InlineData(new byte[] { (byte)'a', 0xE4, 0xBD }, 1)]
    [InlineData(new byte[] { 0xC0, 0x80 }, 0)]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80, (byte)'x' }, 1)]
    [InlineData(new byte[] { 0x80, 0x80, 0x80 }, 0)]
    public void Invalid_bytes_separate_and_are_no_error(byte[] text, int words) => Assert.Equal(words, Scan(text).Length);

    [Fact]
    public void An_empty_text_has_no_words() => Assert.Empty(Scan([]));

    [Fact]
    public void Random_bytes_are_never_an_error_and_words_lie_within_them_in_order()
    {
        var random = new Random(1);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            var end = 0;
            foreach (var word in Scan(bytes))
            {
                Assert.InRange(word.Start, end, bytes.Length - 1);
                Assert.InRange(word.End, word.Start + 1, bytes.Length);
                end = word.End;
            }
        }
    }

    [Fact]
    public void Words_that_are_taken_as_vectors_are_those_taken_byte_by_byte()
    {
        var random = new Random(6);
        string[] pieces = ["a", "Zebra", "don't", " ", "\n", "é", "0", "42", "{", "@", "`", "[", "x\u200By", "漢", "extraordinarily", "internationalisation", "'", "\u00AD", "ｆｕｌｌ", "-", "."];
        var (one, other) = (new Word[512], new Word[512]);
        for (var round = 0; round < 5_000; round++)
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => pieces[random.Next(pieces.Length)])));
            if (text.Length > 0 && random.Next(4) == 0) text[random.Next(text.Length)] = (byte)random.Next(256);
            var room = random.Next(one.Length);
            var count = PhraseScanner.Scan(text, KeyedHash.Fixed, one.AsSpan(0, room));
            Assert.Equal(PhraseScanner.Scan(text, KeyedHash.Fixed, other.AsSpan(0, room), vectors: false), count);
            Assert.Equal(other[..count], one[..count]);
        }
    }

    [Fact]
    public void A_megabyte_without_a_space_is_one_word() => Assert.Single(Scan(Encoding.ASCII.GetBytes(new string('a', 1 << 20))));

    [Fact]
    public void No_more_words_are_written_than_fit()
    {
        var words = new Word[3];
        Assert.Equal(3, PhraseScanner.Scan("a b c d e f"u8, KeyedHash.Fixed, words));
        Assert.Equal(0, PhraseScanner.Scan("a b c"u8, KeyedHash.Fixed, []));
    }

    private static ulong[] Hashes(string text) => [.. Scan(Encoding.UTF8.GetBytes(text)).Select(word => word.Hash)];

    private static Word[] Scan(byte[] text)
    {
        var words = new Word[4096];
        return words[..PhraseScanner.Scan(text, KeyedHash.Fixed, words)];
    }
}
