using Stillhunt.Proving.Chance;

namespace Stillhunt.Proving.World;

/// <summary>
/// What public traces of model serving say about programs as customers. Derived numbers only: medians of each client of Alibaba's ServeGen (Apache-2.0, commit
/// f891d1189e), 96 clients' inter-arrival times and 259 clients' lengths, as quantiles over clients; docs/data.md says how they were taken.
/// </summary>
internal static class TraceFigures
{
    private static readonly double[] At = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];

    /// <summary>Standard deviation / mean of the time between two requests of one client: 1 would be chance, most are burstier.</summary>
    private static readonly double[] InterArrivalVariation = [0.869, 0.979, 1.039, 1.247, 2.196, 4.011, 7.017];

    /// <summary>Spread of output lengths of one client, as the sigma of a log-normal law between its median and its ninth decile.</summary>
    private static readonly double[] OutputSpread = [0, 0.088, 0.203, 0.437, 0.774, 1.39, 1.963];

    /// <summary>The sigma of log-normal pauses that vary as some client's do.</summary>
    public static double PauseSigma(Dice dice)
    {
        var variation = Draw(dice, InterArrivalVariation);
        return Math.Sqrt(Math.Log(1 + (variation * variation)));
    }

    public static double OutputSigma(Dice dice) => Draw(dice, OutputSpread);

    /// <summary>The median pause whose mean is <paramref name="meanMs"/>.</summary>
    public static double MedianOf(double meanMs, double sigma) => meanMs * Math.Exp(-sigma * sigma / 2);

    // Between the quantiles in a straight line; beyond the outermost nothing is claimed.
    private static double Draw(Dice dice, double[] quantiles)
    {
        var u = Math.Clamp(dice.Unit(), At[0], At[^1]);
        var i = 1;
        while (At[i] < u) i++;
        var share = (u - At[i - 1]) / (At[i] - At[i - 1]);
        return quantiles[i - 1] + (share * (quantiles[i] - quantiles[i - 1]));
    }
}
