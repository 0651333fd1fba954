namespace Stillhunt.Linking;

/// <summary>
/// Whether one account draws on a cluster's whole pool, as a worker does, or comes back to a few units of its own, as somebody does
/// who has borrowed some of the wording for work of their own.
/// </summary>
internal sealed class PoolDraws
{
    /// <summary>Under so many exchanges an account has not had the time to show it.</summary>
    private const int LeastExchanges = 5;

    /// <summary>
    /// Groups of workers use 0.9 to 1.05 times as many different units as chance draws would give (docs/decisions/0003). That one account below
    /// 0.6 is a borrower is judgement, checked by what it does to precision and recall on the range.
    /// </summary>
    private const double Borrower = 0.6, BitsPerUnit = 20, MostBits = 2, LeastBits = -12;

    /// <summary>For each of the cluster's marks the share of a member's exchanges that hold it; 0 for one that no member has used.</summary>
    private readonly double[] _rates;

    /// <summary>Those that members have used, as they came.</summary>
    private readonly List<int> _pool = [];

    /// <summary>Exchanges -> units expected of so many chance draws.</summary>
    private readonly Dictionary<int, double> _expected = [];

    /// <param name="marks">How many units mark the cluster.</param>
    public PoolDraws(IEnumerable<AccountDraws> members, int marks)
    {
        _rates = new double[marks];
        // Each account counts alike, or the busiest would be the pool.
        var accounts = 0;
        foreach (var member in members)
        {
            accounts++;
            foreach (var (mark, count) in member.Marks.Span)
            {
                if (_rates[mark] == 0) _pool.Add(mark);
                _rates[mark] += (double)count / member.Exchanges;
            }
        }

        foreach (var mark in _pool) _rates[mark] /= accounts;
    }

    /// <summary>Bits for the account being a worker; 0 where it sent too little to tell.</summary>
    public double Bits(AccountDraws account)
    {
        if (account.Exchanges < LeastExchanges) return 0;
        if (!_expected.TryGetValue(account.Exchanges, out var expected)) _expected.Add(account.Exchanges, expected = Expected(account.Exchanges));
        if (expected < 4) return 0; // A fixed text: everybody uses all of it.
        var observed = 0;
        foreach (var (mark, _) in account.Marks.Span)
            if (_rates[mark] > 0) observed++;
        return Math.Clamp(BitsPerUnit * ((observed / expected) - Borrower), LeastBits, MostBits);
    }

    private double Expected(int exchanges)
    {
        double expected = 0;
        foreach (var mark in _pool) expected += 1 - Math.Pow(1 - Math.Min(1, _rates[mark]), exchanges);
        return expected;
    }
}

/// <summary>What one account drew on the units that mark a cluster.</summary>
/// <param name="Account">Position in the traffic.</param>
/// <param name="Conversations">Of its exchanges that are the cluster's.</param>
/// <param name="Marks">The marks that it used, by their place among the cluster's, ascending, each with in how many exchanges.</param>
internal readonly record struct AccountDraws(int Account, int Conversations, int Exchanges, ReadOnlyMemory<(int Mark, int Count)> Marks);
