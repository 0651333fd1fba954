namespace Stillhunt.Training;

/// <summary>How weights are learned. The defaults were chosen on the tables of docs/data.md, which says what that costs them.</summary>
public sealed record TrainingOptions
{
    /// <summary>Seed of every random choice. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Passes over the prompts. Default 5; more fits single authors closer.</summary>
    public int Epochs { get; init; } = 5;

    /// <summary>Pull of the weights towards zero. Default 0.1; larger trusts single features less.</summary>
    public float Decay { get; init; } = 0.1f;

    /// <summary>
    /// Share of honest prompts, averaged over sources that were left out, that may reach the flag. Default 0.02; larger finds more and flags more.
    /// </summary>
    public double FalsePositiveRate { get; init; } = 0.02;

    /// <summary>Weights smaller than this in all outputs are dropped, in log-odds. Default 0.3; larger makes the file smaller.</summary>
    public float Prune { get; init; } = 0.3f;

    /// <summary>Whether to evaluate by leaving out sources, authors and languages (a minute); without, thresholds stay as learned. Default true.</summary>
    public bool Evaluate { get; init; } = true;

    internal void Validate()
    {
        var faults = new List<string>();
        if (Epochs is < 1 or > 1000) faults.Add("Epochs must lie between 1 and 1000.");
        if (!(Decay is >= 0 and < 1)) faults.Add("Decay must lie between 0 and 1.");
        if (!(FalsePositiveRate is > 0 and < 0.5)) faults.Add("FalsePositiveRate must lie between 0 and 0.5.");
        if (!(Prune is >= 0 and < 5)) faults.Add("Prune must lie between 0 and 5.");
        if (faults.Count > 0) throw new ArgumentException(string.Join(' ', faults));
    }
}
