namespace Stillhunt.Campaigns;

/// <summary>A quantity's mean and standard deviation over groups of one sort.</summary>
internal readonly record struct Spread(double Mean, double Deviation);

/// <summary>
/// What a measured quantity says for one of two sorts of groups. Each is a normal distribution, widened by the standard error of the
/// measurement, so that what was measured on few accounts says little either way.
/// </summary>
/// <param name="For">Groups of the sort in question.</param>
/// <param name="Against">All other groups.</param>
/// <param name="Stray">Share of the sort in question that looks like the others all the same; it bounds what can be said against.</param>
internal sealed record NormalOdds(Spread For, Spread Against, double Stray)
{
    /// <summary>
    /// log2 P(value | sort in question) / P(value | others); 0 where the error is not known. What lies beyond a sort's mean, seen from the other's, counts as
    /// the mean for that sort: nobody is less like it for having more of what marks it.
    /// </summary>
    public double Bits(double value, double error)
    {
        if (double.IsNaN(value) || double.IsNaN(error)) return 0;
        var against = Density(Against, For, value, error);
        return Math.Log2(((1 - Stray) * Density(For, Against, value, error) + (Stray * against)) / against);
    }

    private static double Density(Spread of, Spread other, double value, double error)
    {
        var variance = (of.Deviation * of.Deviation) + (error * error);
        var z = (value - of.Mean) * Math.Sign(other.Mean - of.Mean) > 0 ? value - of.Mean : 0;
        // A floor, so that the ratio stays a number.
        return (Math.Exp(-0.5 * z * z / variance) / Math.Sqrt(variance)) + 1e-12;
    }
}
