namespace Stillhunt.Linking;

/// <summary>
/// How interchangeable the accounts of a family are, measured on the half of the exchanges that did not form it.
/// One operator's workers draw from one pool, so each uses as many different units as chance draws from the pool would give;
/// people and products come back to their own.
/// </summary>
internal readonly record struct FamilyTest
{
    /// <summary>Accounts with exchanges of at least two conversations in the family, on which the rest was measured.</summary>
    public required int RepeatAccounts { get; init; }

    /// <summary>All accounts with an exchange in it.</summary>
    public required int Accounts { get; init; }

    /// <summary>Distinct units used, against the number expected of as many draws from the family's pool; 1 = interchangeable.</summary>
    public required double Interchangeability { get; init; }

    /// <summary>Distinct sets of units over exchanges: near 0 for a fixed text, near 1 for sentences that recombine freely.</summary>
    public required double Variety { get; init; }

    /// <summary>Units in an exchange on average.</summary>
    public required double UnitsPerExchange { get; init; }

    public static FamilyTest Of(Traffic traffic, RecurringUnits units, Family family)
    {
        var own = family.Units.ToHashSet();
        var buffer = RecurringUnits.Buffer();
        var sets = new List<(int Subject, uint Conversation, int[] Units)>();
        var combinations = new HashSet<string>(StringComparer.Ordinal);
        var counts = new Dictionary<int, int>();
        double held = 0;
        foreach (var i in family.Exchanges)
        {
            var exchange = traffic.Exchanges[i];
            if (exchange.Half == FamilyIndex.FormingHalf) continue;
            var count = units.Of(exchange.Prints, buffer);
            var set = buffer.AsSpan(0, count).ToArray().Where(own.Contains).ToArray();
            sets.Add((traffic.SubjectOf[i], exchange.Conversation, set));
            combinations.Add(string.Join(',', set));
            held += set.Length;
            foreach (var unit in set) counts[unit] = counts.GetValueOrDefault(unit) + 1;
        }

        double observed = 0, expected = 0;
        var repeat = 0;
        var accounts = 0;
        foreach (var account in sets.GroupBy(set => set.Subject))
        {
            accounts++;
            var exchanges = account.ToList();
            // One conversation that goes on repeats its own first turn: that is no second draw.
            if (exchanges.Count < 2 || (exchanges[0].Conversation != 0 && exchanges.All(e => e.Conversation == exchanges[0].Conversation))) continue;
            repeat++;
            observed += exchanges.SelectMany(e => e.Units).Distinct().Count();
            foreach (var (_, times) in counts) expected += 1 - Math.Pow(1 - ((double)times / sets.Count), exchanges.Count);
        }

        return new FamilyTest
        {
            RepeatAccounts = repeat,
            Accounts = accounts,
            Interchangeability = expected == 0 ? 0 : observed / expected,
            Variety = sets.Count == 0 ? 0 : (double)combinations.Count / sets.Count,
            UnitsPerExchange = sets.Count == 0 ? 0 : held / sets.Count,
        };
    }
}
