using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Stillhunt.Fingerprinting;

namespace Stillhunt.Training;

/// <summary>Figures of an evaluation, as Markdown for docs/data.md and as JSON.</summary>
internal sealed class TrainingReport(IReadOnlyList<TrainingExample> examples, TrainingEvaluation evaluation)
{
    private static IEnumerable<Technique> Learned => Enumerable.Range(0, TechniqueIds.LearnedCount).Select(i => (Technique)i);

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        AppendTechniques(text);
        AppendSources(text);
        AppendLanguages(text);
        AppendCapabilities(text);
        return text.ToString();
    }

    public JsonObject ToJson()
    {
        var techniques = new JsonArray();
        foreach (var technique in Learned)
        {
            var count = evaluation.Count(evaluation.BySource.Where(s => !s.Wrapped), (int)technique);
            var independent = evaluation.Count(Public(evaluation.BySource), (int)technique);
            var honest = evaluation.Count(evaluation.BySource.Where(s => !s.Wrapped && !s.Example.IsAttack), (int)technique);
            techniques.Add(new JsonObject
            {
                ["id"] = technique.Id(),
                ["positive_count"] = count.Positive,
                ["recall"] = count.Recall,
                ["precision"] = count.Precision,
                ["honest_count"] = honest.Negative,
                ["false_positive_rate"] = honest.FalsePositiveRate,
                ["independent_positive_count"] = independent.Positive,
                ["independent_recall"] = independent.Recall,
            });
        }

        return new JsonObject { ["schema"] = "stillhunt.training/1", ["example_count"] = examples.Count, ["techniques"] = techniques };
    }

    private static IEnumerable<HeldOutScore> Public(IEnumerable<HeldOutScore> scores) => scores.Where(s => !s.Example.Own && !s.Wrapped);

    private static IEnumerable<HeldOutScore> Own(IEnumerable<HeldOutScore> scores, bool wrapped) =>
        scores.Where(s => s.Example.Own && s.Wrapped == wrapped);

    private void AppendTechniques(StringBuilder text)
    {
        text.AppendLine("### Leave one source out, per technique\n");
        text.AppendLine("| technique | own text: recall | own text around a slot: recall | public sources: recall | public, learned from own text alone | own, learned from public alone | precision (all) | honest prompts flagged |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var technique in Learned)
        {
            var output = (int)technique;
            var all = evaluation.Count(evaluation.BySource.Where(s => !s.Wrapped), output);
            var honest = evaluation.Count(evaluation.BySource.Where(s => !s.Wrapped && !s.Example.IsAttack), output);
            var hasPublic = evaluation.Count(Public(evaluation.BySource), output).Positive > 0;
            text.Append("| ").Append(technique.Id())
                .Append(" | ").Append(Recall(evaluation.Count(Own(evaluation.BySource, false), output)))
                .Append(" | ").Append(Recall(evaluation.Count(Own(evaluation.BySource, true), output)))
                .Append(" | ").Append(Recall(evaluation.Count(Public(evaluation.BySource), output)))
                .Append(" | ").Append(Recall(evaluation.Count(Public(evaluation.PublicByOwn), output)))
                .Append(" | ").Append(hasPublic ? Recall(evaluation.Count(Own(evaluation.OwnByPublic, false), output)) : "no data")
                .Append(" | ").Append(Percent(all.Precision))
                .Append(" | ").Append(honest.Negative == 0 ? "no data" : $"{Percent(honest.FalsePositiveRate)} of {honest.Negative}")
                .AppendLine(" |");
        }

        text.AppendLine();
    }

    private void AppendSources(StringBuilder text)
    {
        text.AppendLine("### Each source, learned from all others\n");
        text.AppendLine("Recall per technique (found of how many), and how many of the source's prompts were flagged for a technique that they do not ask for.\n");
        text.AppendLine("| source | prompts | found | flagged wrongly | for |");
        text.AppendLine("|---|--:|---|--:|---|");
        foreach (var source in evaluation.BySource.Where(s => !s.Wrapped).GroupBy(s => s.Example.Source).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var counts = Learned.Select(t => (Technique: t, Count: evaluation.Count(source, (int)t))).ToList();
            var wrong = source.Count(s => Learned.Any(t => s.Example.Labels.Knows((int)t) && !s.Example.Labels.Has((int)t) && s.LogOdds[(int)t] >= evaluation.Thresholds[(int)t]));
            text.Append("| ").Append(source.Key).Append(" | ").Append(source.Count()).Append(" | ")
                .AppendJoin(", ", counts.Where(c => c.Count.Positive > 0).Select(c => $"{c.Technique.Id()} {c.Count.Found}/{c.Count.Positive}"))
                .Append(" | ").Append(Percent((double)wrong / source.Count())).Append(" | ")
                .AppendJoin(", ", counts.Where(c => c.Count.Flagged > 0).OrderByDescending(c => c.Count.Flagged).Take(3).Select(c => $"{c.Technique.Id()} {c.Count.Flagged}"))
                .AppendLine(" |");
        }

        text.AppendLine();
    }

    private void AppendLanguages(StringBuilder text)
    {
        text.AppendLine("### Our own text in a language that was left out\n");
        text.AppendLine("| language | technique prompts | found | honest prompts | flagged | weakest |");
        text.AppendLine("|---|--:|--:|--:|--:|---|");
        foreach (var language in evaluation.ByLanguage.Where(s => !s.Wrapped).GroupBy(s => s.Example.Language).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var counts = Learned.Select(t => (Technique: t, Count: evaluation.Count(language, (int)t))).ToList();
            var positive = counts.Sum(c => c.Count.Positive);
            var honest = language.Where(s => !s.Example.IsAttack).ToList();
            var flagged = honest.Count(s => Learned.Any(t => s.LogOdds[(int)t] >= evaluation.Thresholds[(int)t]));
            var weakest = counts.Where(c => c.Count.Positive > 0).OrderBy(c => c.Count.Recall).Take(2);
            text.Append("| ").Append(language.Key).Append(" | ").Append(positive).Append(" | ")
                .Append(positive == 0 ? "no data" : Percent((double)counts.Sum(c => c.Count.Found) / positive)).Append(" | ").Append(honest.Count).Append(" | ").Append(flagged).Append(" | ")
                .AppendJoin(", ", weakest.Select(c => $"{c.Technique.Id()} {c.Count.Found}/{c.Count.Positive}")).AppendLine(" |");
        }

        text.AppendLine();
    }

    private void AppendCapabilities(StringBuilder text)
    {
        text.AppendLine("### Capabilities, leave one source out\n");
        text.AppendLine("| capability | recall | precision | prompts without it, flagged |");
        text.AppendLine("|---|--:|--:|--:|");
        for (var output = TechniqueIds.LearnedCount; output < TextWeights.Outputs; output++)
        {
            var count = evaluation.Count(evaluation.BySource.Where(s => !s.Wrapped), output);
            text.Append("| ").Append(((Capability)(output - TechniqueIds.LearnedCount)).Id()).Append(" | ").Append(Recall(count)).Append(" | ")
                .Append(Percent(count.Precision)).Append(" | ").Append(count.Negative == 0 ? "no data" : $"{Percent(count.FalsePositiveRate)} of {count.Negative}").AppendLine(" |");
        }
    }

    private static string Recall(TrainingCount count) => count.Positive == 0 ? "no data" : $"{Percent(count.Recall)} of {count.Positive}";

    private static string Percent(double? share) => share is { } value ? value.ToString("P1", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal) : "no data";
}
