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

    /// <param name="accounts">Of each account the units of each of its conversations, without repeats.</param>
    public static PoolTest Of(IReadOnlyList<List<int[]>> accounts)
    {
        var counts = new SortedDictionary<int, double>();
        var combinations = new HashSet<string>(StringComparer.Ordinal);
        double conversations = 0, held = 0;
        foreach (var units in accounts.SelectMany(account => account))
        {
            conversations++;
            held += units.Length;
            combinations.Add(string.Join(',', units));
            foreach (var unit in units) counts[unit] = counts.GetValueOrDefault(unit) + 1;
        }

        // Accounts with as many conversations are expected the same: computed once for each number.
        var expected = new Dictionary<int, double>();
        double added = 0, chance = 0, used = 0;
        var repeat = 0;
        foreach (var account in accounts.Where(account => account.Count > 1))
        {
            repeat++;
            if (!expected.TryGetValue(account.Count, out var all))
                expected.Add(account.Count, all = counts.Values.Sum(times => 1 - Math.Pow(1 - (times / conversations), account.Count)));
            added += account.SelectMany(units => units).Distinct().Count() - account.Average(units => units.Length);
            chance += all - (held / conversations);
            used += all * (account.Count - 1) / account.Count;
        }

        return new PoolTest
        {
            RepeatAccounts = repeat,
            Interchangeability = chance <= 0 ? double.NaN : added / chance,
            Room = used <= 0 ? 0 : chance / used,
            Variety = conversations == 0 ? 0 : combinations.Count / conversations,
            UnitsPerConversation = conversations == 0 ? 0 : held / conversations,
        };
    }
}
