namespace Stillhunt.Proving.Suites;

/// <summary>k of n, with the exact interval of Clopper and Pearson (1934): it covers the true rate in at least 95 of 100 repetitions, however small n.</summary>
public readonly record struct Proportion(long Hits, long Of)
{
    private const double Tail = 0.025;

    /// <summary>NaN where there was nothing.</summary>
    public double Share => Of == 0 ? double.NaN : (double)Hits / Of;

    /// <summary>The lower end; 0 where there was nothing.</summary>
    public double Low
    {
        get
        {
            if (Hits == 0) return 0;
            var (k, n) = (Hits, Of);
            return Bisect(p => 1 - AtMost(k - 1, n, p) < Tail);
        }
    }

    /// <summary>The upper end; 1 where there was nothing.</summary>
    public double High
    {
        get
        {
            if (Hits >= Of) return 1;
            var (k, n) = (Hits, Of);
            return Bisect(p => AtMost(k, n, p) > Tail);
        }
    }

    public static Proportion operator +(Proportion one, Proportion two) => new(one.Hits + two.Hits, one.Of + two.Of);

    public static Proportion Add(Proportion left, Proportion right) => left + right;

    private static double Bisect(Func<double, bool> isBelow)
    {
        double low = 0, high = 1;
        for (var i = 0; i < 50; i++)
        {
            var middle = (low + high) / 2;
            if (isBelow(middle)) low = middle;
            else high = middle;
        }

        return (low + high) / 2;
    }

    /// <summary>P(X at most k) of a binomial, term by term from the likeliest one that counts, in logarithms so that none underflows.</summary>
    private static double AtMost(long k, long n, double p)
    {
        if (p <= 0) return 1;
        if (p >= 1) return k >= n ? 1 : 0;
        var (logP, logQ) = (Math.Log(p), Math.Log(1 - p));
        var term = n * logQ;
        var sum = 0.0;
        for (long i = 0; i <= k; i++)
        {
            sum += Math.Exp(term);
            term += Math.Log((double)(n - i) / (i + 1)) + logP - logQ;
        }

        return Math.Min(1, sum);
    }
}
