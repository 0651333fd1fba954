using System.Runtime.Intrinsics;
using Stillhunt.Fingerprinting;

namespace Stillhunt.Training;

/// <summary>
/// Logistic regression for all outputs at once, by AdaGrad (Duchi, Hazan and Singer, 2011) with decay of the weights. A prompt is judged by its
/// strongest window of sentences, and only that window learns (multiple-instance learning: an instruction is a few sentences of a prompt). One
/// thread, seeded order: the same prompts give the same weights.
/// </summary>
internal sealed class TextLearner
{
    private const float Rate = 0.15f;

    // Features seen in fewer prompts are an author's accident.
    private const int LeastPrompts = 8;

    // An output with fewer prompts that have it stays as the lexicon names it: CapabilityPrior.
    private const int LeastPositives = 30;

    private readonly Dictionary<int, int> _rows = [];
    private readonly List<int> _keys = [];
    private readonly float[] _weights;

    private TextLearner(IReadOnlyList<FeaturedPrompt> prompts)
    {
        var counts = new Dictionary<int, int>();
        foreach (var prompt in prompts)
        {
            foreach (var key in prompt.Sentences.SelectMany(k => k).Concat(prompt.Whole).Distinct()) counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        foreach (var key in counts.Where(c => c.Value >= LeastPrompts).Select(c => c.Key).Order())
        {
            _keys.Add(key);
            _rows[key] = _keys.Count;
        }

        _weights = new float[(_keys.Count + 1) * TextWeights.RowLength];
        foreach (var (feature, capability, weight) in CapabilityPrior.Of(ConceptLexicon.Shipped))
        {
            var row = feature is { } known ? _rows.GetValueOrDefault(known.Key, -1) : 0;
            if (row >= 0) _weights[row * TextWeights.RowLength + TechniqueIds.LearnedCount + (int)capability] = weight;
        }
    }

    /// <summary>The keys in the order of their rows, from row 1.</summary>
    public IReadOnlyList<int> Keys => _keys;

    public ReadOnlySpan<float> Row(int row) => _weights.AsSpan(row * TextWeights.RowLength, TextWeights.RowLength);

    /// <param name="prompts">What to learn from.</param>
    /// <param name="epochs">Passes over the prompts.</param>
    /// <param name="decay">Strength of the pull towards zero; larger trusts single features less.</param>
    /// <param name="random">The order of the passes.</param>
    public static TextLearner Learn(IReadOnlyList<FeaturedPrompt> prompts, int epochs, float decay, TrainingRandom random)
    {
        var learner = new TextLearner(prompts);
        learner.Run(prompts, epochs, decay, random);
        return learner;
    }

    /// <summary>Log-odds of each output.</summary>
    public void Score(FeaturedPrompt prompt, Span<float> logOdds) => new Pooled(this, new PromptRows(prompt, _rows), logOdds, []).Sum();

    private void Run(IReadOnlyList<FeaturedPrompt> prompts, int epochs, float decay, TrainingRandom random)
    {
        var rows = prompts.Select(p => new PromptRows(p, _rows)).ToArray();
        var importance = Importance(prompts);
        var squares = new float[_weights.Length];
        Array.Fill(squares, 1e-2f);
        var order = Enumerable.Range(0, prompts.Count).ToArray();
        var logOdds = new float[TextWeights.RowLength];
        var gradient = new float[TextWeights.RowLength];
        var masked = new float[TextWeights.RowLength];
        var best = new int[TextWeights.RowLength];
        var mean = new float[_weights.Length];
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            random.Shuffle(order);
            foreach (var at in order)
            {
                new Pooled(this, rows[at], logOdds, best).Sum();
                Gradient(logOdds, prompts[at].Labels, importance, gradient);
                Step(rows[at].Whole, gradient, squares, decay);
                var windows = rows[at].Sentences.Length;
                for (var window = 0; window < windows; window++)
                {
                    var any = false;
                    for (var output = 0; output < TextWeights.Outputs; output++)
                    {
                        masked[output] = best[output] == window ? gradient[output] : 0;
                        any |= masked[output] != 0;
                    }

                    if (!any) continue;
                    for (var s = Math.Max(0, window - TextFeatures.Window + 1); s <= window; s++) Step(rows[at].Sentences[s], masked, squares, decay);
                }
            }

            // The mean of the later passes is steadier than the last one (Polyak and Juditsky, 1992).
            if (epoch < epochs / 2) continue;
            for (var i = 0; i < mean.Length; i++) mean[i] += _weights[i] / (epochs - epochs / 2);
        }

        mean.CopyTo(_weights, 0);
    }

