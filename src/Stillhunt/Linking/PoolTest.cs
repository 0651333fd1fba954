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
    /// <param name="counts">Whether a unit is one of the pool.</param>
    public static PoolTest Of(Traffic traffic, UnitPostings postings, IEnumerable<int> exchanges, Func<int, bool> counts)
    {
        var draws = new Draws(traffic, postings, counts);
        foreach (var i in exchanges) draws.Add(i);
        return draws.Test();
    }

    /// <summary>Conversations of account after account, added up.</summary>
    private sealed class Draws(Traffic traffic, UnitPostings postings, Func<int, bool> counts)
    {
        private readonly Dictionary<int, int> _times = [];
        private readonly HashSet<UInt128> _combinations = [];
        private readonly HashSet<uint> _threads = [];
        private readonly HashSet<int> _different = [];

        /// <summary>Accounts that came back: how many conversations each had, and what the further ones added.</summary>
        private readonly List<(int Conversations, double Added)> _repeats = [];

        private int _account = -1;
        private double _conversations, _held, _ofAccount;

        public void Add(int exchange)
        {
            if (traffic.SubjectOf[exchange] != _account) Close();
            _account = traffic.SubjectOf[exchange];
            if (!_threads.Add(traffic.Exchanges[exchange].Thread)) return;
            _conversations++;
            // Two 64-bit sums of mixed unit numbers stand for the set.
            UInt128 combination = 0;
            foreach (var unit in postings.UnitsOf(exchange))
            {
                if (!counts(unit)) continue;
                _ofAccount++;
                _times[unit] = _times.GetValueOrDefault(unit) + 1;
                _different.Add(unit);
                combination = unchecked((combination * Mixer) + (UInt128)(unit + 1));
            }

            _combinations.Add(combination);
        }

        private static readonly UInt128 Mixer = new(0x2360ED051FC65DA4, 0x4385DF649FCCF645);

        private void Close()
        {
            if (_threads.Count > 1) _repeats.Add((_threads.Count, _different.Count - (_ofAccount / _threads.Count)));
            _held += _ofAccount;
            _ofAccount = 0;
            _threads.Clear();
            _different.Clear();
        }

        public PoolTest Test()
        {
            Close();
            // Accounts with as many conversations are expected the same, and so are units drawn as often: computed once for each number.
            var expected = new Dictionary<int, double>();
            var alike = _times.Values.GroupBy(times => times).Select(units => (Times: units.Key, Units: units.Count())).OrderBy(units => units.Times).ToList();
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
