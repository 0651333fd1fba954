using System.Runtime.InteropServices;

namespace Stillhunt.Linking;

/// <summary>
/// Cluster -> who belongs and which exchanges are its work. Each unit weighs log2 of how much oftener the cluster's exchanges
/// hold it than those of accounts in no cluster; an exchange is the cluster's if its units add up; an account is, if such
/// exchanges are more than the rest of the population sends. Repeated, because rates get cleaner as strangers leave.
/// </summary>
internal sealed class ClusterRefinement
{
    private const int Rounds = 3;

    /// <summary>Rounds of telling members from strangers where taking the members as they are leaves none.</summary>
    private const int RoundsAnew = 6;

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

    /// <summary>Exchanges of strangers to one of the cluster's own, at most, where less than that is asked of an exchange.</summary>
    private const double MostStrangers = 0.02;

    /// <summary>A unit that the cluster uses less than four times as often as others marks nothing.</summary>
    private const double LeastBitsOfUnit = 2;

    /// <summary>One worker in ten must have used a unit: what fewer use is their slots, not the operator's pool.</summary>
    private const double LeastShareOfMembers = 0.1;

    private readonly Traffic _traffic;
    private readonly UnitPostings _postings;
    private readonly Membership _membership;

    /// <summary>How a unit is used by the exchanges that suggest a cluster, and by all of its members'.</summary>
    private struct Uses
    {
        public int Own, Accounts, Last, OfMembers;
    }

    /// <summary>Phrases of each unit.</summary>
    private readonly int[] _phrases;

    // Over all exchanges, and over all units; all 0 between two uses.
    private readonly double[] _sums, _bits;
    private readonly Uses[] _uses;

    /// <summary>Over all units: whether it may mark the cluster. Of most units that is all that is asked, and they are many; all false between two uses.</summary>
    private readonly bool[] _isUsed;

    private readonly NumberSet _touched, _seen;

    /// <summary>Over all accounts; all false between two uses.</summary>
    private readonly bool[] _isMember;

    // Used over and over.
    private readonly List<int> _list = [], _units = [], _work = [];
    private readonly List<(int Exchange, double Bits)> _found = [];
    private readonly List<double> _inside = [], _outside = [];

    public ClusterRefinement(Traffic traffic, RecurringUnits units, UnitPostings postings, Shares shares)
        : this(traffic, postings, new Membership(traffic, postings, shares), new int[units.Count])
    {
        foreach (var unit in units.UnitOf.Values) _phrases[unit]++;
    }

    private ClusterRefinement(Traffic traffic, UnitPostings postings, Membership membership, int[] phrases)
    {
        _traffic = traffic;
        _postings = postings;
        _membership = membership;
        _phrases = phrases;
        _sums = new double[traffic.Exchanges.Length];
        _touched = new NumberSet(traffic.Exchanges.Length);
        _seen = new NumberSet(phrases.Length);
        _isMember = new bool[traffic.Subjects.Count];
        _bits = new double[phrases.Length];
        _uses = new Uses[phrases.Length];
        _isUsed = new bool[phrases.Length];
        Twins = new(() => new ClusterRefinement(traffic, postings, membership.Twin(), phrases));
    }

    /// <summary>The same for each thread, with tables of its own.</summary>
    public Tools<ClusterRefinement> Twins { get; }

    /// <summary>Refines all clusters together: an account goes to the cluster that explains most of what it sent.</summary>
    /// <param name="clusters">Accounts with the exchanges that suggest them.</param>
    public void Refine(List<Cluster> clusters, Shares shares)
    {
        foreach (var cluster in clusters) cluster.Probabilities = [.. cluster.Members.Select(_ => 1.0)];
        for (var round = 0; round < Rounds; round++)
        {
            var work = shares.Of(clusters, Twins, (own, cluster) => own.ByAccount(cluster));
            var best = new Dictionary<int, (double Bits, int Cluster)>();
            for (var c = 0; c < work.Length; c++)
            {
                foreach (var (account, bits) in work[c].Accounts)
                    if (!best.TryGetValue(account, out var other) || bits > other.Bits) best[account] = (bits, c);
            }

            shares.Each(clusters.Count, Twins, (own, c) =>
                own._membership.Decide(clusters[c], [.. work[c].Exchanges.Where(i => best[_traffic.SubjectOf[i]].Cluster == c)], rounds: 1));
        }

        foreach (var cluster in clusters) Close(cluster);
    }

