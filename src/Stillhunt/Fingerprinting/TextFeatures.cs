namespace Stillhunt.Fingerprinting;

/// <summary>Takes the features of a prompt, some more than once.</summary>
internal interface ITextFeatureVisitor
{
    void Visit(TextFeature feature);
}

/// <summary>Turns sentences of concepts into features.</summary>
internal static class TextFeatures
{
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
        }

        for (var shape = 0; shapes >> shape != 0; shape++)
        {
            if ((shapes >> shape & 1) != 0) visitor.Visit(new TextFeature(TextFeatureKind.Shape, shape));
        }
    }
}
