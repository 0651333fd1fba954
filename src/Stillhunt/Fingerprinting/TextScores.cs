namespace Stillhunt.Fingerprinting;

/// <summary>
/// What a prompt's text says about technique and capability. A technique's score is a probability in 1/255 steps
/// (0 = nothing seen); a capability is a flag.
/// </summary>
public struct TextScores
{
    private TechniqueBytes _techniques;

    [System.Runtime.CompilerServices.InlineArray(TechniqueIds.LearnedCount)]
    private struct TechniqueBytes
    {
        private byte _first;
    }

    public byte this[Technique learned]
    {
        readonly get => _techniques[(int)learned];
        set => _techniques[(int)learned] = value;
    }

    /// <summary>Bit i is set where capability i is asked for.</summary>
    public ushort Capabilities { get; set; }

    public readonly bool Takes(Capability capability) => (Capabilities >> (int)capability & 1) != 0;
}
