using System.Globalization;
using Stillhunt.Response.Canaries;
using Stillhunt.Tests.Architecture;
using static Stillhunt.Tests.Response.Canaries.MadeProse;

namespace Stillhunt.Tests.Response.Canaries;

public sealed class CanaryTestTests
{
    [Fact]
    public void A_model_that_never_saw_the_answers_is_suspected_no_more_often_than_p_says()
    {
        // One model with strong tastes of its own, answers that repeat, and four hundred keys that it knows nothing of.
        var counts = Student(new Random(1), 2000, share: 0, key: Key, campaign: "c-1");
        var results = Enumerable.Range(0, 400).Select(i => CanaryTest.Of(counts, new CanaryKey("e", System.Security.Cryptography.SHA256.HashData([(byte)i, (byte)(i >> 8)])), "c-1", 1)).ToList();
        foreach (var level in new[] { 0.2, 0.05, 0.01 }) Assert.InRange(results.Count(result => result.PValue <= level), 0, 400 * level);
        Assert.InRange(results.Average(result => result.Z), -0.15, 0.15);
        Assert.InRange(results.Average(result => result.Z * result.Z), 0.85, 1.15);
    }

    [Fact]
    public void A_model_that_kept_what_it_was_served_agrees_with_that_campaigns_key_and_no_other()
    {
        var counts = Student(new Random(2), 3000, share: 0.3, key: Key, campaign: "c-1");
        Assert.InRange(CanaryTest.Of(counts, Key, "c-1", 20).CorrectedPValue, 0, 1e-6);
        foreach (var other in new[] { "c-2", "c-3", "c-10" }) Assert.InRange(CanaryTest.Of(counts, Key, other, 20).CorrectedPValue, 0.01, 1);
        Assert.InRange(CanaryTest.Of(counts, Key, "c-1", 1).Agreement!.Value, 0.55, 0.75);
    }

    [Fact]
    public void Served_answers_themselves_are_known_at_once_and_unmarked_ones_are_not()
    {
        var (served, plain) = (new CanaryCounts(), new CanaryCounts());
        var random = new Random(3);
        for (var i = 0; i < 300; i++)
        {
            var raw = Raw(Start) + string.Concat(Enumerable.Range(0, 4).Select(_ => Sentence(random)));
            plain.Add(Text(raw));
            served.Add(Text(Marked(raw)));
        }

        Assert.InRange(CanaryTest.Of(served, Key, "c-1", 1).PValue, 0, 1e-9);
        Assert.Equal(1, CanaryTest.Of(served, Key, "c-1", 1).Agreement);
        Assert.InRange(CanaryTest.Of(plain, Key, "c-1", 1).PValue, 0.01, 1);
    }

    [Fact]
    public void Without_a_place_nothing_is_said_and_a_correction_never_exceeds_one()
    {
        var none = CanaryTest.Of(new CanaryCounts(), Key, "c-1", 7);
        Assert.Equal((0, 1, 1, null), (none.Z, none.PValue, none.CorrectedPValue, none.Agreement));
        Assert.Throws<ArgumentOutOfRangeException>(() => CanaryTest.Of(new CanaryCounts(), Key, "c-1", 0));
    }

    [Theory]
    [InlineData("\"plain\"", true)]
    [InlineData("{\"response\":\"text\",\"id\":3}", true)]
    [InlineData("{\"response\":null}", false)]
    [InlineData("{\"prompt\":\"text\"}", false)]
    [InlineData("[]", false)]
    [InlineData("no json", false)]
    [InlineData("\"\\ud800\"", false)]
    public void A_line_of_answers_is_a_text_or_an_object_with_one(string line, bool isAnswer) => Assert.Equal(isAnswer, new CanaryCounts().TryAddLine(line));

    /// <summary>The table of docs/canaries.md is what this simulation gives.</summary>
    [Fact]
    public void The_published_power_is_what_a_simulation_gives()
    {
        var rows = new List<string>();
        foreach (var share in new[] { 0.5, 0.2, 0.1, 0.05 })
        {
            var cells = new List<string>();
            foreach (var places in new[] { 100, 300, 1000, 3000 })
            {
                const int Turns = 20;
                var found = Enumerable.Range(0, Turns).Count(turn => CanaryTest.Of(Student(new Random(turn * 7919 + places), places, share, Key, "c-1"), Key, "c-1", 20).CorrectedPValue <= 0.001);
                cells.Add(string.Create(CultureInfo.InvariantCulture, $"{100 * found / Turns} %"));
            }

            rows.Add(string.Create(CultureInfo.InvariantCulture, $"| {share * 100:0} % | {string.Join(" | ", cells)} |"));
        }

        var docs = File.ReadAllText(Path.Combine(Repository.Root, "docs/canaries.md"));
        foreach (var row in rows) Assert.True(docs.Contains(row, StringComparison.Ordinal), string.Join('\n', rows));
    }

    /// <summary>
    /// A model's places: pairs and neighbouring words as unequal as words are (the n-th as 1/n), a taste for each pair, another for each word beside it, and a share of places where it does what the
    /// campaign was served.
    /// </summary>
    private static CanaryCounts Student(Random random, int places, double share, CanaryKey key, string campaign)
    {
        var counts = new CanaryCounts();
        var taste = new Dictionary<(int Pair, int Word), double>();
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var pairTastes = CanaryTable.Pairs.Select(_ => 1.5 * Normal()).ToArray();
        int Zipf(int most) => (int)Math.Exp(random.NextDouble() * Math.Log(most)) - 1;
        for (var i = 0; i < places; i++)
        {
            var (pair, word) = (Zipf(CanaryTable.Pairs.Count + 1), Zipf(400));
            if (!taste.TryGetValue((pair, word), out var own)) taste[(pair, word)] = own = pairTastes[pair] + 0.5 * Normal();
            var context = "w" + word.ToString(CultureInfo.InvariantCulture);
            var which = random.NextDouble() < share ? key.Choose(campaign, CanaryTable.Pairs[pair], context) : random.NextDouble() < 1 / (1 + Math.Exp(-own)) ? 1 : 0;
            counts.Add(CanaryTable.Pairs[pair], context, which);
        }

        return counts;
    }

    private static string Sentence(Random random)
    {
        string[] words = ["river", "bank", "dam", "village", "path", "map", "lake", "bridge", "field", "road", "house", "tower"];
        string Word() => words[random.Next(words.Length)];
        return random.Next(2) == 0
            ? $"The {Word()} and the {Word()} of that {Word()} lie past {Word()}{Word()} {(random.Next(4) == 0 ? "among" : "amongst")} the others. "
            : $"So the {Word()} which stood behind the {Word()}{Word()} {(random.Next(4) == 0 ? "often" : "frequently")} falls. ";
    }
}
