namespace Stillhunt.Linking;

/// <summary>
/// Cluster -> who belongs and which exchanges are its work. Each unit weighs log2 of how much oftener the cluster's exchanges
/// hold it than those of accounts in no cluster; an exchange is the cluster's if its units add up; an account is, if such
/// exchanges are more than the rest of the population sends. Repeated, because rates get cleaner as strangers leave.
/// </summary>
internal sealed class ClusterRefinement
{
    private const int Rounds = 3;

    /// <summary>
    /// One unit's weight is capped, because phrases of one sentence are not independent; a unit of many phrases, a whole passage, may
    /// weigh more.
    /// </summary>
    private const double MostBitsOfUnit = 4, MostBitsOfPhrase = 1, MostBitsOfPassage = 12;

    /// <summary>Bits that make an exchange the cluster's: two specific units, or one beside several weak ones.</summary>
    private const double LeastBitsOfExchange = 8;

    /// <summary>
    /// And this share of what the cluster's own exchanges hold in the median: a stranger who shares a slot's phrase stays far below.
    /// </summary>
    private const double ShareOfMedianBits = 0.35;

    /// <summary>A unit that the cluster uses less than four times as often as others marks nothing.</summary>
    private const double LeastBitsOfUnit = 2;

    /// <summary>One worker in ten must have used a unit: what fewer use is their slots, not the operator's pool.</summary>
    private const double LeastShareOfMembers = 0.1;

    private readonly Traffic _traffic;
    private readonly RecurringUnits _units;
    private readonly double[] _sums;
    private readonly int[] _phrases;
    private readonly Membership _membership;

    /// <summary>For each unit the sampled exchanges that hold it.</summary>
    private readonly double[] _all;

    public ClusterRefinement(Traffic traffic, RecurringUnits units)
    {
        _sums = new double[traffic.Exchanges.Length];
        _traffic = traffic;
        _units = units;
        _phrases = new int[units.Count];
        foreach (var unit in units.UnitOf.Values) _phrases[unit]++;
        Postings = new UnitPostings(traffic, units);
        _membership = new Membership(traffic, Postings);
        _all = new double[units.Count];
        for (var unit = 0; unit < units.Count; unit++) _all[unit] = Postings.ExchangesWith(unit).Length;
    }

    public UnitPostings Postings { get; }

    /// <summary>Refines all clusters together: an account goes to the cluster that explains it best.</summary>
    /// <param name="clusters">Accounts with the exchanges that suggest them.</param>
    public void Refine(List<Cluster> clusters)
    {
        foreach (var cluster in clusters) cluster.Probabilities = [.. cluster.Members.Select(_ => 1.0)];
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var cluster in clusters) Weigh(cluster);
            Assign(clusters);
        }

        foreach (var cluster in clusters) Close(cluster);
    }

    /// <summary>All at once: an account goes to the cluster that explains most of what it sent.</summary>
    private void Assign(List<Cluster> clusters)
    {
        var best = new Dictionary<int, (double Bits, int Cluster)>();
        var work = new List<(int Exchange, double Bits)>[clusters.Count];
        for (var c = 0; c < clusters.Count; c++)
        {
            work[c] = Work(clusters[c]);
            foreach (var account in work[c].GroupBy(found => _traffic.SubjectOf[found.Exchange]))
            {
                var bits = account.Sum(found => found.Bits);
                if (!best.TryGetValue(account.Key, out var other) || bits > other.Bits) best[account.Key] = (bits, c);
            }
        }

        for (var c = 0; c < clusters.Count; c++)
        {
            _membership.Decide(clusters[c], [.. work[c].Select(found => found.Exchange).Where(i => best[_traffic.SubjectOf[i]].Cluster == c)], rounds: 1);
        }
    }

    /// <summary>
    /// Who belongs to a group around a text: those whose own tool it is, and not those who used it now and then beside other work.
    /// </summary>
    public void Settle(Cluster cluster)
    {
        _membership.Decide(cluster, cluster.Extracting, rounds: 6);
        Close(cluster);
    }

    private void Close(Cluster cluster)
    {
        cluster.Tested = cluster.Likely();
        cluster.Test = [.. cluster.Extracting.Where(i => _traffic.Exchanges[i].Half != FamilyIndex.FormingHalf)];
    }

    /// <summary>The exchanges whose phrases make them the cluster's, ascending, with their bits.</summary>
    private List<(int Exchange, double Bits)> Work(Cluster cluster)
    {
        var touched = new List<int>();
        foreach (var (unit, bits) in cluster.UnitBits)
        {
            foreach (var i in Postings.ExchangesWith(unit))
            {
                if (_sums[i] == 0) touched.Add(i);
                _sums[i] += bits;
            }
        }

        var found = new List<(int Exchange, double Bits)>();
        foreach (var i in touched)
        {
            if (_sums[i] >= cluster.LeastBits) found.Add((i, _sums[i]));
            _sums[i] = 0;
        }

        found.Sort((a, b) => a.Exchange.CompareTo(b.Exchange));
        return found;
    }

    private void Weigh(Cluster cluster)
    {
        var members = cluster.Likely();
        var own = new double[_units.Count];
        var owners = new int[_units.Count];
        var last = new int[_units.Count];
        Array.Fill(last, -1);
        double exchanges = 0;
        var used = cluster.Extracting;
        foreach (var i in used)
        {
            exchanges++;
            foreach (var unit in Postings.UnitsOf(i))
            {
                own[unit]++;
                if (last[unit] == _traffic.SubjectOf[i]) continue;
                last[unit] = _traffic.SubjectOf[i];
                owners[unit]++;
            }
        }

        // Everybody else: all, counted once, less the members' own.
        var rest = (double[])_all.Clone();
        double others = _traffic.Exchanges.Length;
        foreach (var member in members)
        {
            var subject = _traffic.Subjects[member];
            others -= subject.SampleCount;
            for (var i = subject.First; i < subject.End; i++)
                foreach (var unit in Postings.UnitsOf(i)) rest[unit]--;
        }

        cluster.UnitBits = [];
        for (var unit = 0; unit < own.Length; unit++)
        {
            if (owners[unit] < Math.Max(RecurringUnits.LeastOwners, LeastShareOfMembers * members.Count)) continue;
            var bits = Math.Log2(own[unit] / Math.Max(1, exchanges) / ((rest[unit] + 0.5) / (others + 1)));
            if (bits >= LeastBitsOfUnit) cluster.UnitBits.Add(unit, Math.Min(bits, Math.Min(MostBitsOfPassage, MostBitsOfUnit + (MostBitsOfPhrase * _phrases[unit]))));
        }

        var sums = used.Select(i => Postings.UnitsOf(i).Sum(unit => cluster.UnitBits.GetValueOrDefault(unit))).Order().ToList();
        cluster.LeastBits = Math.Max(LeastBitsOfExchange, sums.Count == 0 ? 0 : ShareOfMedianBits * sums[sums.Count / 2]);
    }
}
