namespace Stillhunt.Proving.Suites;

/// <summary>Accounts whose probability lies between two bounds: how many extract, and what was said on average.</summary>
public sealed record ReliabilityBin(double From, double To, double Said, Proportion Extracting);

/// <summary>The log loss in bits an account at a prevalence, and that of somebody who says the prevalence of every account.</summary>
public sealed record LogLoss(double Prevalence, double Bits, double BitsOfAGuess);

/// <summary>Whether probabilities mean what they say.</summary>
public sealed record Reliability(IReadOnlyList<ReliabilityBin> Bins, IReadOnlyList<LogLoss> LogLosses)
{
    private static readonly double[] Bounds = [0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0000001];

    /// <summary>Shares of extracting accounts at which the loss is told: one in a hundred and one in ten. Accounts are weighted to that; nothing is said about rarer operators by so few runs.</summary>
    private static readonly double[] Prevalences = [0.01, 0.1];

    public static Reliability Of(IReadOnlyCollection<Membership> memberships)
    {
        ArgumentNullException.ThrowIfNull(memberships);
        var bins = Bounds.Zip(Bounds.Skip(1), (from, to) =>
        {
            var inside = memberships.Where(m => m.Probability >= from && m.Probability < to).ToList();
            return new ReliabilityBin(from, Math.Min(1, to), inside.Count == 0 ? double.NaN : inside.Average(m => m.Probability), new Proportion(inside.Count(m => m.Extracts), inside.Count));
        }).ToList();
        var (guilty, honest) = (memberships.Where(m => m.Extracts).ToList(), memberships.Where(m => !m.Extracts).ToList());
        if (guilty.Count == 0 || honest.Count == 0) return new Reliability(bins, []);
        var missed = guilty.Average(m => -Math.Log2(m.Probability));
        var accused = honest.Average(m => -Math.Log2(1 - m.Probability));
        return new Reliability(bins,
            [.. Prevalences.Select(p => new LogLoss(p, (p * missed) + ((1 - p) * accused), -(p * Math.Log2(p)) - ((1 - p) * Math.Log2(1 - p))))]);
    }
}
