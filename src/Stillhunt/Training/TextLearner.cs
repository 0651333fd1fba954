using System.Runtime.Intrinsics;
using Stillhunt.Fingerprinting;

namespace Stillhunt.Training;

/// <summary>
/// Logistic regression for all outputs at once, by AdaGrad (Duchi, Hazan and Singer, 2011) with decay of the weights. One thread, seeded order:
/// the same prompts give the same weights.
/// </summary>
internal sealed class TextLearner
{
    private const float Rate = 0.15f;

    // Features seen in fewer prompts are an author's accident.
    private const int LeastPrompts = 4;

    private readonly Dictionary<int, int> _rows = [];
    private readonly List<int> _keys = [];
    private readonly float[] _weights;

    private TextLearner(IReadOnlyList<FeaturedPrompt> prompts)
    {
        var counts = new Dictionary<int, int>();
        foreach (var prompt in prompts)
        {
            foreach (var key in prompt.Keys) counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        foreach (var key in counts.Where(c => c.Value >= LeastPrompts).Select(c => c.Key).Order())
        {
            _keys.Add(key);
            _rows[key] = _keys.Count;
        }

        _weights = new float[(_keys.Count + 1) * TextWeights.RowLength];
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
    public void Score(FeaturedPrompt prompt, Span<float> logOdds)
    {
        Row(0).CopyTo(logOdds);
        foreach (var key in prompt.Keys)
        {
            if (!_rows.TryGetValue(key, out var row)) continue;
            var weights = Row(row);
            for (var i = 0; i < TextWeights.Outputs; i++) logOdds[i] += weights[i];
        }
    }

    private void Run(IReadOnlyList<FeaturedPrompt> prompts, int epochs, float decay, TrainingRandom random)
    {
        var rows = prompts.Select(p => (int[])[0, .. p.Keys.Where(_rows.ContainsKey).Select(k => _rows[k])]).ToArray();
        var importance = Importance(prompts);
        var squares = new float[_weights.Length];
        Array.Fill(squares, 1e-2f);
        var order = Enumerable.Range(0, prompts.Count).ToArray();
        Span<float> gradient = stackalloc float[TextWeights.RowLength];
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            random.Shuffle(order);
            foreach (var at in order)
            {
                Gradient(rows[at], prompts[at].Labels, importance, gradient);
                Step(rows[at], gradient, squares, decay);
            }
        }
    }

    private void Gradient(int[] rows, TrainingLabels labels, float[] importance, Span<float> gradient)
    {
        gradient.Clear();
        foreach (var row in rows)
        {
            var weights = Row(row);
            for (var v = 0; v < TextWeights.VectorsPerRow; v++)
                (Vector256.Create((ReadOnlySpan<float>)gradient[(v * 8)..]) + Vector256.Create(weights[(v * 8)..])).CopyTo(gradient[(v * 8)..]);
        }

        for (var output = 0; output < TextWeights.RowLength; output++)
        {
            if (output >= TextWeights.Outputs || !labels.Knows(output))
            {
                gradient[output] = 0;
                continue;
            }

            var probability = 1 / (1 + MathF.Exp(-gradient[output]));
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

    /// <summary>What a positive counts, so that rare outputs are learned: at most tenfold.</summary>
    private static float[] Importance(IReadOnlyList<FeaturedPrompt> prompts)
    {
        var importance = new float[TextWeights.Outputs];
        for (var output = 0; output < TextWeights.Outputs; output++)
        {
            var positive = prompts.Count(p => p.Labels.Has(output));
            var negative = prompts.Count(p => p.Labels.Knows(output)) - positive;
            importance[output] = positive == 0 ? 1 : Math.Clamp(0.5f * negative / positive, 1, 10);
        }

        return importance;
    }
}
