using Stillhunt.Sketches;

namespace Stillhunt.Linking;

/// <summary>Exchanges whose prompts share one skeleton, whatever fills its slots.</summary>
internal sealed class Family
{
    public required int Number { get; init; }

    /// <summary>Units of the family. One: a fixed wrapper. Several: sentences that recombine.</summary>
    public required int[] Units { get; init; }

    /// <summary>Sampled exchanges of both halves that match, in the order of the traffic.</summary>
    public List<int> Exchanges { get; } = [];

    public bool Recombines => Units.Length > 1;

    /// <summary>
    /// ... but what holds far fewer units than the family's own prompts do is somebody else's sentence: a prompt of the family holds this share
    /// of the units that the fullest tenth holds.
    /// </summary>
    private const double ShareOfFullest = 0.35;

    internal void KeepStrong(UnitPostings postings, int[] familyOf)
    {
        if (Exchanges.Count == 0) return;
        var held = Exchanges.ConvertAll(Held);
        var least = Math.Ceiling(ShareOfFullest * held.Order().ElementAt(held.Count * 9 / 10));
        var kept = Exchanges.Where((_, at) => held[at] >= least).ToList();
        Exchanges.Clear();
        Exchanges.AddRange(kept);

        int Held(int exchange)
        {
            var count = 0;
            foreach (var unit in postings.UnitsOf(exchange))
                if (familyOf[unit] == Number) count++;
            return count;
        }
    }
}

/// <summary>
/// Sentences first, accounts second: units that recombine are grouped into families on one half of the exchanges, then every
/// exchange of both halves is matched against the families.
/// </summary>
internal sealed class FamilyIndex
{
    /// <summary>The half that families are formed on; all tests use the other.</summary>
    public const int FormingHalf = 0;

    /// <summary>
    /// A unit that stands beside another of its family in this share of its exchanges marks the family even when it stands alone.
    /// </summary>
    private const double Specific = 0.6;

    public required RecurringUnits Units { get; init; }

    public required UnitPostings Postings { get; init; }

    public required IReadOnlyList<Family> Families { get; init; }

    /// <summary>
    /// The same units cut more finely, twice: an operator's sentences that common ones tie to people's stand alone there.
    /// </summary>
    public required IReadOnlyList<Family> Finer { get; init; }

    /// <summary>Each cut four times as fine as the one before.</summary>
    private static readonly double[] FinerResolutions = [4, 16];

    public static FamilyIndex Build(Traffic traffic, KeyedHash hash)
    {
        var units = RecurringUnits.Find(traffic, FormingHalf, hash);
        var postings = new UnitPostings(traffic, units);
        var graph = UnitGraph.Build(traffic, units, postings, FormingHalf);
        return new FamilyIndex
        {
            Units = units, Postings = postings, Families = Form(traffic, postings, graph, 1),
            Finer = [.. FinerResolutions.SelectMany(resolution => Form(traffic, postings, graph, resolution))],
        };
    }

    private static List<Family> Form(Traffic traffic, UnitPostings postings, WeightedGraph graph, double resolution)
    {
        var community = Communities.Find(graph, resolution);
        var families = community.Select((c, unit) => (c, unit)).GroupBy(pair => pair.c)
            .Select(group => new Family { Number = group.Key, Units = [.. group.Select(pair => pair.unit)] })
            .OrderBy(family => family.Number).ToList();
        var specific = SpecificUnits(traffic, postings, community, families);
        for (var i = 0; i < traffic.Exchanges.Length; i++) Match(i);
        foreach (var family in families.Where(family => family.Recombines)) family.KeepStrong(postings, community);
        return families;

        // An exchange is of every family of which it holds two units, or one that is specific...
        void Match(int exchange)
        {
            var held = postings.UnitsOf(exchange);
            for (var a = 0; a < held.Length; a++)
            {
                var own = families[community[held[a]]];
                if (own.Exchanges.Count > 0 && own.Exchanges[^1] == exchange) continue;
                var beside = false;
                for (var b = a + 1; b < held.Length; b++) beside |= community[held[b]] == own.Number;
                if (beside || specific[held[a]]) own.Exchanges.Add(exchange);
            }
        }
    }

    private static bool[] SpecificUnits(Traffic traffic, UnitPostings postings, int[] community, List<Family> families)
    {
        var together = new int[postings.UnitCount];
        var all = new int[postings.UnitCount];
        for (var i = 0; i < traffic.Exchanges.Length; i++)
        {
            if (traffic.Exchanges[i].Half != FormingHalf) continue;
            var held = postings.UnitsOf(i);
            for (var a = 0; a < held.Length; a++)
            {
                all[held[a]]++;
                for (var b = 0; b < held.Length; b++)
                {
                    if (a == b || community[held[a]] != community[held[b]]) continue;
                    together[held[a]]++;
                    break;
                }
            }
        }

        var specific = new bool[postings.UnitCount];
        for (var u = 0; u < specific.Length; u++)
            specific[u] = !families[community[u]].Recombines || together[u] >= Specific * all[u];
        return specific;
    }
}
