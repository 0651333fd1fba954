using System.Runtime.Intrinsics;
using Stillhunt.Ingest;

namespace Stillhunt.Fingerprinting;

/// <summary>
/// Scores a prompt's text for the learned techniques and the capabilities: words become concepts (see <see cref="ConceptLexicon"/>),
/// concepts and their neighbourhoods become features, and a logistic model weighs them. Immutable and thread-safe.
/// </summary>
public sealed class TextClassifier
{
    private readonly TextWeights _weights;

    internal TextClassifier(TextWeights weights) => _weights = weights;

    /// <summary>The weights that the project ships.</summary>
    public static TextClassifier Shipped { get; } = LoadShipped();

    /// <summary>The score at which a technique counts as seen: a probability of one half.</summary>
    public const byte FlagAt = 128;

    /// <summary>Scores the system prompt, the last user turn and the tool definitions. Allocates nothing.</summary>
    public TextScores Score(Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        if (!exchange.HasPrompt && exchange.PartCount == 0) return default;
        Span<ConceptSentence> room = stackalloc ConceptSentence[TextReading.Room];
        var count = TextReading.Read(exchange, _weights.Lexicon, room, out var shapes);
        var sum = new Accumulator(_weights, stackalloc ulong[Accumulator.Words(_weights)]);
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
        var count = TextReading.Read(exchange, _weights.Lexicon, room, out var shapes);
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
    }

    /// <summary>Adds up the rows of the features that are seen, each once.</summary>
    private ref struct Accumulator : ITextFeatureVisitor
    {
        private readonly TextWeights _weights;
        private readonly Span<ulong> _seen;
        private Vector256<float> _first, _second, _third;

        public Accumulator(TextWeights weights, Span<ulong> seen)
        {
            _weights = weights;
            _seen = seen;
            _seen.Clear();
            var bias = weights.Row(0);
            (_first, _second, _third) = (bias[0], bias[1], bias[2]);
        }

        public static int Words(TextWeights weights) => (weights.RowCount + 63) / 64;

        public void Visit(TextFeature feature)
        {
            var row = _weights.RowOf(feature);
            if (row == 0) return;
            var bit = 1UL << row;
            if ((_seen[row >> 6] & bit) != 0) return;
            _seen[row >> 6] |= bit;
            var weights = _weights.Row(row);
            _first += weights[0];
            _second += weights[1];
            _third += weights[2];
        }

        public readonly TextScores Scores()
        {
            var scores = new TextScores();
            for (var i = 0; i < TechniqueIds.LearnedCount; i++)
                scores[(Technique)i] = (byte)MathF.Round(255 / (1 + MathF.Exp(-At(i))));
            ushort capabilities = 0;
            for (var i = TechniqueIds.LearnedCount; i < TextWeights.Outputs; i++)
            {
                if (At(i) > 0) capabilities |= (ushort)(1 << (i - TechniqueIds.LearnedCount));
            }

            scores.Capabilities = capabilities;
            return scores;
        }

        private readonly float At(int output) => output < 8 ? _first[output] : output < 16 ? _second[output - 8] : _third[output - 16];
    }
}
