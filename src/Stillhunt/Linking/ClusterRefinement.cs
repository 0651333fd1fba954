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

    /// <summary>Members are described by those that send at least this share of what the account with the median exchange sends.</summary>
    private const double ShareOfTypical = 0.2;

    /// <summary>
    /// Bits that every account must bring beside the odds, and again where one conversation is all there is: an honest customer in the list of
    /// accounts to act on costs more than an operator's account left out of it.
    /// </summary>
    private const double Caution = 2;

    /// <summary>
    /// How much an account's volume may count: somebody who sent a public prompt three times is no worker of an operator whose workers send
    /// sixty, while a replacement that has just begun may be.
    /// </summary>
    private const double LeastBitsOfVolume = -4, MostBitsOfVolume = 0;

    /// <summary>Background exchanges are at least this frequent: no population is so large that chance is excluded.</summary>
    private const double LeastBackground = 1e-4;

    private readonly Traffic _traffic;
    private readonly RecurringUnits _units;
    private readonly int[][] _unitsOf;
    private readonly SortedSet<int> _matched;
    private readonly int[] _phrases;
    private readonly int[] _conversations;

    /// <summary>For each unit the sampled exchanges that hold it.</summary>
    private readonly double[] _all;

    public ClusterRefinement(Traffic traffic, RecurringUnits units, IEnumerable<Family> pools)
    {
        _matched = [.. pools.SelectMany(family => family.Exchanges)];
        _traffic = traffic;
        _units = units;
        _conversations = [.. traffic.Subjects.Select(s => Enumerable.Range(s.First, s.End - s.First)
            .Select(i => traffic.Exchanges[i].Thread).Distinct().Count())];
        _phrases = new int[units.Count];
        foreach (var unit in units.UnitOf.Values) _phrases[unit]++;
        _all = new double[units.Count];
        var buffer = RecurringUnits.Buffer();
        _unitsOf = new int[traffic.Exchanges.Length][];
        for (var i = 0; i < _unitsOf.Length; i++)
        {
            var count = units.Of(traffic.Exchanges[i].Prints, buffer);
            _unitsOf[i] = count == 0 ? [] : buffer[..count];
            foreach (var unit in _unitsOf[i]) _all[unit]++;
        }
    }

    public int[] UnitsOf(int exchange) => _unitsOf[exchange];

    /// <summary>Refines all clusters together: an exchange goes to the cluster that explains it best, an account likewise.</summary>
    public void Refine(List<Cluster> clusters)
    {
        foreach (var cluster in clusters) cluster.Probabilities = [.. cluster.Members.Select(_ => 1.0)];
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var cluster in clusters) Weigh(cluster, round == 0);
            Assign(clusters);
        }
    }

    private void Assign(List<Cluster> clusters)
    {
        var weights = new Dictionary<int, List<(int Cluster, double Bits)>>();
        for (var c = 0; c < clusters.Count; c++)
        {
            clusters[c].Extracting.Clear();
            foreach (var (unit, bits) in clusters[c].UnitBits)
            {
                if (!weights.TryGetValue(unit, out var list)) weights.Add(unit, list = []);
                list.Add((c, bits));
            }
        }

        var perAccount = clusters.Select(_ => new SortedDictionary<int, int>()).ToArray();
        var sum = new double[clusters.Count];
        var total = new double[clusters.Count];
        for (var s = 0; s < _traffic.Subjects.Count; s++)
        {
            var subject = _traffic.Subjects[s];
            Array.Clear(total);
            var best = -1;
            for (var i = subject.First; i < subject.End; i++)
            {
                Bits(i);
                for (var c = 0; c < sum.Length; c++)
                {
                    if (sum[c] < clusters[c].LeastBits) continue;
                    total[c] += sum[c];
                    if (best < 0 || total[c] > total[best]) best = c;
                }
            }

            if (best < 0) continue;
            var conversations = new HashSet<uint>();
            for (var i = subject.First; i < subject.End; i++)
            {
                Bits(i);
                if (sum[best] < clusters[best].LeastBits) continue;
                clusters[best].Extracting.Add(i);
                var exchange = _traffic.Exchanges[i];
                conversations.Add(exchange.Thread);
            }

            perAccount[best].Add(s, conversations.Count);
        }

        for (var c = 0; c < clusters.Count; c++) Belong(clusters[c], perAccount[c]);

        void Bits(int exchange)
        {
            Array.Clear(sum);
            foreach (var unit in _unitsOf[exchange])
            {
                if (!weights.TryGetValue(unit, out var list)) continue;
                foreach (var (c, bits) in list) sum[c] += bits;
            }
        }
    }

    /// <summary>
    /// Which accounts belong: how often an account's conversations are the cluster's is compared with how often members' and strangers' are,
    /// each a beta distribution of its own. An honest account that borrowed the wording now and then stays a stranger beside operators
    /// who do little else; beside diluted ones it is judged by how rare borrowing is.
    /// </summary>
    private void Belong(Cluster cluster, SortedDictionary<int, int> own)
    {
        var members = cluster.Members.Where((_, m) => cluster.Probabilities[m] >= 0.5).ToHashSet();
        var core = ShareOfTypical * Typical([.. members.Select(member => own.GetValueOrDefault(member))]);
        var inside = new List<(int, int)>();
        var outside = new List<(int, int)>();
        for (var s = 0; s < _traffic.Subjects.Count; s++)
        {
            var count = own.GetValueOrDefault(s);
            if (!members.Contains(s)) outside.Add((count, _conversations[s]));
            else if (count >= core) inside.Add((count, _conversations[s]));
        }

        var volume = LogVolume.Of(inside.Select(account => account.Item2));
        var usual = LogVolume.Of(_conversations);

        var member = BetaBinomial.Fit(inside, 0.05);
        var stranger = BetaBinomial.Fit(outside, LeastBackground);
        var drawn = Drawn(cluster);
        var pool = new PoolDraws(drawn.Where(pair => members.Contains(pair.Key)).Select(pair => pair.Value));
        // An account is a priori as likely to be the operator's as the cluster is large among all.
        var prior = Math.Log2((members.Count + 1.0) / (_traffic.Subjects.Count + 1)) - Caution;
        cluster.Members.Clear();
        cluster.Probabilities.Clear();
        foreach (var (subject, count) in own)
        {
            var bits = prior + member.Log2(count, _conversations[subject]) - stranger.Log2(count, _conversations[subject])
                + pool.Bits(drawn[subject].Units, drawn[subject].Exchanges) - (count == 1 ? Caution : 0)
                + Math.Clamp(volume.Log2(_conversations[subject]) - usual.Log2(_conversations[subject]), LeastBitsOfVolume, MostBitsOfVolume);
            cluster.Members.Add(subject);
            cluster.Probabilities.Add(1 / (1 + Math.Pow(2, -bits)));
        }

        var kept = cluster.Members.Where((_, m) => cluster.Probabilities[m] >= 0.5).ToHashSet();
        cluster.Extracting.RemoveAll(i => !kept.Contains(_traffic.SubjectOf[i]));
    }

    /// <summary>The cluster's units that each account used, and in how many exchanges.</summary>
    private Dictionary<int, (Dictionary<int, int> Units, int Exchanges)> Drawn(Cluster cluster)
    {
        var drawn = new Dictionary<int, (Dictionary<int, int> Units, int Exchanges)>();
        foreach (var i in cluster.Extracting)
        {
            var subject = _traffic.SubjectOf[i];
            var (units, exchanges) = drawn.TryGetValue(subject, out var seen) ? seen : ([], 0);
            foreach (var unit in _unitsOf[i])
                if (cluster.UnitBits.ContainsKey(unit)) units[unit] = units.GetValueOrDefault(unit) + 1;
            drawn[subject] = (units, exchanges + 1);
        }

        return drawn;
    }

    /// <summary>The count of an account that holds the median exchange: strangers, many with little, hardly move it.</summary>
    private static int Typical(List<int> counts)
    {
        var half = counts.Sum() / 2;
        foreach (var count in counts.OrderDescending())
        {
            half -= count;
            if (half <= 0) return count;
        }

        return 0;
    }

    private void Weigh(Cluster cluster, bool first)
    {
        var members = cluster.Members.Where((_, m) => cluster.Probabilities[m] >= 0.5).ToHashSet();
        var own = new double[_units.Count];
        var owners = new int[_units.Count];
        var last = new int[_units.Count];
        Array.Fill(last, -1);
        double exchanges = 0;
        var used = first ? [.. Matching(members)] : cluster.Extracting;
        foreach (var i in used)
        {
            exchanges++;
            foreach (var unit in _unitsOf[i])
            {
                own[unit]++;
                if (last[unit] == _traffic.SubjectOf[i]) continue;
                last[unit] = _traffic.SubjectOf[i];
                owners[unit]++;
            }
        }

        // Everybody else: all, counted once, less the members' own.
        var rest = (double[])_all.Clone();
        double others = _unitsOf.Length;
        foreach (var member in members)
        {
            var subject = _traffic.Subjects[member];
            others -= subject.SampleCount;
            for (var i = subject.First; i < subject.End; i++)
                foreach (var unit in _unitsOf[i]) rest[unit]--;
        }

        cluster.UnitBits = [];
        for (var unit = 0; unit < own.Length; unit++)
        {
            if (owners[unit] < Math.Max(RecurringUnits.LeastOwners, LeastShareOfMembers * members.Count)) continue;
            var bits = Math.Log2(own[unit] / Math.Max(1, exchanges) / ((rest[unit] + 0.5) / (others + 1)));
            if (bits >= LeastBitsOfUnit) cluster.UnitBits.Add(unit, Math.Min(bits, Math.Min(MostBitsOfPassage, MostBitsOfUnit + (MostBitsOfPhrase * _phrases[unit]))));
        }

        var sums = used.Select(i => _unitsOf[i].Sum(unit => cluster.UnitBits.GetValueOrDefault(unit))).Order().ToList();
        cluster.LeastBits = Math.Max(LeastBitsOfExchange, sums.Count == 0 ? 0 : ShareOfMedianBits * sums[sums.Count / 2]);
    }

    /// <summary>What the members sent of the families that grouped them.</summary>
    private IEnumerable<int> Matching(HashSet<int> members) =>
        _matched.Where(i => members.Contains(_traffic.SubjectOf[i]));
}