    /// <summary>
    /// The exchanges that a cluster is marked by, and the bits of each account. All clusters' are held at once: an exchange takes the four bytes of its number.
    /// </summary>
    private (int[] Exchanges, (int Account, double Bits)[] Accounts) ByAccount(Cluster cluster)
    {
        Weigh(cluster);
        var found = Work(cluster);
        var accounts = new List<(int, double)>();
        for (var k = 0; k < found.Count;)
        {
            var account = _traffic.SubjectOf[found[k].Exchange];
            double bits = 0;
            for (; k < found.Count && _traffic.SubjectOf[found[k].Exchange] == account; k++) bits += found[k].Bits;
            accounts.Add((account, bits));
        }

        return ([.. found.Select(exchange => exchange.Exchange)], [.. accounts]);
    }

    /// <summary>Refines a cluster by itself, until nothing changes.</summary>
    public void Refine(Cluster cluster)
    {
        cluster.Probabilities = [.. cluster.Members.Select(_ => 1.0)];
        for (var round = 0; round < Rounds; round++)
        {
            var (members, listed, extracting) = (cluster.Likely(), (cluster.Members, cluster.Probabilities), cluster.Extracting);
            Weigh(cluster);
            var work = Exchanges(Work(cluster));
            _membership.Decide(cluster, work, rounds: 1);
            // Where as many accounts are members as are not listed yet, strangers look like members and all leave at once: then who belongs has to be told anew.
            if (cluster.Extracting.Count == 0 && extracting.Count > 0)
            {
                (cluster.Members, cluster.Probabilities) = listed;
                _membership.Decide(cluster, work, RoundsAnew);
                cluster.IsToldAnew = true;
            }

            if (cluster.Extracting.SequenceEqual(extracting) && members.SetEquals(cluster.Likely())) break;
        }

        Close(cluster);
    }

    /// <summary>Good until it is asked for again.</summary>
    private List<int> Exchanges(List<(int Exchange, double Bits)> found)
    {
        _work.Clear();
        foreach (var (exchange, _) in found) _work.Add(exchange);
        return _work;
    }

    /// <summary>
    /// The cluster with all else that its accounts have in common: an operator has more than one recipe, and what grouped its accounts may be a small
    /// part of what they send.
    /// </summary>
    public Cluster Grow(Cluster cluster)
    {
        var accounts = cluster.Likely().Order().ToList();
        var grown = new Cluster
        {
            Members = accounts,
            Probabilities = accounts.ConvertAll(_ => 1.0),
            Extracting = [.. accounts.SelectMany(s => Enumerable.Range(_traffic.Subjects[s].First, _traffic.Subjects[s].SampleCount))],
            IsToldAnew = cluster.IsToldAnew,
        };
        Weigh(grown);
        foreach (var (unit, bits) in cluster.UnitBits) grown.UnitBits[unit] = Math.Max(bits, grown.UnitBits.GetValueOrDefault(unit));
        if (cluster.UnitBits.Count > 0) grown.LeastBits = cluster.LeastBits;
        _membership.Decide(grown, Exchanges(Work(grown)), rounds: 1);
        Close(grown);
        return grown;
    }

    /// <summary>
    /// Who belongs to a group around a text: those whose own tool it is, and not those who used it now and then beside other work.
    /// </summary>
    public void Settle(Cluster cluster)
    {
        _membership.Decide(cluster, cluster.Extracting, rounds: 6);
        Close(cluster);
    }

