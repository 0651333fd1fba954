using Stillhunt.Fingerprinting;

namespace Stillhunt.Training;

/// <summary>
/// What the classifier can do on text of authors that it did not learn from. Every figure is of prompts whose whole source was left out.
/// </summary>
internal sealed class TrainingEvaluation
{
    // A false positive rate over fewer honest prompts says nothing.
    private const int LeastHonest = 20;

    private TrainingEvaluation(IReadOnlyList<HeldOutScore> bySource, float[] thresholds)
    {
        BySource = bySource;
        Thresholds = thresholds;
    }

    /// <summary>Each source scored by weights learned from all others.</summary>
    public IReadOnlyList<HeldOutScore> BySource { get; }

    /// <summary>Public sources scored by weights learned from our own text alone.</summary>
    public IReadOnlyList<HeldOutScore> PublicByOwn { get; private init; } = [];

    /// <summary>Our own text scored by weights learned from public sources alone.</summary>
    public IReadOnlyList<HeldOutScore> OwnByPublic { get; private init; } = [];

    /// <summary>Our own text in a language scored by weights that saw none of our text in it.</summary>
    public IReadOnlyList<HeldOutScore> ByLanguage { get; private init; } = [];

    /// <summary>Log-odds from which an output counts as seen, before they are moved to zero.</summary>
    public float[] Thresholds { get; }

    public static TrainingEvaluation Run(IReadOnlyList<TrainingExample> examples, FeaturedPrompt[][] prompts, TrainingOptions options)
    {
        var bySource = new List<HeldOutScore>();
        foreach (var source in examples.Select(e => e.Source).Distinct().Order(StringComparer.Ordinal))
            bySource.AddRange(HeldOut.Run(new(source, e => e.Ships, e => e.Source == source), examples, prompts, options));
        var byLanguage = new List<HeldOutScore>();
        foreach (var language in examples.Where(e => e.Own).Select(e => e.Language).Distinct().Order(StringComparer.Ordinal))
        {
            if (language == "en") continue;
            byLanguage.AddRange(HeldOut.Run(new(language, e => e.Ships, e => e.Own && e.Language == language), examples, prompts, options));
        }

        return new TrainingEvaluation(bySource, ThresholdsOf(bySource, options.FalsePositiveRate))
        {
            PublicByOwn = Aligned(HeldOut.Run(new("public by own", e => e.Own, e => !e.Own), examples, prompts, options), bySource, options),
            OwnByPublic = Aligned(HeldOut.Run(new("own by public", e => !e.Own && e.Ships, e => e.Own), examples, prompts, options), bySource, options),
            ByLanguage = byLanguage,
        };
    }

    /// <summary>
    /// Weights from other text have other scales. Their scores are moved so that they flag the same share of honest prompts as the main ones do
    /// and one threshold serves both.
    /// </summary>
    private static List<HeldOutScore> Aligned(List<HeldOutScore> scores, IReadOnlyList<HeldOutScore> main, TrainingOptions options)
    {
        var theirs = ThresholdsOf(scores, options.FalsePositiveRate);
        var ours = ThresholdsOf(main, options.FalsePositiveRate);
        foreach (var score in scores)
        {
            for (var output = 0; output < TechniqueIds.LearnedCount; output++) score.LogOdds[output] += ours[output] - theirs[output];
        }

        return scores;
    }

    public TrainingCount Count(IEnumerable<HeldOutScore> scores, int output) => TrainingCount.Of(scores, output, Thresholds[output]);

    /// <summary>The lowest thresholds whose false positive rate, averaged over the sources of honest prompts, is at most the wanted one.</summary>
    private static float[] ThresholdsOf(IReadOnlyList<HeldOutScore> scores, double wanted)
    {
        var thresholds = new float[TextWeights.RowLength];
        for (var output = 0; output < TechniqueIds.LearnedCount; output++)
        {
            // One technique taken for another accuses nobody who is honest.
            var honest = scores.Where(s => s.Example.Labels.Knows(output) && !s.Example.IsAttack)
                .GroupBy(s => s.Example.Source).Where(g => g.Count() >= LeastHonest)
                .Select(g => g.Select(s => s.LogOdds[output]).ToArray()).ToList();
            if (honest.Count == 0) continue;
            // A source's prompts share its weight, so that a large source does not set the threshold alone.
            var weighted = honest.SelectMany(g => g.Select(z => (LogOdds: z, Weight: 1.0 / g.Length / honest.Count)))
                .OrderByDescending(z => z.LogOdds);
            var rate = 0.0;
            foreach (var (logOdds, weight) in weighted)
            {
                if (rate + weight > wanted)
                {
                    thresholds[output] = logOdds + 1e-3f;
                    break;
                }

                rate += weight;
            }
        }

        return thresholds;
    }
}
