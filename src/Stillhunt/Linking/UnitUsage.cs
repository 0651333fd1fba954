namespace Stillhunt.Linking;

/// <summary>Which units of the given families each account used, by half of the exchanges.</summary>
internal sealed class UnitUsage
{
    private readonly SortedDictionary<int, SortedDictionary<int, int>>[] _counts = [new(), new()];
    private readonly Dictionary<int, int>[] _exchanges = [new(), new()];

    public UnitUsage(Traffic traffic, RecurringUnits units, IEnumerable<Family> families)
    {
        var buffer = RecurringUnits.Buffer();
        var of = new HashSet<int>();
        var matched = new SortedSet<int>();
        foreach (var family in families)
        {
            of.UnionWith(family.Units);
            matched.UnionWith(family.Exchanges);
        }

        foreach (var i in matched)
        {
            var half = traffic.Exchanges[i].Half;
            var subject = traffic.SubjectOf[i];
            if (!_counts[half].TryGetValue(subject, out var counts)) _counts[half].Add(subject, counts = []);
            _exchanges[half][subject] = _exchanges[half].GetValueOrDefault(subject) + 1;
            var count = units.Of(traffic.Exchanges[i].Prints, buffer);
            for (var u = 0; u < count; u++)
                if (of.Contains(buffer[u])) counts[buffer[u]] = counts.GetValueOrDefault(buffer[u]) + 1;
        }
    }

    public List<int> Accounts(int half) => [.. _counts[half].Keys];

    public IReadOnlyDictionary<int, int> Of(int half, int account) =>
        _counts[half].TryGetValue(account, out var counts) ? counts : new SortedDictionary<int, int>();

    /// <summary>Share of the accounts' matched exchanges that hold each unit.</summary>
    public SortedDictionary<int, double> Rates(int half, List<int> accounts)
    {
        var rates = new SortedDictionary<int, double>();
        double exchanges = 0;
        foreach (var account in accounts)
        {
            exchanges += _exchanges[half].GetValueOrDefault(account);
            foreach (var (unit, count) in Of(half, account)) rates[unit] = rates.GetValueOrDefault(unit) + count;
        }

        foreach (var unit in rates.Keys.ToList()) rates[unit] /= Math.Max(1, exchanges);
        return rates;
    }

    /// <summary>Balanced share of accounts whose exchanges in <paramref name="half"/> are likelier under their own side's rates.</summary>
    public double Accuracy(int half, List<int> a, SortedDictionary<int, double> rateA, List<int> b, SortedDictionary<int, double> rateB)
    {
        return (Right(a, rateA, rateB) + Right(b, rateB, rateA)) / 2;

        double Right(List<int> accounts, SortedDictionary<int, double> own, SortedDictionary<int, double> other)
        {
            // A unit that neither side was seen with says nothing; one that only one side was seen with counts at this floor.
            const double Floor = 0.002;
            double right = 0;
            var tested = 0;
            foreach (var account in accounts)
            {
                double bits = 0;
                var any = false;
                foreach (var (unit, count) in Of(half, account))
                {
                    any = true;
                    bits += Math.Min(count, 3) * Math.Log2((own.GetValueOrDefault(unit) + Floor) / (other.GetValueOrDefault(unit) + Floor));
                }

                if (!any) continue;
                tested++;
                right += bits > 0 ? 1 : bits == 0 ? 0.5 : 0;
            }

            return tested == 0 ? 0.5 : right / tested;
        }
    }
}
