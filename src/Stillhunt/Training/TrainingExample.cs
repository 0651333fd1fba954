using Stillhunt.Fingerprinting;

namespace Stillhunt.Training;

/// <summary>
/// What is known about a prompt, one bit an output of the weights: the nine techniques, then the twelve capabilities. An output that
/// is not known takes no part in learning or evaluation.
/// </summary>
/// <param name="Present">Bit i is set where output i is there.</param>
/// <param name="Known">Bit i is set where it is known whether output i is there.</param>
internal readonly record struct TrainingLabels(uint Present, uint Known)
{
    public const uint AllTechniques = (1u << TechniqueIds.LearnedCount) - 1;
    public const uint AllOutputs = (1u << TextWeights.Outputs) - 1;

    /// <summary>An honest prompt: no technique; of its capabilities nothing is known.</summary>
    public static TrainingLabels Honest => new(0, AllTechniques);

    public static TrainingLabels Unknown => default;

    public bool Has(int output) => (Present >> output & 1) != 0;

    public bool Knows(int output) => (Known >> output & 1) != 0;

    public TrainingLabels With(params ReadOnlySpan<Technique> techniques)
    {
        var present = Present;
        foreach (var technique in techniques) present |= 1u << (int)technique;
        return new(present, Known | present);
    }

    public TrainingLabels With(Capability capability) => new(Present | Bit(capability), Known | Bit(capability));

    public TrainingLabels Without(Capability capability) => new(Present & ~Bit(capability), Known | Bit(capability));

    /// <summary>Nothing is claimed about these techniques.</summary>
    public TrainingLabels NotKnowing(params ReadOnlySpan<Technique> techniques)
    {
        var mask = 0u;
        foreach (var technique in techniques) mask |= 1u << (int)technique;
        return new(Present & ~mask, Known & ~mask);
    }

    private static uint Bit(Capability capability) => 1u << (TechniqueIds.LearnedCount + (int)capability);
}

/// <summary>One prompt with what is known about it.</summary>
/// <param name="Source">Who wrote it: what is left out as a whole in evaluation.</param>
/// <param name="Language">Two-letter code of the instruction's language.</param>
/// <param name="System">The system prompt, if any.</param>
/// <param name="Text">The user turn.</param>
/// <param name="Labels">What is known of it.</param>
/// <param name="Own">Written by the project.</param>
/// <param name="Ships">Whether its licence lets it take part in shipped weights.</param>
internal sealed record TrainingExample(
    string Source, string Language, string? System, string Text, TrainingLabels Labels, bool Own, bool Ships = true)
{
    /// <summary>Tool definitions sent along, if any.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    public bool IsAttack => (Labels.Present & TrainingLabels.AllTechniques) != 0;
}
