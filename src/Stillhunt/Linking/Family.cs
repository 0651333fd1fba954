namespace Stillhunt.Linking;

/// <summary>Exchanges whose prompts share one skeleton, whatever fills its slots.</summary>
internal sealed class Family
{
    public required int Number { get; init; }

    /// <summary>Units of the family, ascending. One: a fixed wrapper. Several: sentences that recombine.</summary>
    public required int[] Units { get; init; }

    /// <summary>Sampled exchanges of both halves that match, ascending. Of a family of one unit none: they are those with the unit.</summary>
    public List<int> Exchanges { get; set; } = [];

    public bool Recombines => Units.Length > 1;
}
