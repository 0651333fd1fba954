namespace Stillhunt.Linking;

/// <summary>Volumes of a set of accounts as a normal distribution of the logarithm.</summary>
internal readonly record struct LogVolume(double Mean, double Deviation)
{
    /// <summary>Loads that one hand balances still differ by this much (natural logarithm): accounts start late and meet limits.</summary>
    private const double LeastDeviation = 0.6;

    public static LogVolume Of(IEnumerable<int> counts)
    {
        var logs = counts.Select(count => Math.Log(Math.Max(1, count))).ToList();
        if (logs.Count < 3) return new LogVolume(2, 2);
        var mean = logs.Average();
        return new LogVolume(mean, Math.Max(LeastDeviation, Math.Sqrt(logs.Sum(x => (x - mean) * (x - mean)) / (logs.Count - 1))));
    }

    /// <summary>log2 of the density, without the constant that two of these share.</summary>
    public double Log2(int count)
    {
        var z = (Math.Log(Math.Max(1, count)) - Mean) / Deviation;
        return (-0.5 * z * z * Math.Log2(Math.E)) - Math.Log2(Deviation);
    }
}
