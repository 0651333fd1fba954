using Stillhunt.Fingerprinting;

namespace Stillhunt.Training;

/// <summary>
/// What a capability's weights start from: the concepts that name it. Labelled examples are few for some capabilities; where there are
/// more, they move the weights.
/// </summary>
internal static class CapabilityPrior
{
    private const float Bias = -2.2f;
    private const float Named = 2.6f;

    private static readonly (string Feature, Capability Capability)[] Names =
    [
        ("math", Capability.Reasoning), ("code", Capability.Coding), ("repo", Capability.Coding), ("agent", Capability.Agentic),
        ("tool", Capability.ToolUse), ("shape:HasTools", Capability.ToolUse), ("shape:HasToolTurn", Capability.ToolUse),
        ("shape:HasToolTurn", Capability.Agentic), ("data", Capability.DataAnalysis), ("image", Capability.Vision), ("gui+action", Capability.ComputerUse),
        ("rubric", Capability.Grading), ("danger", Capability.SafetySensitive), ("political", Capability.SafetySensitive),
        ("prose", Capability.Writing), ("translate", Capability.Translation), ("facts", Capability.Knowledge),
    ];

    /// <summary>Starting weights; without a feature, the bias.</summary>
    public static IEnumerable<(TextFeature? Feature, Capability Capability, float Weight)> Of(ConceptLexicon lexicon)
    {
        foreach (var capability in Enum.GetValues<Capability>()) yield return (null, capability, Bias);
        foreach (var (name, capability) in Names)
        {
            if (TextFeature.Parse(name, lexicon) is { } feature) yield return (feature, capability, Named);
        }
    }
}