    private static void Gradient(ReadOnlySpan<float> logOdds, TrainingLabels labels, float[] importance, Span<float> gradient)
    {
        for (var output = 0; output < TextWeights.Outputs; output++)
        {
            gradient[output] = 0;
            if (!labels.Knows(output) || importance[output] == 0) continue;
            var probability = 1 / (1 + MathF.Exp(-logOdds[output]));
            gradient[output] = labels.Has(output) ? (probability - 1) * importance[output] : probability;
        }
    }

    private void Step(int[] rows, ReadOnlySpan<float> gradient, float[] squares, float decay)
    {
        foreach (var row in rows)
        {
            for (var v = 0; v < TextWeights.VectorsPerRow; v++)
            {
                var at = row * TextWeights.RowLength + v * 8;
                var weight = Vector256.Create((ReadOnlySpan<float>)_weights.AsSpan(at));
                var slope = Vector256.Create(gradient[(v * 8)..]);
                // The bias is free; an output that is not known moves nothing.
                if (row != 0) slope += weight * decay * Vector256.Min(Vector256<float>.One, Vector256.Abs(slope) * 1e6f);
                var square = Vector256.Create((ReadOnlySpan<float>)squares.AsSpan(at)) + slope * slope;
                square.CopyTo(squares.AsSpan(at));
                (weight - slope * Rate / Vector256.Sqrt(square)).CopyTo(_weights.AsSpan(at));
            }
        }
    }

    /// <summary>What a positive counts, so that rare outputs are learned: at most tenfold; 0 where there are too few to learn from.</summary>
    private static float[] Importance(IReadOnlyList<FeaturedPrompt> prompts)
    {
        var importance = new float[TextWeights.Outputs];
        for (var output = 0; output < TextWeights.Outputs; output++)
        {
            var positive = prompts.Count(p => p.Labels.Has(output));
            var negative = prompts.Count(p => p.Labels.Knows(output)) - positive;
            importance[output] = positive < LeastPositives ? 0 : Math.Clamp(0.5f * negative / positive, 1, 10);
        }

        return importance;
    }

    /// <summary>A prompt's features as rows of this learner; row 0, the bias, is of the whole.</summary>
    private readonly struct PromptRows(FeaturedPrompt prompt, Dictionary<int, int> rows)
    {
        public int[][] Sentences { get; } = [.. prompt.Sentences.Select(s => (int[])[.. s.Where(rows.ContainsKey).Select(k => rows[k])])];

        public int[] Whole { get; } = [0, .. prompt.Whole.Where(rows.ContainsKey).Select(k => rows[k])];
    }

    /// <summary>
    /// The sums of the windows that end at each sentence: output by output the greatest, and which window it was (empty span: not wanted).
    /// </summary>
    private readonly ref struct Pooled(TextLearner learner, PromptRows rows, Span<float> logOdds, Span<int> best)
    {
        private readonly Span<float> _logOdds = logOdds;
        private readonly Span<int> _best = best;

        public void Sum()
        {
            var sentences = rows.Sentences;
            var whole = SumOf(rows.Whole);
            var sums = new WeightRow[sentences.Length];
            WeightRow window = default, greatest = default;
            for (var s = 0; s < sentences.Length; s++)
            {
                sums[s] = SumOf(sentences[s]);
                window += sums[s];
                if (s >= TextFeatures.Window) window -= sums[s - TextFeatures.Window];
                if (!_best.IsEmpty)
                {
                    for (var output = 0; output < TextWeights.Outputs; output++)
                    {
                        if (s == 0 || window[output] > greatest[output]) _best[output] = s;
                    }
                }

                greatest = s == 0 ? window : WeightRow.Max(greatest, window);
            }

            var all = whole + greatest;
            for (var output = 0; output < TextWeights.Outputs; output++) _logOdds[output] = all[output];
        }

        private WeightRow SumOf(int[] features)
        {
            WeightRow sum = default;
            foreach (var row in features)
            {
                var weights = learner.Row(row);
                sum += new WeightRow(Vector256.Create(weights), Vector256.Create(weights[8..]), Vector256.Create(weights[16..]));
            }

            return sum;
        }
    }
}
