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

    internal void KeepStrong(Traffic traffic, RecurringUnits units)
    {
        var own = Units.ToHashSet();
        var buffer = RecurringUnits.Buffer();
        var held = Exchanges.Select(i => buffer[..units.Of(traffic.Exchanges[i].Prints, buffer)].Count(own.Contains)).ToList();
        if (held.Count == 0) return;
        var least = Math.Ceiling(ShareOfFullest * held.Order().ElementAt(held.Count * 9 / 10));
        var kept = Exchanges.Where((_, at) => held[at] >= least).ToList();
        Exchanges.Clear();
        Exchanges.AddRange(kept);
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
        var graph = UnitGraph.Build(traffic, units, FormingHalf);
        var families = Form(traffic, units, graph, 1);
        return new FamilyIndex { Units = units, Families = families, Finer = [.. FinerResolutions.SelectMany(resolution => Form(traffic, units, graph, resolution))] };
    }

    private static List<Family> Form(Traffic traffic, RecurringUnits units, WeightedGraph graph, double resolution)
    {
        var community = Communities.Find(graph, resolution);
        var families = community.Select((c, unit) => (c, unit)).GroupBy(pair => pair.c)
            .Select(group => new Family { Number = group.Key, Units = [.. group.Select(pair => pair.unit)] })
            .OrderBy(family => family.Number).ToList();
        var specific = SpecificUnits(traffic, units, community, families);
        var buffer = RecurringUnits.Buffer();
        for (var i = 0; i < traffic.Exchanges.Length; i++) Match(i);
        foreach (var family in families.Where(family => family.Recombines)) family.KeepStrong(traffic, units);
        return families;

        // An exchange is of every family of which it holds two units, or one that is specific...
        void Match(int exchange)
        {
            var count = units.Of(traffic.Exchanges[exchange].Prints, buffer);
            for (var a = 0; a < count; a++)
            {
                var own = families[community[buffer[a]]];
                if (own.Exchanges.Count > 0 && own.Exchanges[^1] == exchange) continue;
                var beside = false;
                for (var b = a + 1; b < count; b++) beside |= community[buffer[b]] == own.Number;
                if (beside || specific[buffer[a]]) own.Exchanges.Add(exchange);
            }
        }
    }

    private static bool[] SpecificUnits(Traffic traffic, RecurringUnits units, int[] community, List<Family> families)
    {
        var together = new int[units.Count];
        var all = new int[units.Count];
        var buffer = RecurringUnits.Buffer();
        for (var i = 0; i < traffic.Exchanges.Length; i++)
        {
            if (traffic.Exchanges[i].Half != FormingHalf) continue;
            var count = units.Of(traffic.Exchanges[i].Prints, buffer);
            for (var a = 0; a < count; a++)
            {
                all[buffer[a]]++;
                for (var b = 0; b < count; b++)
                {
                    if (a == b || community[buffer[a]] != community[buffer[b]]) continue;
                    together[buffer[a]]++;
                    break;
                }
            }
        }

        var specific = new bool[units.Count];
        for (var u = 0; u < specific.Length; u++)
            specific[u] = !families[community[u]].Recombines || together[u] >= Specific * all[u];
        return specific;
    }
}
