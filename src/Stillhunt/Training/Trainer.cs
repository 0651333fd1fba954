using System.Text.Json.Nodes;
using Stillhunt.Fingerprinting;

namespace Stillhunt.Training;

/// <summary>What training yields.</summary>
/// <param name="Weights">The text of TextWeights.json.</param>
/// <param name="Markdown">The evaluation as tables, empty if none was asked for.</param>
/// <param name="Report">The evaluation's main figures, or null.</param>
/// <param name="ExampleCount">Prompts that were read.</param>
/// <param name="LearnedCount">Prompts that the weights were learned from.</param>
public sealed record TrainingResult(string Weights, string Markdown, JsonObject? Report, int ExampleCount, int LearnedCount);

/// <summary>Learns the text classifier's weights from folders of labelled prompts (`stillhunt train`).</summary>
public static class Trainer
{
    /// <summary>
    /// Reads the folders (our own training/, sets in the shape of the shared data, any JSON lines with "prompt" or "text" and
    /// "techniques"), evaluates by leaving out whole sources, and learns from all that may ship. The same input and options give the same bytes.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">A folder is not there.</exception>
    /// <exception cref="FormatException">A row names a technique that does not exist.</exception>
    public static TrainingResult Train(IReadOnlyList<string> folders, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(folders);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var lexicon = ConceptLexicon.Shipped;
        var examples = TrainingFolders.Read(folders);
        if (!examples.Any(e => e.Ships && e.IsAttack) || examples.All(e => e.IsAttack))
            throw new FormatException("Training needs prompts with a technique and honest prompts; the folders hold only one kind or none.");
        var prompts = TrainingPrompts.Make(examples, lexicon, new TrainingRandom(options.Seed));
        var evaluation = options.Evaluate ? TrainingEvaluation.Run(examples, prompts, options) : null;
        var learned = examples.Index().Where(e => e.Item.Ships).SelectMany(e => prompts[e.Index]).ToList();
        var learner = TextLearner.Learn(learned, options.Epochs, options.Decay, new TrainingRandom(options.Seed));
        var weights = TextWeightsFile.Write(learner, evaluation?.Thresholds ?? new float[TextWeights.RowLength], options.Prune, lexicon);
        var report = evaluation is null ? null : new TrainingReport(examples, evaluation);
        return new TrainingResult(weights, report?.ToMarkdown() ?? "", report?.ToJson(), examples.Count, learned.Count);
    }
}
