namespace Stillhunt.Fingerprinting;

/// <summary>Takes the features of a prompt: those of a sentence, then its end; those of the whole prompt between or after.</summary>
internal interface ITextFeatureVisitor
{
    void Visit(TextFeature feature);

    void EndSentence();
}

/// <summary>Turns sentences of concepts into features.</summary>
internal static class TextFeatures
{
    /// <summary>
    /// Sentences that are weighed together. A prompt scores as its strongest window, because what stands in a slot is anybody's; 4 found
    /// more than 2 and 8 did (docs/data.md).
    /// </summary>
    public const int Window = 4;

    /// <summary>Whether a feature speaks of the whole prompt and not of a sentence.</summary>
    public static bool IsOfWhole(TextFeatureKind kind) => kind is TextFeatureKind.InTools or TextFeatureKind.Shape;

    /// <summary>
    /// Visits the prompt's features; of the pairs only those that have a weight, or all where <paramref name="weights"/> is null
    /// (in training).
    /// </summary>
    public static void Visit<TVisitor>(ReadOnlySpan<ConceptSentence> sentences, uint shapes, TextWeights? weights, ref TVisitor visitor)
        where TVisitor : struct, ITextFeatureVisitor, allows ref struct
    {
        var end = TextReading.EndOf(sentences);
        for (var i = 0; i < sentences.Length; i++)
        {
            var (concepts, zone) = sentences[i];
            var before = i > 0 && sentences[i - 1].Zone == zone ? sentences[i - 1].Concepts : default;
            foreach (var concept in concepts)
            {
                if (zone == TextZone.Tools)
                {
                    visitor.Visit(new TextFeature(TextFeatureKind.InTools, concept));
                    continue;
                }

                visitor.Visit(new TextFeature(TextFeatureKind.Single, concept));
                if (zone == TextZone.System) visitor.Visit(new TextFeature(TextFeatureKind.InSystem, concept));
                if (i >= end) visitor.Visit(new TextFeature(TextFeatureKind.AtEnd, concept));

                foreach (var other in weights is null ? concepts : concepts & weights.TogetherWith(concept))
                {
                    if (other > concept) visitor.Visit(new TextFeature(TextFeatureKind.Together, concept, other));
                }

                foreach (var other in weights is null ? before : before & weights.AdjacentTo(concept))
                {
                    if (other != concept) visitor.Visit(new TextFeature(TextFeatureKind.Adjacent, concept, other));
                }
            }

            if (zone != TextZone.Tools) visitor.EndSentence();
        }

        for (var shape = 0; shapes >> shape != 0; shape++)
        {
            if ((shapes >> shape & 1) != 0) visitor.Visit(new TextFeature(TextFeatureKind.Shape, shape));
        }
    }
}
