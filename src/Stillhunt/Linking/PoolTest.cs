namespace Stillhunt.Linking;

/// <summary>
/// How interchangeable accounts are over a pool of units. One operator's workers draw from one pool, so that each further conversation
/// brings as many new units as chance draws would; people and products come back to their own. Only what further conversations
/// add is looked at: a fixed text, of which everybody uses all, says nothing.
/// </summary>
internal readonly record struct PoolTest
{
    /// <summary>Accounts with two conversations or more, on which the rest was measured.</summary>
    public required int RepeatAccounts { get; init; }

    /// <summary>Units that further conversations added, against the number expected of chance draws; 1 = interchangeable, NaN = unknown.</summary>
    public required double Interchangeability { get; init; }

    /// <summary>
    /// How far chance draws would go on to bring new units: 1 where each draw is all new, near 0 where the text is fixed and nothing can be
    /// learned.
    /// </summary>
    public required double Room { get; init; }

    /// <summary>Distinct sets of units over conversations: near 0 for a fixed text, near 1 for sentences that recombine freely.</summary>
    public required double Variety { get; init; }

    /// <summary>Units in a conversation on average.</summary>
    public required double UnitsPerConversation { get; init; }

    /// <param name="exchanges">Ascending; of each conversation of an account the first is looked at.</param>
    /// <param name="pool">Its units.</param>
    public static PoolTest Of(Traffic traffic, UnitPostings postings, IEnumerable<int> exchanges, IReadOnlyCollection<int> pool)
    {
        // Many groups are tested, on several threads: each thread has one table, used over and over.
        var units = _units is { } own && own.Length >= postings.UnitCount ? own : _units = new Unit[postings.UnitCount];
        foreach (var unit in pool) units[unit] = new Unit { IsOfPool = true, LastAccount = -1 };
        try
        {
            var draws = new Draws(traffic, postings, units);
            foreach (var i in exchanges) draws.Add(i);
            return draws.Test(pool);
        }
        finally
        {
            foreach (var unit in pool) units[unit] = default;
        }
    }

    /// <summary>By unit; those of no pool are as they were made.</summary>
    [ThreadStatic]
    private static Unit[]? _units;

    private struct Unit
    {
        public bool IsOfPool;

        /// <summary>Conversations that hold it.</summary>
        public int Times;

        /// <summary>The last account that did, so that each counts it once.</summary>
        public int LastAccount;
    }

    /// <summary>Conversations of account after account, added up.</summary>
    private sealed class Draws(Traffic traffic, UnitPostings postings, Unit[] units)
    {
        private readonly HashSet<UInt128> _combinations = [];
        private readonly HashSet<uint> _threads = [];
        private int _different;

        /// <summary>Accounts that came back: how many conversations each had, and what the further ones added.</summary>
        private readonly List<(int Conversations, double Added)> _repeats = [];

        private int _account = -1;
        private double _conversations, _held, _ofAccount;

        public void Add(int exchange)
        {
            if (traffic.SubjectOf[exchange] != _account) Close();
            _account = traffic.SubjectOf[exchange];
            if (!_threads.Add(traffic.ThreadOf(exchange))) return;
            _conversations++;
            // Two 64-bit sums of mixed unit numbers stand for the set.
            UInt128 combination = 0;
            foreach (var unit in postings.UnitsOf(exchange))
            {
                ref var held = ref units[unit];
                if (!held.IsOfPool) continue;
                _ofAccount++;
                held.Times++;
                if (held.LastAccount != _account) _different++;
                held.LastAccount = _account;
                combination = unchecked((combination * Mixer) + (UInt128)(unit + 1));
            }

            _combinations.Add(combination);
        }

        private static readonly UInt128 Mixer = new(0x2360ED051FC65DA4, 0x4385DF649FCCF645);

        private void Close()
        {
            if (_threads.Count > 1) _repeats.Add((_threads.Count, _different - (_ofAccount / _threads.Count)));
            _held += _ofAccount;
            _ofAccount = 0;
            _threads.Clear();
            _different = 0;
        }

        public PoolTest Test(IReadOnlyCollection<int> pool)
        {
            Close();
            // Accounts with as many conversations are expected the same, and so are units drawn as often: computed once for each number.
            var expected = new Dictionary<int, double>();
            var alike = pool.Select(unit => units[unit].Times).Where(times => times > 0).GroupBy(times => times).Select(units => (Times: units.Key, Units: units.Count())).OrderBy(units => units.Times).ToList();
            double added = 0, chance = 0, used = 0;
            foreach (var (conversations, own) in _repeats)
            {
                if (!expected.TryGetValue(conversations, out var all))
                    expected.Add(conversations, all = alike.Sum(units => units.Units * (1 - Math.Pow(1 - (units.Times / _conversations), conversations))));
                added += own;
                chance += all - (_held / _conversations);
                used += all * (conversations - 1) / conversations;
            }

            return new PoolTest
            {
                RepeatAccounts = _repeats.Count,
                Interchangeability = chance <= 0 ? double.NaN : added / chance,
                Room = used <= 0 ? 0 : chance / used,
                Variety = _conversations == 0 ? 0 : _combinations.Count / _conversations,
                UnitsPerConversation = _conversations == 0 ? 0 : _held / _conversations,
            };
        }
    }
}
