using System.Text;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Fingerprinting;

public sealed class PhrasePrintsTests
{
    private const int SureWords = PhrasePrints.PhraseWords + PhrasePrints.Window - 1;

    [Fact]
    public void Any_shared_run_of_six_words_leaves_a_common_print()
    {
        Assert.Equal(6, SureWords);
        var random = new Random(1);
        for (var round = 0; round < 2000; round++)
        {
            var shared = MadeTraffic.Words(random, SureWords);
            var one = Prints(Around(random, shared));
            var other = Prints(Around(random, shared));
            Assert.True(one.Intersect(other).Any(), $"round {round}: nothing is common of '{shared}'");
        }
    }

    [Fact]
    public void The_same_holds_for_characters_of_a_script_without_spaces()
    {
        var random = new Random(2);
        string Han(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => (char)random.Next(0x4E00, 0x9FFF)));
        for (var round = 0; round < 1000; round++)
        {
            var shared = Han(2 * SureWords);
            Assert.True(Prints(Han(random.Next(30)) + shared + Han(random.Next(30))).Intersect(Prints(Han(random.Next(30)) + shared + Han(random.Next(30)))).Any());
        }
    }

    [Fact]
    public void Prints_are_the_least_phrases_of_every_window_in_any_mixture_of_scripts()
    {
        var random = new Random(5);
        var prints = new uint[64];
        for (var round = 0; round < 2_000; round++)
        {
            var words = Enumerable.Range(0, random.Next(0, 24)).Select(i => new Word((ulong)random.NextInt64(), i, i + 1, random.Next(4) == 0 ? 1 : 2)).ToArray();
            Assert.Equal(Winnowed(words), prints[..PhrasePrints.Of(words, prints)]);
        }
    }

    /// <summary>The definition, word for word.</summary>
    private static uint[] Winnowed(Word[] words)
    {
        var phrases = new List<ulong>();
        var kept = new List<ulong>();
        for (var end = 0; end < words.Length; end++)
        {
            var (phrase, weight, i) = (0UL, 0, end);
            for (; i >= 0 && weight < 2 * PhrasePrints.PhraseWords; i--)
            {
                phrase = (phrase ^ words[i].Hash) * 0x9E3779B97F4A7C15;
                phrase ^= phrase >> 29;
                weight += words[i].HalfWords;
            }

            if (weight < 2 * PhrasePrints.PhraseWords) continue;
            phrases.Add(phrase);
            if (phrases.Count < PhrasePrints.Window && end + 1 < words.Length) continue;
            var least = phrases.TakeLast(PhrasePrints.Window).Min();
            if (kept.Count == 0 || kept[^1] != least) kept.Add(least);
        }

        return [.. kept.Select(least => (uint)(least >> 32))];
    }

    [Fact]
    public void Texts_that_share_nothing_have_no_common_print()
    {
        var random = new Random(3);
        for (var round = 0; round < 300; round++)
            Assert.Empty(Prints(MadeTraffic.Words(random, 40)).Intersect(Prints(MadeTraffic.Words(random, 40))));
    }

    [Fact]
    public void Which_texts_came_before_does_not_matter()
    {
        var random = new Random(4);
        var texts = Enumerable.Range(0, 50).Select(_ => MadeTraffic.Words(random, random.Next(1, 400))).ToArray();
        var forward = Fingerprints(texts);
        var back = Fingerprints([.. texts.Reverse()]);
        for (var i = 0; i < texts.Length; i++)
        {
            Assert.Equal(forward[i].Prints, back[^(i + 1)].Prints);
            Assert.Equal(forward[i].SlotWords, back[^(i + 1)].SlotWords);
            Assert.Equal(forward[i].User, back[^(i + 1)].User);
        }
    }

    [Fact]
    public void The_order_in_which_tools_are_listed_does_not_matter()
    {
        uint Tools(params string[] tools)
        {
            var exchange = new Exchange();
            foreach (var tool in tools) exchange.AddPart(PartRole.ToolDefinition, Encoding.UTF8.GetBytes(tool));
            var print = new ExchangeFingerprint();
            new Fingerprinter(KeyedHash.Fixed, TextClassifier.Shipped).FillContent(exchange, print);
            return print.Tools;
        }

        Assert.Equal(Tools("search", "open", "close"), Tools("close", "search", "open"));
        Assert.NotEqual(Tools("search", "open"), Tools("search", "close"));
        Assert.Equal(0u, Tools());
    }

    [Theory]
    [InlineData("")]
    [InlineData("one")]
    [InlineData("one two")]
    [InlineData("one two three")]
    public void A_text_of_at_most_one_phrase_has_at_most_one_print(string text) => Assert.InRange(Prints(text).Length, 0, 1);

    [Fact]
    public void A_text_of_one_phrase_has_its_print() => Assert.Single(Prints("one two three"));

    [Theory]
    [InlineData("a")]
    [InlineData("a ")]
    [InlineData("字")]
    [InlineData("\u0301")]
    [InlineData("7")]
    [InlineData("\u200B")]
    public void A_megabyte_of_one_sign_is_no_error_and_has_few_prints(string sign)
    {
        var text = string.Concat(Enumerable.Repeat(sign, (1 << 20) / Encoding.UTF8.GetByteCount(sign)));
        Assert.InRange(Assert.Single(Fingerprints([text])).Prints.Length, 0, 2);
    }

    private static string Around(Random random, string shared) =>
        MadeTraffic.Words(random, random.Next(25)) + " " + shared + " " + MadeTraffic.Words(random, random.Next(25));

    private static List<ExchangeFingerprint> Fingerprints(string[] texts)
    {
        var fingerprinter = new Fingerprinter(KeyedHash.Fixed, TextClassifier.Shipped);
        var exchange = new Exchange();
        var prints = new List<ExchangeFingerprint>();
        foreach (var text in texts)
        {
            exchange.Clear();
            exchange.AddPart(PartRole.User, Encoding.UTF8.GetBytes(text));
            var print = new ExchangeFingerprint();
            fingerprinter.FillContent(exchange, print);
            prints.Add(print);
        }

        return prints;
    }

    private static uint[] Prints(string text)
    {
        var words = new Word[1024];
        var prints = new uint[1024];
        var count = PhraseScanner.Scan(Encoding.UTF8.GetBytes(text), KeyedHash.Fixed, words);
        return prints[..PhrasePrints.Of(words.AsSpan(0, count), prints)];
    }
}
