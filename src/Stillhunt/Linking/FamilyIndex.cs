using Stillhunt.Sketches;

namespace Stillhunt.Linking;

/// <summary>
/// The prompt families of the traffic. Units that recombine are grouped into families on one half of the exchanges, then every
/// exchange of both halves is matched against the families.
/// </summary>
internal sealed class FamilyIndex
{
    /// <summary>The half that families are formed on; all tests use the other.</summary>
    public const int FormingHalf = 0;

    /// <summary>Each cut four times as fine as the one before.</summary>
    private static readonly double[] FinerResolutions = [4, 16];

    public FamilyIndex(Traffic traffic, KeyedHash hash, Shares shares)
    {
        Units = RecurringUnits.Find(traffic, FormingHalf, hash, shares);
        Postings = new UnitPostings(traffic, Units, shares);
        var graph = UnitGraph.Build(traffic, Postings, FormingHalf, shares);
        Cut = new FamilyCut(traffic, Postings, graph, 1, shares);
        Finer = [.. FinerResolutions.SelectMany(resolution => new FamilyCut(traffic, Postings, graph, resolution, shares).Families.Where(family => family.Recombines))];
    }

    public RecurringUnits Units { get; }

    public UnitPostings Postings { get; }

    public FamilyCut Cut { get; }

    /// <summary>
    /// The same units cut more finely, twice: an operator's sentences that common ones tie to people's stand alone there. Those that recombine.
    /// </summary>
    public IReadOnlyList<Family> Finer { get; }
}
