namespace Stillhunt.Linking;

/// <summary>
/// Which units belong to one grammar. Two units are joined if they stand in one prompt for several owners, and if an owner who uses
/// the one uses the other too, in other conversations, far more often than owners at large. The first alone would join what
/// speakers of one language say; the second alone the topics of one person.
/// </summary>
internal static class UnitGraph
{
    /// <summary>Owners that must have used a pair in one prompt, and in different conversations.</summary>
    public const int LeastOwners = 3;

    /// <summary>
    /// And this share of the owners of the rarer one. Sentences of one grammar meet for most of those who use it; two turns of speech that
    /// everybody uses meet now and then, and weighing all those chance meetings would be most of the work.
    /// </summary>
    private const double LeastShare = 0.03;

    /// <summary>
    /// How many times more often the one is met in the other conversations of those who use the other. Taken over rates and not over
    /// presence, so that a busy account, which has met everything common once, joins nothing; what operators put into
    /// slots comes out near 1 with their wrapper.
    /// </summary>
    public const double LeastLift = 4;

    public static WeightedGraph Build(Traffic traffic, UnitPostings postings, int half, Shares shares)
    {
        var holdings = new UnitHoldings(traffic, postings, half, shares);
        int[] units = [.. Enumerable.Range(0, postings.UnitCount)];
        var joined = shares.Of(units, () => (new Meetings(traffic, postings, half), new UnitHoldings.Beside(holdings)), (tools, unit) => Joined(holdings, tools.Item1, tools.Item2, unit));
        var graph = new WeightedGraph(units.Length);
        foreach (var unit in units)
            foreach (var (other, weight) in joined[unit]) graph.Add(unit, other, weight);
        return graph;
    }

    /// <summary>The later units that one is joined with, ascending, and how strongly.</summary>
    private static List<(int Other, double Weight)> Joined(UnitHoldings holdings, Meetings meetings, UnitHoldings.Beside beside, int unit)
    {
        var joined = new List<(int, double)>();
        var owners = holdings.OwnersOf(unit);
        if (owners < LeastOwners) return joined;
        beside.Take(unit);
        foreach (var (other, together) in meetings.Of(unit))
        {
            if (together < LeastOwners || together < LeastShare * Math.Min(owners, holdings.OwnersOf(other))) continue;
            var (across, lift) = beside.Across(other);
            if (across >= LeastOwners && lift >= LeastLift) joined.Add((other, Math.Sqrt(across) * Math.Log2(lift)));
        }

        beside.Leave();
        return joined;
    }

    /// <summary>
    /// Which units stand in one prompt with a given one. Unit by unit along its exchanges, as a sparse matrix is multiplied with its own transpose: a table of all
    /// pairs would hold hundreds of millions of which few are met again.
    /// </summary>
    private sealed class Meetings(Traffic traffic, UnitPostings postings, int half)
    {
        // Over all units; all 0 between two uses.
        private readonly int[] _owners = new int[postings.UnitCount], _last = new int[postings.UnitCount];
        private readonly List<int> _met = [];

        /// <summary>The later units that stand beside it, ascending, each with the owners in whose prompts they do.</summary>
        public List<(int Other, int Owners)> Of(int unit)
        {
            foreach (var i in postings.ExchangesWith(unit))
            {
                if (traffic.HalfOf(i) != half) continue;
                var owner = traffic.OwnerOf(i) + 1;
                var held = postings.UnitsOf(i);
                foreach (var other in held[(held.BinarySearch(unit) + 1)..])
                {
                    if (_last[other] == owner) continue;
                    if (_owners[other]++ == 0) _met.Add(other);
                    _last[other] = owner;
                }
            }

            _met.Sort();
            var met = _met.ConvertAll(other => (other, _owners[other]));
            foreach (var other in _met) _owners[other] = _last[other] = 0;
            _met.Clear();
            return met;
        }
    }
}
