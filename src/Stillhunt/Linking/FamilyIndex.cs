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

    /// <summary>Each cut is four times as fine as the one before.</summary>
    private static readonly double[] Resolutions = [1, 4, 16];

    public FamilyIndex(Traffic traffic, PhraseRows rows, KeyedHash hash, Shares shares)
    {
        Units = RecurringUnits.Find(traffic, rows, FormingHalf, hash, shares);
        Postings = new UnitPostings(traffic, rows, Units, shares);
        var graph = UnitGraph.Build(traffic, Postings, FormingHalf, shares);
        var cuts = shares.Of(Resolutions, resolution => Communities.Find(graph, resolution));
        var matchings = new Tools<FamilyMatching>(() => new FamilyMatching(traffic, Postings));
        Cut = new FamilyCut(Postings, cuts[0], matchings, shares);
        Finer = [.. cuts[1..].SelectMany(cut => new FamilyCut(Postings, cut, matchings, shares).Families.Where(family => family.Recombines))];
    }

    public RecurringUnits Units { get; }

    public UnitPostings Postings { get; }

    public FamilyCut Cut { get; }

    /// <summary>
    /// The same units cut more finely, twice: an operator's sentences that common ones tie to people's stand alone there. Those that recombine.
    /// </summary>
    public IReadOnlyList<Family> Finer { get; }
}
