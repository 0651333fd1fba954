using System.Text;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;

namespace Stillhunt.Training;

/// <summary>A prompt as the learner sees it: the keys of its features, in rising order.</summary>
internal sealed record FeaturedPrompt(int[] Keys, TrainingLabels Labels)
{
    private struct KeySet() : ITextFeatureVisitor
    {
        public SortedSet<int> Keys { get; } = [];

        public readonly void Visit(TextFeature feature) => Keys.Add(feature.Key);
    }

    public static FeaturedPrompt Of(TrainingExample example, ConceptLexicon lexicon) =>
        Of(example.System, example.Text, example.Tools, example.Labels, lexicon);

    public static FeaturedPrompt Of(string? system, string text, IReadOnlyList<string> tools, TrainingLabels labels, ConceptLexicon lexicon)
    {
        var exchange = new Exchange();
        if (system is not null) exchange.AddPart(PartRole.System, Encoding.UTF8.GetBytes(system));
        foreach (var tool in tools) exchange.AddPart(PartRole.ToolDefinition, Encoding.UTF8.GetBytes(tool));
        exchange.AddPart(PartRole.User, Encoding.UTF8.GetBytes(text));
        Span<ConceptSentence> room = stackalloc ConceptSentence[TextReading.Room];
        var count = TextReading.Read(exchange, lexicon, room, out var shapes);
        var keys = new KeySet();
        TextFeatures.Visit(room[..count], shapes, null, ref keys);
        return new FeaturedPrompt([.. keys.Keys], labels);
    }
}
