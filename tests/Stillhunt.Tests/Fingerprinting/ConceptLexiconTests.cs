using System.Text;
using Stillhunt.Fingerprinting;

namespace Stillhunt.Tests.Fingerprinting;

public sealed class ConceptLexiconTests
{
    private const string Marks = """

        = #tag | a tag
        = #label | a label
        = #ends-open | open
        = #json | json
        = #numbered | numbered
        = #code-block | code
        """;

    private static readonly ConceptLexicon Small = ConceptLexicon.Read(new StringReader("""
        = walk | walking
        en walk*, go on foot
        ru ходи*
        zh 步行, 走
        ar مشي*
        = foot | feet
        en foot, café
        """ + Marks));

    private static string[] Found(string text)
    {
        Span<ConceptSentence> room = new ConceptSentence[16];
        var concepts = new TextConcepts(Small, room, null);
        concepts.Add(Encoding.UTF8.GetBytes(text), TextZone.User, 4000, 0);
        var found = new List<string>();
        foreach (var sentence in room[..concepts.Count])
        {
            foreach (var concept in sentence.Concepts) found.Add(Small.IdOf(concept));
        }

        return [.. found];
    }

    [Theory]
    [InlineData("We walked home", "walk")]
    [InlineData("WALK", "walk")]
    [InlineData("a sidewalk", "")]
    [InlineData("foothold", "")]
    [InlineData("one foot, two", "foot")]
    [InlineData("go  on-foot", "walk")]
    [InlineData("go on", "")]
    [InlineData("Они ходили", "walk")]
    [InlineData("我们步行去", "walk")]
    [InlineData("والمشي", "walk")]
    [InlineData("CAFE", "foot")]
    [InlineData("Ｗalk", "walk")]
    [InlineData("<note> 1", "#tag")]
    [InlineData("Item:", "#label,#ends-open")]
    public void Words_mean_concepts(string text, string concepts) =>
        Assert.Equal(concepts, string.Join(',', Found(text)));

    [Fact]
    public void Sentences_are_kept_apart() => Assert.Equal(["walk", "foot"], Found("Walk. Foot!"));

    [Fact]
    public void The_shipped_lexicon_and_weights_are_small()
    {
        long bytes = 0;
        foreach (var name in new[] { "Stillhunt.Concepts.txt", "Stillhunt.TextWeights.json" })
        {
            using var stream = typeof(TextClassifier).Assembly.GetManifestResourceStream(name)!;
            bytes += stream.Length;
        }

        Assert.InRange(bytes, 1, 400_000);
    }

    [Fact]
    public void Every_shipped_concept_has_words_or_reads_structure()
    {
        var lexicon = ConceptLexicon.Shipped;
        Assert.InRange(lexicon.Count, 60, ConceptSet.Capacity);
        for (var concept = 0; concept < lexicon.Count; concept++) Assert.NotEmpty(lexicon.PlainWordsOf(concept));
    }

    [Fact]
    public void A_feature_keeps_its_name()
    {
        var lexicon = ConceptLexicon.Shipped;
        foreach (var name in new[] { "reasoning", "reasoning+step", "reasoning~step", "score@system", "task@end", "tool@tools", "shape:HasTools", "#tag+think" })
        {
            var feature = TextFeature.Parse(name, lexicon);
            Assert.NotNull(feature);
            Assert.Equal(feature, TextFeature.Parse(feature.Value.NameIn(lexicon), lexicon));
        }
    }
}
