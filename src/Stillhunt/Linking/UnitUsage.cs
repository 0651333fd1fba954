namespace Stillhunt.Linking;

/// <summary>Which units of the given families each account used, by half of the exchanges.</summary>
internal sealed class UnitUsage
{
    private readonly SortedDictionary<int, SortedDictionary<int, int>>[] _counts = [new(), new()];
    private readonly Dictionary<int, int>[] _exchanges = [new(), new()];

    public UnitUsage(Traffic traffic, UnitPostings postings, IEnumerable<Family> families)
        : this(traffic, postings, families.SelectMany(family => family.Exchanges).Distinct(), [.. families.SelectMany(family => family.Units)])
    {
    }

    /// <param name="exchanges">That are looked at, each once.</param>
    /// <param name="units">That are counted.</param>
    public UnitUsage(Traffic traffic, UnitPostings postings, IEnumerable<int> exchanges, HashSet<int> units)
    {
        foreach (var i in exchanges.Order())
        {
            var half = traffic.Exchanges[i].Half;
            var subject = traffic.SubjectOf[i];
            if (!_counts[half].TryGetValue(subject, out var counts)) _counts[half].Add(subject, counts = []);
            _exchanges[half][subject] = _exchanges[half].GetValueOrDefault(subject) + 1;
            foreach (var unit in postings.UnitsOf(i))
                if (units.Contains(unit)) counts[unit] = counts.GetValueOrDefault(unit) + 1;
        }
    }

    public List<int> Accounts(int half) => [.. _counts[half].Keys];

    public IReadOnlyDictionary<int, int> Of(int half, int account) =>
        _counts[half].TryGetValue(account, out var counts) ? counts : new SortedDictionary<int, int>();

    /// <summary>
    /// How alike two groups of accounts use the units, as the cosine of their mean rates, less what chance makes of it: each group's own length is
    /// measured between two halves of its accounts, so that few accounts with little traffic do not look unlike. Near 1: draws from one
    /// pool. NaN where a group is too small for its halves to have anything in common.
    /// </summary>
    /// <param name="half">Of the exchanges, the one that did not divide the accounts.</param>
    public double Likeness(int half, List<int> a, List<int> b)
    {
        var (a1, a2) = Rates(half, a);
        var (b1, b2) = Rates(half, b);
        double ofA = Dot(a1, a2), ofB = Dot(b1, b2);
        if (ofA <= 0 || ofB <= 0) return double.NaN;
        return (Dot(a1, b1) + Dot(a1, b2) + Dot(a2, b1) + Dot(a2, b2)) / 4 / Math.Sqrt(ofA * ofB);
    }

    /// <summary>Mean rates over every other account, and over the rest.</summary>
    private (SortedDictionary<int, double>, SortedDictionary<int, double>) Rates(int half, List<int> accounts)
    {
        (SortedDictionary<int, double> Even, SortedDictionary<int, double> Odd) rates = ([], []);
        for (var k = 0; k < accounts.Count; k++)
        {
            var side = k % 2 == 0 ? rates.Even : rates.Odd;
            double exchanges = _exchanges[half].GetValueOrDefault(accounts[k]);
            // An account's weight grows with the root of what it sent: a busy one must not stand for all.
            foreach (var (unit, count) in Of(half, accounts[k])) side[unit] = side.GetValueOrDefault(unit) + (count / Math.Sqrt(exchanges));
        }

        return rates;
    }

    private static double Dot(SortedDictionary<int, double> a, SortedDictionary<int, double> b)
    {
        if (a.Count > b.Count) (a, b) = (b, a);
        double sum = 0;
        foreach (var (unit, rate) in a)
            if (b.TryGetValue(unit, out var other)) sum += rate * other;
        return sum;
    }
}
