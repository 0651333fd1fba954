namespace Stillhunt.Linking;

/// <summary>
/// The distribution of "k of n" where each account has a rate of its own, drawn from a beta distribution. Fitted by moments over
/// accounts of at least <see cref="LeastTrials"/> trials.
/// </summary>
internal readonly record struct BetaBinomial(double Alpha, double Beta)
{
    private const int LeastTrials = 3;

    /// <summary>Rates spread at most as if the beta had this weight: a wider fit would call any count likely.</summary>
    private const double LeastWeight = 0.5, MostWeight = 60;

    /// <param name="accounts">Each with how much it counts, 0 to 1 or as many alike as there are.</param>
    /// <param name="leastMean">The mean is taken to be at least this.</param>
    public static BetaBinomial Fit(IReadOnlyList<(int Count, int Trials, double Weight)> accounts, double leastMean)
    {
        double counts = 0, trials = 0;
        foreach (var (count, of, weight) in accounts)
        {
            counts += weight * Math.Min(count, of);
            trials += weight * of;
        }

        var mean = Math.Clamp((counts + 0.5) / (trials + 1), leastMean, 0.995);
        double between = 0, all = 0;
        foreach (var (count, of, weight) in accounts)
        {
            if (of < LeastTrials) continue;
            var rate = (double)Math.Min(count, of) / of;
            // Variance beyond what so many trials of one rate would show.
            between += weight * (((rate - mean) * (rate - mean)) - (mean * (1 - mean) / of));
            all += weight;
        }

        var spread = all == 0 ? mean * (1 - mean) / 2 : Math.Max(1e-9, between / all);
        var sum = Math.Clamp((mean * (1 - mean) / spread) - 1, LeastWeight, MostWeight);
        return new BetaBinomial(mean * sum, (1 - mean) * sum);
    }

    /// <summary>log2 of the probability of <paramref name="count"/> out of <paramref name="trials"/>, without the number of orders.</summary>
    public double Log2(int count, int trials)
    {
        count = Math.Min(count, trials);
        return (LogBeta(Alpha + count, Beta + trials - count) - LogBeta(Alpha, Beta)) * Math.Log2(Math.E);
    }

    private static double LogBeta(double a, double b) => LogGamma(a) + LogGamma(b) - LogGamma(a + b);

    /// <summary>Stirling's series after shifting the argument to at least 8; error below 1e-10.</summary>
    private static double LogGamma(double x)
    {
        double shift = 0;
        while (x < 8)
        {
            shift += Math.Log(x);
            x++;
        }

        var inverse = 1 / x;
        var square = inverse * inverse;
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + (inverse * ((1.0 / 12) - (square * ((1.0 / 360) - (square / 1260))))) - shift;
    }
}
