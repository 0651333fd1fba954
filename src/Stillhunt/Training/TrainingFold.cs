using Stillhunt.Fingerprinting;

namespace Stillhunt.Training;

/// <summary>A question to the evaluation: what is learned from, and what is tested on.</summary>
internal sealed record TrainingFold(string Name, Func<TrainingExample, bool> LearnsFrom, Func<TrainingExample, bool> TestsOn);

/// <summary>Log-odds of a prompt by weights that never saw its source.</summary>
/// <param name="Example">The prompt.</param>
/// <param name="Wrapped">Whether the instruction stood around a slot.</param>
/// <param name="LogOdds">One an output.</param>
internal sealed record HeldOutScore(TrainingExample Example, bool Wrapped, float[] LogOdds);

/// <summary>How often a technique was found and how often it was seen where it is not.</summary>
internal readonly record struct TrainingCount(int Positive, int Found, int Negative, int Flagged)
{
    public double? Recall => Positive == 0 ? null : (double)Found / Positive;

    public double? FalsePositiveRate => Negative == 0 ? null : (double)Flagged / Negative;

    public double? Precision => Positive == 0 || Found + Flagged == 0 ? null : (double)Found / (Found + Flagged);

    public static TrainingCount operator +(TrainingCount a, TrainingCount b) =>
        new(a.Positive + b.Positive, a.Found + b.Found, a.Negative + b.Negative, a.Flagged + b.Flagged);

    public static TrainingCount Of(IEnumerable<HeldOutScore> scores, int output, float threshold)
    {
        int positive = 0, found = 0, negative = 0, flagged = 0;
        foreach (var score in scores)
        {
            if (!score.Example.Labels.Knows(output)) continue;
            var seen = score.LogOdds[output] >= threshold ? 1 : 0;
            if (score.Example.Labels.Has(output))
            {
                positive++;
                found += seen;
            }
            else
            {
                negative++;
                flagged += seen;
            }
        }

        return new(positive, found, negative, flagged);
    }
}

/// <summary>Learns without what is tested on, and scores it.</summary>
internal static class HeldOut
{
    public static List<HeldOutScore> Run(
        TrainingFold fold, IReadOnlyList<TrainingExample> examples, FeaturedPrompt[][] prompts, TrainingOptions options)
    {
        var learned = new List<FeaturedPrompt>();
        for (var i = 0; i < examples.Count; i++)
        {
            if (fold.LearnsFrom(examples[i]) && !fold.TestsOn(examples[i])) learned.AddRange(prompts[i]);
        }

        var scores = new List<HeldOutScore>();
        if (learned.Count == 0) return scores;
        var learner = TextLearner.Learn(learned, options.Epochs, options.Decay, new TrainingRandom(options.Seed));
        for (var i = 0; i < examples.Count; i++)
        {
            if (!fold.TestsOn(examples[i])) continue;
            for (var copy = 0; copy < prompts[i].Length; copy++)
            {
                var logOdds = new float[TextWeights.RowLength];
                learner.Score(prompts[i][copy], logOdds);
                scores.Add(new HeldOutScore(examples[i], copy > 0, logOdds));
            }
        }

        return scores;
    }
}
