using Stillhunt.Fingerprinting;

namespace Stillhunt.Training;

/// <summary>
/// Makes prompts to learn from out of examples. An instruction is met around any slot and in any role, so each example that asks for a
/// technique is also shown wrapped around honest prompts, and honest prompts are also shown under honest system prompts.
/// </summary>
internal static class TrainingPrompts
{
    private const int WrappedCopies = 3;
    private const int LongestSlot = 1200;

    /// <summary>Of each example the prompt as it stands, then the wrapped ones; none where nothing is known.</summary>
    public static FeaturedPrompt[][] Make(IReadOnlyList<TrainingExample> examples, ConceptLexicon lexicon, TrainingRandom random)
    {
        var slots = examples.Where(IsSlot).Select(e => e.Text).ToList();
        var prompts = new FeaturedPrompt[examples.Count][];
        for (var i = 0; i < prompts.Length; i++)
        {
            var example = examples[i];
            var copies = slots.Count == 0 || example.Labels.Known == 0 ? 0 : example.IsAttack ? WrappedCopies : example.Own ? 1 : 0;
            prompts[i] = new FeaturedPrompt[example.Labels.Known == 0 ? 0 : copies + 1];
            if (prompts[i].Length == 0) continue;
            prompts[i][0] = FeaturedPrompt.Of(example, lexicon);
            for (var copy = 1; copy <= copies; copy++) prompts[i][copy] = Wrap(example, slots[random.Below(slots.Count)], copy - 1, lexicon);
        }

        return prompts;
    }

    /// <summary>A slot is a question or a task of a person, not an application's system prompt or a template.</summary>
    private static bool IsSlot(TrainingExample example) =>
        !example.IsAttack && example.Ships && example.System is null && example.Text.Length <= LongestSlot &&
        (example.Labels.Known & TrainingLabels.AllTechniques) == TrainingLabels.AllTechniques &&
        example.Source is not "hn_lm_eval_templates" and not "hn_fabric_patterns" and not "tpl_ultrafeedback_judge";

    /// <summary>The instruction before the slot, after it, or in the system prompt. What the slot asks for is not known.</summary>
    public static FeaturedPrompt Wrap(TrainingExample example, string slot, int arrangement, ConceptLexicon lexicon)
    {
        var labels = new TrainingLabels(example.Labels.Present & TrainingLabels.AllTechniques, example.Labels.Known & TrainingLabels.AllTechniques);
        return arrangement switch
        {
            0 => FeaturedPrompt.Of(example.System, example.Text + "\n\n" + slot, example.Tools, labels, lexicon),
            1 => FeaturedPrompt.Of(example.System, slot + "\n\n" + example.Text, example.Tools, labels, lexicon),
            _ => FeaturedPrompt.Of(example.System is null ? example.Text : example.System + "\n" + example.Text, slot, example.Tools, labels, lexicon),
        };
    }
}