    /// <summary>
    /// Accounts that send a group's work and are not listed, as expectation and maximisation tell members from strangers. While a group grows its members are taken as they are, and whoever is not listed is a stranger;
    /// where that is half of an operator's accounts, strangers seem to send as much as those of its accounts that send least, and these stay out.
    /// </summary>
    /// <param name="mayJoin">Of accounts that are not listed.</param>
    /// <returns>Accounts in the order of accounts, each with its probability and those of its exchanges.</returns>
    public List<Unlisted> Unlisted(Cluster cluster, Func<int, bool> mayJoin)
    {
        if (cluster.UnitBits.Count == 0) return [];
        var listed = cluster.Likely();
        AddUp(cluster);
        _work.Clear();
        foreach (var i in _list)
        {
            if (_sums[i] >= cluster.LeastBits && (listed.Contains(_traffic.SubjectOf[i]) || mayJoin(_traffic.SubjectOf[i]))) _work.Add(i);
            _sums[i] = 0;
        }

        var told = new Cluster { Members = cluster.Members, Probabilities = cluster.Probabilities, UnitBits = cluster.UnitBits };
        _membership.Decide(told, _work, RoundsAnew);
        var likely = told.Members.Zip(told.Probabilities).Where(member => member.Second >= 0.5 && !listed.Contains(member.First)).ToDictionary();
        return [.. _work.Where(i => likely.ContainsKey(_traffic.SubjectOf[i])).GroupBy(i => _traffic.SubjectOf[i]).Select(own => new Unlisted(own.Key, likely[own.Key], [.. own]))];
    }

    private void Close(Cluster cluster)
    {
        cluster.Tested = cluster.Likely();
        cluster.Test = [.. cluster.Extracting.Where(i => _traffic.HalfOf(i) != FamilyIndex.FormingHalf)];
    }

    /// <summary>The exchanges whose phrases make them the cluster's, ascending, with their bits; good until it is asked for again.</summary>
    private List<(int Exchange, double Bits)> Work(Cluster cluster)
    {
        AddUp(cluster);
        cluster.LeastBits = Lowered(cluster, _list);
        _found.Clear();
        foreach (var i in _list)
        {
            if (_sums[i] >= cluster.LeastBits) _found.Add((i, _sums[i]));
            _sums[i] = 0;
        }

        return _found;
    }

    /// <summary>Lists the exchanges that hold any unit of the cluster, ascending, and adds up their bits.</summary>
    private void AddUp(Cluster cluster)
    {
        foreach (var (unit, bits) in cluster.UnitBits)
        {
            foreach (var i in _postings.ExchangesWith(unit))
            {
                _sums[i] += bits;
                _touched.Add(i);
            }
        }

        _touched.Drain(_list);
    }

    /// <summary>The bits from which on an exchange is the cluster's, lowered as far as hardly any stranger's exchange comes in.</summary>
    private double Lowered(Cluster cluster, List<int> touched)
    {
        var members = cluster.Likely();
        foreach (var member in members) _isMember[member] = true;
        var (inside, outside) = (_inside, _outside);
        inside.Clear();
        outside.Clear();
        foreach (var i in touched)
            if (_sums[i] >= LeastBitsOfExchange) (_isMember[_traffic.SubjectOf[i]] ? inside : outside).Add(_sums[i]);
        foreach (var member in members) _isMember[member] = false;
        // No more strangers than these come in, whatever the bits: what lies at or below the next one need not be looked at.
        var most = (int)(MostStrangers * inside.Count);
        if (outside.Count > most)
        {
            var below = Selection.Nth(CollectionsMarshal.AsSpan(outside), outside.Count - 1 - most);
            inside.RemoveAll(sum => sum <= below);
            outside.RemoveAll(sum => sum <= below);
        }

        inside.Sort();
        outside.Sort();
        // From the highest sum down; equal ones stand or fall together.
        var least = cluster.LeastBits;
        for (int m = inside.Count, s = outside.Count; m > 0 || s > 0;)
        {
            var bits = Math.Max(m > 0 ? inside[m - 1] : double.MinValue, s > 0 ? outside[s - 1] : double.MinValue);
            while (m > 0 && inside[m - 1] == bits) m--;
            while (s > 0 && outside[s - 1] == bits) s--;
            if (outside.Count - s <= MostStrangers * (inside.Count - m)) least = Math.Min(least, bits);
        }

        return least;
    }

