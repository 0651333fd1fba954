using System.Text;
using System.Text.Json;
using Stillhunt.Response.Canaries;
using static Stillhunt.Tests.Response.Canaries.MadeProse;

namespace Stillhunt.Tests.Response.Canaries;

public sealed class CanaryTextTests
{
    private static readonly CanaryChoice First = (in CanaryOpportunity _) => 0, Second = (in CanaryOpportunity _) => 1;

    [Fact]
    public void Either_form_is_found_where_the_other_was_and_beside_the_same_word()
    {
        foreach (var pair in CanaryTable.Pairs)
        {
            var before = pair.OnlyAfter.Length > 0 ? pair.OnlyAfter[0] : "water";
            var texts = Array.ConvertAll([0, 1], which => Raw(Start) + (pair.Opens ? $"It rose. {Encoding.ASCII.GetString(pair.Form(which))}, the" : $"The people who live there say that {before} {Encoding.ASCII.GetString(pair.Form(which))} this") + " river ends.");
            Assert.Equal([(pair.Id, 0, pair.Opens ? "the" : before)], Places(texts[0]));
            Assert.Equal([(pair.Id, 1, pair.Opens ? "the" : before)], Places(texts[1]));
            Assert.Equal(texts[1], Choose(Second, texts[0]));
            Assert.Equal(texts[0], Choose(First, texts[1]));
        }
    }

    [Fact]
    public void Words_of_conditions_are_no_words_of_pairs_so_that_no_mark_changes_a_condition()
    {
        // Those that open a sentence stand behind no word and before none that could be told apart from it.
        var words = CanaryTable.Pairs.Where(pair => !pair.Opens).SelectMany(pair => $"{pair.First} {pair.Second}".Split(' ')).ToHashSet();
        Assert.DoesNotContain(CanaryTable.Pairs.SelectMany(pair => (IEnumerable<string>)[.. pair.NotAfter, .. pair.NotBefore, .. pair.OnlyAfter]), words.Contains);
        Assert.Equal(CanaryTable.Pairs.Count, CanaryTable.Pairs.Select(pair => (pair.Opens, pair.Id)).Distinct().Count());
        Assert.All(CanaryTable.Pairs, pair => Assert.InRange(Math.Max(pair.First.Split(' ').Length, pair.Second.Split(' ').Length), 1, CanaryTable.MostWords));
    }

    [Fact]
    public void An_answer_is_marked_in_its_prose_and_nowhere_else()
    {
        var places = Places(Raw(Answer));
        Assert.Equal(["for example", "often", "typically", "therefore", "rarely", "primarily", "quickly", "as a result", "towards", "despite", "everyone", "in contrast", "especially", "regardless of"],
            places.Select(place => place.Pair));
        var second = Text(Choose(Second, Raw(Answer)));
        // Block of code and quotation as they were, and what stands behind the quotation in its paragraph.
        foreach (var kept in new[] { "```python\nThe lower one is often = typically(\"someone\")  # it is often wrong about this\n```", "\"it is often the same with every dam that someone builds here\" and left. It is important to note that", "Perhaps a walk", ", apart from the cost." })
            Assert.Contains(kept, second, StringComparison.Ordinal);
        Assert.Contains("For instance, the maps that were drawn by hand are frequently wrong", second, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"answer\": \"the river there is one that is often high\"}")]
    [InlineData("> The people who live there say that it is often high.")]
    [InlineData("    The people who live there say that it is often high.")]
    [InlineData("# The people who live there say that it is often high")]
    [InlineData("| The people who live there say | that it is often high |")]
    [InlineData("the people who live there say that it is often high.")]
    [InlineData("Frequency: often")]
    [InlineData("The song that they sing there now is Often high.")]
    [InlineData("The people who live there say that `it` is often high.")]
    [InlineData("The people who live there say that x = 3 is often high.")]
    [InlineData("The people who live there say that it is often.py that fails.")]
    [InlineData("The people who live there say that it is more often than not high.")]
    [InlineData("The people who live there say that it is \u201Chigh and often low.")]
    [InlineData("The people who live there say that $n$ is often high.")]
    [InlineData("Therefore the river which was low before is high.")]
    [InlineData("The people who live there say that Therefore, the river is high.")]
    [InlineData("~~~\nThe people who live there say that it is often high.\n\nThe people who live there say that it is often high.\n~~~")]
    public void What_is_no_plain_prose_is_left_alone(string passage)
    {
        var whole = Raw(passage[0] == '{' ? passage + Start + "The people who live there say that it is often high." : Start + "\n\n" + passage + "\n");
        Assert.Empty(Places(whole));
    }

    [Fact]
    public void A_short_answer_is_left_alone() => Assert.Empty(Places(Raw("The people who live there say that it is often high. For example, the maps say so.")));

    [Fact]
    public void What_repeats_the_request_is_left_alone()
    {
        var answer = Raw(Start + "Here is the text again, with its commas put right: the maps of it are often wrong, as is usually the case.");
        Assert.Equal(2, Places(answer).Count);
        var kept = Choose(Choice(request: "{\"content\":\"Correct this: the maps of it are often wrong\"}"), answer);
        Assert.Contains("are often wrong", kept, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_a_text_is_cut_makes_no_difference()
    {
        var raw = Raw(Answer);
        var whole = Choose(Choice(), raw);
        Assert.NotEqual(raw, whole);
        Assert.Equal(whole, Choose(Choice(), Pieces(raw, () => 1)));
        for (var at = 0; at < raw.Length; at += 3) if (raw[Math.Max(0, at - 1)] != '\\' && !raw[Math.Max(0, at - 5)..at].Contains('\\', StringComparison.Ordinal)) Assert.Equal(whole, Choose(Choice(), raw[..at], raw[at..]));
    }

    [Fact]
    public void For_any_text_and_any_cut_once_is_as_twice_and_places_stay_where_they_are()
    {
        var random = new Random(7);
        var changed = 0;
        for (var turn = 0; turn < 1000; turn++)
        {
            var raw = Soup(random, random.Next(1, 60));
            var campaign = "c-" + random.Next(5);
            var marked = Marked(raw, campaign);
            if (marked != raw) changed++;
            Assert.Equal(marked, Choose(Choice(campaign), Pieces(raw, () => random.Next(1, 9))));
            Assert.Equal(marked, Marked(marked, campaign));
            Assert.Equal(Places(raw).Select(place => (place.Pair, place.Context)), Places(marked).Select(place => (place.Pair, place.Context)));
            // Still a JSON string; a lone half of a pair is the soup's.
            using var json = JsonDocument.Parse($"\"{marked.Replace("\\ud83d", "", StringComparison.Ordinal).Replace("\\ude00", "", StringComparison.Ordinal)}\"");
        }

        Assert.InRange(changed, 200, 1000);
    }

    [Fact]
    public void No_more_is_held_back_than_a_form_and_the_word_behind_it()
    {
        var (text, to) = (new CanaryText(Second), new System.Buffers.ArrayBufferWriter<byte>());
        var pushed = 0;
        foreach (var piece in Pieces(Raw(Answer + new string('x', 500)), () => 1))
        {
            var bytes = Encoding.UTF8.GetBytes(piece);
            text.Push(bytes, to);
            pushed += bytes.Length;
            Assert.InRange(pushed - to.WrittenCount, -40, 100);
        }
    }
}
