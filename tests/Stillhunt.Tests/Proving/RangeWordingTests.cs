using System.Text.RegularExpressions;
using Stillhunt.Proving;
using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Text;

namespace Stillhunt.Tests.Proving;

public sealed partial class RangeWordingTests
{
    private static readonly string[] Techniques = ["elicitation", "reconstruction", "coercion", "grading", "synthesis", "trajectory", "alignment", "cleaning", "replaying"];

    [Fact]
    public void Operators_of_two_seeds_share_little_wording()
    {
        foreach (var technique in Techniques)
        {
            var shares = new List<double>();
            for (ulong seed = 1; seed <= 6; seed++)
            {
                var (one, two) = (Runs(technique, seed), Runs(technique, seed + 100));
                shares.Add(one.Count(two.Contains) / (double)one.Count);
            }

            // Six words in a row of one author's texts that another author's texts hold as well.
            Assert.True(shares.Average() < 0.12, $"{technique}: {shares.Average():0.000}");
        }
    }

    [Fact]
    public void A_fixed_voice_says_the_same_every_time_and_a_paraphrasing_one_hardly_ever()
    {
        Assert.Single(Texts("elicitation", 5, Spread.Fixed).Distinct());
        Assert.True(Texts("elicitation", 5, Spread.Paraphrasing).Distinct().Count() > 35);
        Assert.InRange(Texts("elicitation", 5, Spread.Recombining).Distinct().Count(), 8, 40);
    }

    [Fact]
    public void Every_line_of_every_grammar_can_be_said()
    {
        Assert.True(RangeWording.Samples(1).Count() > 900);
        foreach (var code in Tongue.Codes)
        {
            var fill = new Fill { Dice = new Dice(3), Tongue = Tongue.Of(code) };
            foreach (var kind in Enum.GetValues<ItemKind>())
                Assert.NotEmpty(new ItemText(PromptShelf.Read(null)).Say(fill, kind, 77));
        }
    }

    [Fact]
    public void An_item_is_the_same_text_for_whoever_draws_it()
    {
        var items = new ItemText(PromptShelf.Read(null));
        var one = items.Say(new Fill { Dice = new Dice(1) }, ItemKind.Maths, 99);
        var two = items.Say(new Fill { Dice = new Dice(2) }, ItemKind.Maths, 99);
        Assert.Equal(one, two);
    }

    [Fact]
    public void Honest_questions_hardly_ever_repeat()
    {
        var items = new ItemText(PromptShelf.Read(null));
        var fill = new Fill { Dice = new Dice(1) };
        Assert.True(Enumerable.Range(0, 5000).Select(i => items.Say(fill, ItemKind.Question, (ulong)i)).Distinct().Count() > 4950);
    }

    private static List<string> Texts(string technique, ulong seed, Spread spread)
    {
        var voice = new Voice(technique, "en", new Dice(seed), spread);
        var fill = new Fill { Dice = new Dice(seed + 1) };
        foreach (var slot in Enum.GetValues<Slot>().Where(s => s < Slot.Topic)) fill[slot] = "¤";
        var texts = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            var to = new TextBuffer();
            voice.Write(to, fill);
            texts.Add(to.StringFrom(0));
        }

        return texts;
    }

    private static HashSet<string> Runs(string technique, ulong seed)
    {
        var runs = new HashSet<string>();
        foreach (var text in Texts(technique, seed, Spread.Recombining))
        {
            foreach (var part in text.Split('¤'))
            {
                var words = Words().Matches(part).Select(m => m.Value).ToArray();
                for (var i = 0; i + 6 <= words.Length; i++) runs.Add(string.Join(' ', words.AsSpan(i, 6).ToArray()));
            }
        }

        return runs;
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}