    private void Weigh(Cluster cluster)
    {
        var members = cluster.Likely();
        var used = cluster.Extracting;
        Count(used);
        // Of a unit that too few of them use nothing is asked.
        var least = Math.Max(RecurringUnits.LeastOwners, LeastShareOfMembers * members.Count);
        CountOfMembers(members, _units.FindAll(unit => _uses[unit].Accounts >= least));
        double others = _traffic.Exchanges.Length - members.Sum(member => (double)_traffic.Subjects[member].SampleCount);
        cluster.UnitBits = [];
        foreach (var unit in _units)
        {
            // Everybody else: all, less the members' own.
            double rest = _postings.ExchangesWith(unit).Length - _uses[unit].OfMembers;
            var bits = _uses[unit].Accounts < least ? 0
                : Math.Log2(_uses[unit].Own / (double)Math.Max(1, used.Count) / ((rest + 0.5) / (others + 1)));
            if (bits >= LeastBitsOfUnit)
            {
                _bits[unit] = Math.Min(bits, Math.Min(MostBitsOfPassage, MostBitsOfUnit + (MostBitsOfPhrase * _phrases[unit])));
                cluster.UnitBits.Add(unit, _bits[unit]);
            }

            _uses[unit] = default;
        }

        _inside.Clear();
        foreach (var i in used) _inside.Add(SumOf(i));
        cluster.LeastBits = Math.Max(LeastBitsOfExchange, used.Count == 0 ? 0 : ShareOfMedianBits * Selection.Nth(CollectionsMarshal.AsSpan(_inside), used.Count / 2));
        foreach (var unit in _units) _bits[unit] = 0;

        double SumOf(int exchange)
        {
            double sum = 0;
            foreach (var unit in _postings.UnitsOf(exchange)) sum += _bits[unit];
            return sum;
        }
    }

    /// <summary>Counts for some units how many exchanges of the members hold them: by what the members sent, or by who holds the units, whichever is less to look through.</summary>
    private void CountOfMembers(HashSet<int> members, List<int> units)
    {
        long held = 0, sent = 0;
        foreach (var unit in units) held += _postings.ExchangesWith(unit).Length;
        foreach (var member in members) sent += _postings.UnitsOf(_traffic.Subjects[member].First, _traffic.Subjects[member].End).Length;
        if (held < sent)
        {
            foreach (var member in members) _isMember[member] = true;
            foreach (var unit in units)
            {
                var count = 0;
                foreach (var i in _postings.ExchangesWith(unit))
                    if (_isMember[_traffic.SubjectOf[i]]) count++;
                _uses[unit].OfMembers = count;
            }

            foreach (var member in members) _isMember[member] = false;
            return;
        }

        foreach (var unit in units) _isUsed[unit] = true;
        foreach (var member in members)
        {
            foreach (var unit in _postings.UnitsOf(_traffic.Subjects[member].First, _traffic.Subjects[member].End))
                if (_isUsed[unit]) _uses[unit].OfMembers++;
        }

        foreach (var unit in units) _isUsed[unit] = false;
    }

    /// <summary>Counts exchanges and accounts for each unit of the exchanges, and lists these units, ascending.</summary>
    private void Count(List<int> exchanges)
    {
        foreach (var i in exchanges)
        {
            var account = _traffic.SubjectOf[i] + 1;
            foreach (var unit in _postings.UnitsOf(i))
            {
                ref var uses = ref _uses[unit];
                if (uses.Own++ == 0) _seen.Add(unit);
                if (uses.Last == account) continue;
                uses.Last = account;
                uses.Accounts++;
            }
        }

        _seen.Drain(_units);
    }
}
