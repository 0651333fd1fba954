using System.Runtime.CompilerServices;
using Stillhunt.Ingest;

namespace Stillhunt.Fingerprinting;

/// <summary>
/// Scores a prompt's text for the learned techniques and the capabilities: words become concepts (see <see cref="ConceptLexicon"/>),
/// concepts and their neighbourhoods become features, a logistic model weighs them, and the prompt scores as its strongest few
/// sentences do. Immutable and thread-safe.
/// </summary>
public sealed class TextClassifier
{
    private readonly TextWeights _weights;

    internal ConceptLexicon Lexicon => _weights.Lexicon;

    internal TextClassifier(TextWeights weights) => _weights = weights;

    /// <summary>The weights that the project ships.</summary>
    public static TextClassifier Shipped { get; } = LoadShipped();

    /// <summary>The score at which a technique counts as seen: a probability of one half.</summary>
    public const byte FlagAt = 128;

    /// <summary>Scores the system prompt, the last user turn and the tool definitions. Allocates nothing.</summary>
    public TextScores Score(Exchange exchange) => Score(exchange, null);

    /// <summary>As <see cref="Score(Exchange)"/>; the same scores whatever is known.</summary>
    internal TextScores Score(Exchange exchange, KnownSentences? known)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        if (!exchange.HasPrompt && exchange.PartCount == 0) return default;
        var room = known is null ? stackalloc ConceptSentence[TextReading.Room] : known.Room;
        var count = TextReading.Read(exchange, _weights.Lexicon, room, known, out var shapes);
        var sum = new WindowSums(_weights);
        TextFeatures.Visit(room[..count], shapes, _weights, ref sum);
        return sum.Scores();
    }

    /// <summary>
    /// The concepts, in plain words, that speak most for the technique in this prompt, the strongest first; empty where nothing
    /// does. For evidence sentences, not for the hot path.
    /// </summary>
    public IReadOnlyList<string> Explain(Exchange exchange, Technique technique, int most = 3)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((int)technique, TechniqueIds.LearnedCount);
        Span<ConceptSentence> room = stackalloc ConceptSentence[TextReading.Room];
        var count = TextReading.Read(exchange, _weights.Lexicon, room, null, out var shapes);
        var rows = new FeatureList();
        TextFeatures.Visit(room[..count], shapes, _weights, ref rows);
        var shares = new double[_weights.Lexicon.Count];
        foreach (var feature in rows.Features)
        {
            var row = _weights.RowOf(feature);
            if (row == 0 || feature.Kind == TextFeatureKind.Shape) continue;
            var weight = _weights[row, (int)technique];
            if (feature.Kind is TextFeatureKind.Together or TextFeatureKind.Adjacent)
            {
                shares[feature.First] += weight / 2;
                shares[feature.Second] += weight / 2;
            }
            else
            {
                shares[feature.Second] += weight;
            }
        }

        return [.. Enumerable.Range(0, shares.Length).Where(c => shares[c] > 0)
            .OrderByDescending(c => shares[c]).ThenBy(c => c).Take(most).Select(_weights.Lexicon.PlainWordsOf)];
    }

    private static TextClassifier LoadShipped()
    {
        using var stream = typeof(TextClassifier).Assembly.GetManifestResourceStream("Stillhunt.TextWeights.json")
            ?? throw new InvalidOperationException("The weights TextWeights.json are not embedded in the assembly.");
        return new TextClassifier(TextWeights.Read(stream, ConceptLexicon.Shipped));
    }

    private struct FeatureList() : ITextFeatureVisitor
    {
        public HashSet<TextFeature> Features { get; } = [];

        public readonly void Visit(TextFeature feature) => Features.Add(feature);

        public readonly void EndSentence()
        {
        }
    }

    /// <summary>Adds up the weights of each sentence, and keeps the greatest sum of a window of sentences, output by output.</summary>
    private struct WindowSums(TextWeights weights) : ITextFeatureVisitor
    {
        private WeightRow _sentence;
        private WeightRow _window;
        private WeightRow _whole = WeightRow.Of(weights, 0);
        private WeightRow _greatest;
        private Ring _ring;
        private int _count;

        [InlineArray(TextFeatures.Window)]
        private struct Ring
        {
            private WeightRow _first;
        }

        public void Visit(TextFeature feature)
        {
            var row = weights.RowOf(feature);
            if (row == 0) return;
            if (TextFeatures.IsOfWhole(feature.Kind)) _whole += WeightRow.Of(weights, row);
            else _sentence += WeightRow.Of(weights, row);
        }

        public void EndSentence()
        {
            _window = _window + _sentence - _ring[_count % TextFeatures.Window];
            _greatest = _count == 0 ? _window : WeightRow.Max(_greatest, _window);
            _ring[_count++ % TextFeatures.Window] = _sentence;
            _sentence = default;
        }

        public readonly TextScores Scores()
        {
            var sum = _whole + _greatest;
            var scores = new TextScores();
            for (var i = 0; i < TechniqueIds.LearnedCount; i++)
                scores[(Technique)i] = (byte)MathF.Round(255 / (1 + MathF.Exp(-sum[i])));
            ushort capabilities = 0;
            for (var i = TechniqueIds.LearnedCount; i < TextWeights.Outputs; i++)
            {
                if (sum[i] > 0) capabilities |= (ushort)(1 << (i - TechniqueIds.LearnedCount));
            }

            scores.Capabilities = capabilities;
            return scores;
        }
    }
}
