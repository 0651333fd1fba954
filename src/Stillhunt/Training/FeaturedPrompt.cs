using System.Text;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;

namespace Stillhunt.Training;

/// <summary>A prompt as the learner sees it: the keys of the features of each sentence, and of the prompt as a whole.</summary>
internal sealed record FeaturedPrompt(int[][] Sentences, int[] Whole, TrainingLabels Labels)
{
    private struct KeyLists() : ITextFeatureVisitor
    {
        private readonly List<int> _open = [];

        public List<int[]> Sentences { get; } = [];
        public List<int> Whole { get; } = [];

        public readonly void Visit(TextFeature feature)
        {
            if (TextFeatures.IsOfWhole(feature.Kind)) Whole.Add(feature.Key);
            else _open.Add(feature.Key);
        }

        public readonly void EndSentence()
        {
            Sentences.Add([.. _open]);
            _open.Clear();
        }
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
        var count = TextReading.Read(exchange, lexicon, room, null, out var shapes);
        var keys = new KeyLists();
        TextFeatures.Visit(room[..count], shapes, null, ref keys);
        return new FeaturedPrompt([.. keys.Sentences], [.. keys.Whole.Distinct()], labels);
    }
}
