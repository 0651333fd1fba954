namespace Stillhunt.Linking;

/// <summary>Which units of the given families each account used, by half of the exchanges.</summary>
internal sealed class UnitUsage
{
    private readonly Half?[] _halves;

    public UnitUsage(Traffic traffic, UnitPostings postings, IEnumerable<Family> families)
        : this(traffic, postings, families.SelectMany(family => family.Exchanges).Distinct(), families.SelectMany(family => family.Units), [0, 1])
    {
    }

    /// <param name="exchanges">That are looked at, each once.</param>
    /// <param name="units">That are counted.</param>
    /// <param name="halves">Of the exchanges, those that will be asked for.</param>
    public UnitUsage(Traffic traffic, UnitPostings postings, IEnumerable<int> exchanges, IEnumerable<int> units, ReadOnlySpan<int> halves)
    {
        UnitCount = postings.UnitCount;
        var counted = new bool[UnitCount];
        foreach (var unit in units) counted[unit] = true;
        int[] ascending = [.. exchanges];
        Array.Sort(ascending);
        _halves = new Half[2];
        foreach (var half in halves) _halves[half] = new Half(traffic, postings, ascending, half, counted);
    }

    /// <summary>Units are numbered from 0 up to this.</summary>
    public int UnitCount { get; }

    /// <summary>Ascending.</summary>
    public IReadOnlyList<int> Accounts(int half) => Of(half).Accounts;

    /// <summary>The units that an account used in a half, ascending, each with the number of its exchanges.</summary>
    public ReadOnlySpan<(int Unit, int Count)> Of(int half, int account) => Of(half).Of(account);

    private Half Of(int half) => _halves[half] ?? throw new InvalidOperationException("This half was not counted.");

    /// <summary>
    /// How alike two groups of accounts use the units, as the cosine of their mean rates, less what chance makes of it: each group's own length is
    /// measured between two halves of its accounts, so that few accounts with little traffic do not look unlike. Near 1: draws from one
    /// pool. NaN where a group is too small for its halves to have anything in common.
    /// </summary>
    /// <param name="half">Of the exchanges, the one that did not divide the accounts.</param>
    public double Likeness(int half, IReadOnlyList<int> a, IReadOnlyList<int> b)
    {
        var all = new double[UnitCount];
        var first = RatesOf(half, a);
        first.Spread(all);
        return first.Likeness(RatesOf(half, b), all);
    }

    /// <summary>Rates over a group of accounts in a half.</summary>
    public GroupRates RatesOf(int half, IReadOnlyList<int> accounts)
    {
        var even = new Dictionary<int, double>();
        var odd = new Dictionary<int, double>();
        for (var k = 0; k < accounts.Count; k++)
        {
            var side = k % 2 == 0 ? even : odd;
            // An account's weight grows with the root of what it sent: a busy one must not stand for all.
            var root = Math.Sqrt(Of(half).Exchanges(accounts[k]));
            foreach (var (unit, count) in Of(half, accounts[k])) side[unit] = side.GetValueOrDefault(unit) + (count / root);
        }

        int[] units = [.. even.Keys.Union(odd.Keys).Order()];
        return new GroupRates(units, [.. units.Select(unit => even.GetValueOrDefault(unit))], [.. units.Select(unit => odd.GetValueOrDefault(unit))]);
    }

    /// <summary>What was used in one half, account after account.</summary>
    private sealed class Half
    {
        private readonly List<int> _accounts = [];
        private readonly List<int> _exchanges = [];
        private readonly List<int> _starts = [0];
        private readonly (int Unit, int Count)[] _used;
        private readonly Dictionary<int, int> _at = [];

        public Half(Traffic traffic, UnitPostings postings, int[] exchanges, int half, bool[] counted)
        {
            var used = new List<(int, int)>();
            var own = new List<int>();
            for (var k = 0; k < exchanges.Length;)
            {
                var account = traffic.SubjectOf[exchanges[k]];
                var sent = 0;
                own.Clear();
                for (; k < exchanges.Length && traffic.SubjectOf[exchanges[k]] == account; k++)
                {
                    if (traffic.HalfOf(exchanges[k]) != half) continue;
                    sent++;
                    foreach (var unit in postings.UnitsOf(exchanges[k]))
                        if (counted[unit]) own.Add(unit);
                }

                if (sent == 0) continue;
                own.Sort();
                for (var u = 0; u < own.Count;)
                {
                    var first = u;
                    while (u < own.Count && own[u] == own[first]) u++;
                    used.Add((own[first], u - first));
                }

                _at.Add(account, _accounts.Count);
                _accounts.Add(account);
                _exchanges.Add(sent);
                _starts.Add(used.Count);
            }

            _used = [.. used];
        }

        public IReadOnlyList<int> Accounts => _accounts;

        public int Exchanges(int account) => _at.TryGetValue(account, out var at) ? _exchanges[at] : 0;

        public ReadOnlySpan<(int Unit, int Count)> Of(int account) => _at.TryGetValue(account, out var at) ? _used.AsSpan(_starts[at].._starts[at + 1]) : [];
    }
}
