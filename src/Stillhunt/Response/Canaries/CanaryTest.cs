namespace Stillhunt.Response.Canaries;

/// <summary>
/// Whether a model's choices agree with what one campaign was served. Under the null they were made without the key, so given all its answers every cell (pair and neighbouring word) has the key's choice
/// as a fair coin of its own. The score is the sum over cells of the coin's sign times how much more often than usual the second form stands there, usual being what the model does with that pair
/// everywhere. How often it prefers a form, how its answers depend on each other, and whether any stand twice makes no difference to the null.
/// </summary>
/// <param name="Campaign">The campaign tested for.</param>
/// <param name="Epoch">The key's.</param>
/// <param name="Z">The score over its standard deviation under the null.</param>
/// <param name="PValue">A bound, not an estimate: P(score this high) is at most exp(-z²/2), for any number of cells (Hoeffding 1963, theorem 2, for signs).</param>
/// <param name="CorrectedPValue">Times the number of campaigns and epochs tested (Bonferroni), at most 1.</param>
/// <param name="CellCount">Cells that bear on it.</param>
/// <param name="Agreement">Share of places with the form that the key chose; about one half, whatever the model prefers, where it never saw these answers. Null without places.</param>
public sealed record CanaryTest(string Campaign, string Epoch, double Z, double PValue, double CorrectedPValue, int CellCount, double? Agreement)
{
    /// <summary>
    /// How much one cell's own taste may differ from the pair's: the share of a pair's variance that lies between cells. Keeps a frequent phrase from outvoting all others. It bears on power only, never on the null.
    /// 0.05 is this project's choice and was not fitted to anything.
    /// </summary>
    private const double Between = 0.05;

    /// <param name="testedCount">Campaigns and epochs that are tested together.</param>
    public static CanaryTest Of(CanaryCounts counts, CanaryKey key, string campaign, int testedCount)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfLessThan(testedCount, 1);
        var pairs = new Dictionary<CanaryPair, (long All, long Seconds)>();
        foreach (var ((pair, _), (all, seconds)) in counts.Cells)
        {
            var sum = pairs.GetValueOrDefault(pair);
            pairs[pair] = (sum.All + all, sum.Seconds + seconds);
        }

        var (score, variance, cells, agreeing) = (0.0, 0.0, 0, 0L);
        // In an order of their own, so that the sum of floats is the same every time.
        foreach (var ((pair, context), (all, seconds)) in counts.Cells.OrderBy(cell => cell.Key.Pair.Opens).ThenBy(cell => cell.Key.Pair.Id, StringComparer.Ordinal).ThenBy(cell => cell.Key.Context, StringComparer.Ordinal))
        {
            var chosen = key.Choose(campaign, pair, context);
            agreeing += chosen == 1 ? seconds : all - seconds;
            var (pairAll, pairSeconds) = pairs[pair];
            var share = (double)pairSeconds / pairAll;
            var weight = (seconds - all * share) / (1 + Between * all);
            if (Math.Abs(weight) < 1e-12) continue;
            cells++;
            score += chosen == 1 ? weight : -weight;
            variance += weight * weight;
        }

        var z = variance > 0 ? score / Math.Sqrt(variance) : 0;
        // Never 0, which no test can say.
        var p = z > 0 ? Math.Max(1e-300, Math.Exp(-z * z / 2)) : 1;
        return new CanaryTest(campaign, key.Epoch, z, p, Math.Min(1, p * testedCount), cells, counts.PlaceCount > 0 ? (double)agreeing / counts.PlaceCount : null);
    }
}
