using System.Net;
using System.Text;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Fingerprinting;

public sealed class FingerprinterTests
{
    [Fact]
    public void What_came_before_changes_no_fingerprint()
    {
        var random = new Random(8);
        var systems = Enumerable.Range(0, 30).Select(i => MadeTraffic.Words(random, 5 + (i * 40)) + ". Think step by step. Grade the answer.").ToArray();
        var turns = Enumerable.Range(0, 30).Select(i => "Explain why: " + MadeTraffic.Words(random, 3 + (i * 30))).ToArray();
        var used = new Fingerprinter(KeyedHash.Fixed, TextClassifier.Shipped);
        for (var round = 0; round < 1_000; round++)
        {
            var exchange = new Exchange();
            exchange.Set(ExchangeField.Account, "a"u8);
            if (random.Next(4) > 0) Add(PartRole.System, systems);
            if (random.Next(2) > 0) Add(PartRole.User, turns);
            if (random.Next(2) > 0) Add(PartRole.Assistant, turns);
            if (random.Next(8) > 0) Add(PartRole.User, turns);
            for (var tools = random.Next(3); tools > 0; tools--) Add(PartRole.ToolDefinition, systems);
            Assert.Equal(Shown(new Fingerprinter(KeyedHash.Fixed, TextClassifier.Shipped), exchange), Shown(used, exchange));

            void Add(PartRole role, string[] texts) => exchange.AddPart(role, Encoding.UTF8.GetBytes(texts[random.Next(texts.Length)]));
        }
    }

    [Fact]
    public void Known_words_and_sentences_score_as_the_automaton_does()
    {
        var lexicon = ConceptLexicon.Shipped;
        var random = new Random(11);
        // Words of the lexicon's own kind: cut, joined and continued in every way that matters.
        string[] pieces = ["think", "Thinking", "step", " ", "-", " by ", "rubric", "score", "Scores", ". ", "\n", "reason", "reasoning", "ing", "don't", "é", "1", "explain", "rewrite", " the ", "answer", "tool", "call", "评分", "chain of thought", "chain  of", "grad", "e"];
        var known = new KnownSentences(KeyedHash.Fixed, lexicon);
        for (var round = 0; round < 4_000; round++)
        {
            var exchange = new Exchange();
            exchange.AddPart(PartRole.User, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => pieces[random.Next(pieces.Length)]))));
            Assert.Equal(Shown(TextClassifier.Shipped.Score(exchange)), Shown(TextClassifier.Shipped.Score(exchange, known)));
            var (plain, words) = (new ConceptSentence[TextReading.Room], new ConceptSentence[TextReading.Room]);
            var count = TextReading.Read(exchange, lexicon, plain, null, out _);
            Assert.Equal(count, TextReading.Read(exchange, lexicon, words, known, out _));
            Assert.Equal(plain[..count], words[..count]);
        }
    }

    [Fact]
    public void Prints_rise_and_do_not_repeat()
    {
        var exchange = new Exchange();
        var text = Encoding.UTF8.GetBytes("the same words stand in the system prompt and in both turns of this talk, again and again");
        exchange.AddPart(PartRole.System, text);
        exchange.AddPart(PartRole.User, text);
        exchange.AddPart(PartRole.Assistant, "Yes."u8);
        exchange.AddPart(PartRole.User, text);
        var print = new ExchangeFingerprint();
        new Fingerprinter(KeyedHash.Fixed, TextClassifier.Shipped).FillContent(exchange, print);
        Assert.NotEmpty(print.Prints);
        Assert.Equal(print.Prints.Distinct().Order(), print.Prints);
    }

    [Fact]
    public void Requests_with_one_first_turn_within_an_hour_are_one_conversation_where_the_log_names_none()
    {
        var first = Of("a", "Fix the build of this repository.", MadeTraffic.Start, null);
        var later = Of("a", "Fix the build of this repository.", MadeTraffic.Start + 60_000, null, "The build fails in the linker.");
        Assert.True(first.IsConversationInferred);
        Assert.Equal((first.Thread, first.Half), (later.Thread, later.Half));
        Assert.NotEqual(first.Thread, Of("b", "Fix the build of this repository.", MadeTraffic.Start, null).Thread);
        Assert.NotEqual(first.Thread, Of("a", "Fix the tests of this repository.", MadeTraffic.Start, null).Thread);
        Assert.NotEqual(first.Thread, Of("a", "Fix the build of this repository.", MadeTraffic.Start + 3_600_000, null).Thread);
    }

    [Fact]
    public void A_conversation_that_the_log_names_is_taken_as_it_is()
    {
        var (one, other) = (Of("a", "Good morning.", MadeTraffic.Start, "c1"), Of("a", "Good morning.", MadeTraffic.Start, "c2"));
        Assert.False(one.IsConversationInferred);
        Assert.NotEqual(one.Thread, other.Thread);
        Assert.Equal(one.Thread, Of("a", "Something else entirely.", MadeTraffic.Start + 9_000_000, "c1").Thread);
    }

    private static ExchangeFingerprint Of(string account, string turn, long ms, string? conversation, string? next = null)
    {
        var exchange = new Exchange { TimeMs = ms };
        exchange.Set(ExchangeField.Account, Encoding.UTF8.GetBytes(account));
        if (conversation is not null) exchange.Set(ExchangeField.Conversation, Encoding.UTF8.GetBytes(conversation));
        exchange.AddPart(PartRole.User, Encoding.UTF8.GetBytes(turn));
        if (next is not null)
        {
            exchange.AddPart(PartRole.Assistant, "What does it say?"u8);
            exchange.AddPart(PartRole.User, Encoding.UTF8.GetBytes(next));
        }

        var print = new ExchangeFingerprint();
        var fingerprinter = new Fingerprinter(KeyedHash.Fixed, TextClassifier.Shipped);
        fingerprinter.Identify(exchange, "s"u8, 1, print);
        fingerprinter.FillContent(exchange, print);
        return print;
    }

    [Theory]
    [InlineData("203.0.113.7")]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    public void A_dotted_quad_is_what_the_framework_reads(string text)
    {
        Assert.True(DottedQuad.TryRead(Encoding.ASCII.GetBytes(text), out var address));
        Assert.Equal(IPAddress.Parse(text), new IPAddress(new[] { (byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address }));
    }

    [Theory]
    [InlineData("256.0.0.1")]
    [InlineData("010.0.0.1")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1..2.3.4")]
    [InlineData("1.2.3.4 ")]
    [InlineData("2001:db8::1")]
    [InlineData("")]
    public void Anything_else_is_left_to_the_framework(string text) => Assert.False(DottedQuad.TryRead(Encoding.ASCII.GetBytes(text), out _));

    private static string Shown(Fingerprinter fingerprinter, Exchange exchange)
    {
        var print = new ExchangeFingerprint();
        fingerprinter.Identify(exchange, "s"u8, 1, print);
        fingerprinter.FillContent(exchange, print);
        return $"{print.System} {print.User} {print.Tools} {print.Turns} {print.Shape} {Shown(print.Scores)} " +
            string.Join(',', print.Prints) + " " + string.Join(',', print.SlotWords);
    }

    private static string Shown(TextScores scores) =>
        $"{scores.Capabilities} {string.Join(',', Enumerable.Range(0, TechniqueIds.LearnedCount).Select(t => scores[(Technique)t]))}";
}
