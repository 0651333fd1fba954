using Stillhunt.Fingerprinting;
using Stillhunt.Linking;

namespace Stillhunt.Bench.Dilution;

/// <summary>Which features of an exchange a kernel looks at.</summary>
internal enum Look
{
    /// <summary>All of them.</summary>
    Everything,

    /// <summary>Techniques and capabilities that its text shows.</summary>
    Techniques,

    /// <summary>Its phrases, and the words of what it asks.</summary>
    Words,
}

/// <summary>
/// How alike two exchanges are, over what detection itself keeps of them: exp(-d2 / median d2), a Gaussian kernel with the median heuristic (Gretton and others, JMLR 13, 2012). The squared distance is
/// the sum of those of seven groups of features, each over its mean among honest exchanges, so that none outvotes the rest: units of phrases and slot words (cosine of sets), techniques, capabilities,
/// the form of the request (parameters, tools, system prompt, model: the same or not), amounts (tokens, turns, choices; logarithms, standardised) and the time of day (on the circle).
/// </summary>
internal sealed class ExchangeKernel
{
    public static IReadOnlyList<Look> Looks { get; } = Enum.GetValues<Look>();

    private const int Groups = 7, Amounts = 6;

    /// <summary>Pairs of honest exchanges from which scales and medians are taken.</summary>
    private const int Pairs = 40_000;

    private readonly Features[] _features;
    private readonly double[] _scale = new double[Groups];
    private readonly double[] _median;

    /// <param name="reference">Honest exchanges: what is usual.</param>
    public ExchangeKernel(Traffic traffic, UnitPostings postings, IReadOnlyList<int> reference, int seed)
    {
        _features = [.. traffic.Exchanges.Select((exchange, i) => Features.Of(exchange, postings.UnitsOf(i).ToArray()))];
        for (var a = 0; a < Amounts; a++)
        {
            var mean = reference.Average(i => _features[i].Amounts[a]);
            var deviation = Math.Sqrt(reference.Average(i => Math.Pow(_features[i].Amounts[a] - mean, 2)));
            foreach (var features in _features) features.Amounts[a] = deviation > 0 ? (float)((features.Amounts[a] - mean) / deviation) : 0;
        }

        Span<double> parts = stackalloc double[Groups];
        var dice = new Random(seed);
        var pairs = Enumerable.Range(0, Pairs).Select(_ => (A: reference[dice.Next(reference.Count)], B: reference[dice.Next(reference.Count)])).Where(pair => pair.A != pair.B).ToList();
        var sums = new double[Groups];
        foreach (var (a, b) in pairs)
        {
            Distances(a, b, parts);
            for (var g = 0; g < Groups; g++) sums[g] += parts[g];
        }

        for (var g = 0; g < Groups; g++) _scale[g] = sums[g] > 0 ? pairs.Count / sums[g] : 0;
        _median = [.. Looks.Select(_ => 1.0)];
        var all = Looks.Select(_ => new List<double>()).ToList();
        Span<double> distances = stackalloc double[Looks.Count];
        foreach (var (a, b) in pairs)
        {
            Sums(a, b, distances);
            for (var look = 0; look < distances.Length; look++) all[look].Add(distances[look]);
        }

        foreach (var look in Looks)
        {
            var median = all[(int)look].Order().ElementAt(all[(int)look].Count / 2);
            // Half of the pairs may be alike in all that is looked at; the mean is above 0 then.
            _median[(int)look] = median > 0 ? median : all[(int)look].Average();
        }
    }

    /// <summary>The kernel of two exchanges, for each of <see cref="Looks"/>.</summary>
    public void Of(int a, int b, Span<double> kernels)
    {
        Sums(a, b, kernels);
        for (var look = 0; look < kernels.Length; look++) kernels[look] = Math.Exp(-kernels[look] / _median[look]);
    }

    private void Sums(int a, int b, Span<double> sums)
    {
        Span<double> parts = stackalloc double[Groups];
        Distances(a, b, parts);
        for (var g = 0; g < Groups; g++) parts[g] *= _scale[g];
        sums[(int)Look.Words] = parts[0] + parts[1];
        sums[(int)Look.Techniques] = parts[2] + parts[3];
        sums[(int)Look.Everything] = parts[0] + parts[1] + parts[2] + parts[3] + parts[4] + parts[5] + parts[6];
    }

    /// <summary>Squared distances, not scaled.</summary>
    private void Distances(int a, int b, Span<double> parts)
    {
        var (x, y) = (_features[a], _features[b]);
        parts[0] = OfSets<int>(x.Units, y.Units);
        parts[1] = OfSets<uint>(x.Words, y.Words);
        parts[2] = Squared(x.Techniques, y.Techniques);
        parts[3] = System.Numerics.BitOperations.PopCount((uint)(x.Capabilities ^ y.Capabilities));
        parts[4] = (x.Shape != y.Shape ? 1 : 0) + (x.Tools != y.Tools ? 1 : 0) + (x.System != y.System ? 1 : 0) + (x.Model != y.Model ? 1 : 0);
        parts[5] = Squared(x.Amounts, y.Amounts);
        parts[6] = Squared(x.Hour, y.Hour);
    }

    private static double Squared(float[] a, float[] b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }

    /// <summary>Of two sets as vectors of length 1; an empty one is the origin.</summary>
    private static double OfSets<T>(T[] a, T[] b) where T : IComparable<T>
    {
        if (a.Length == 0 || b.Length == 0) return a.Length + b.Length > 0 ? 1 : 0;
        int common = 0, i = 0, j = 0;
        while (i < a.Length && j < b.Length)
        {
            var order = a[i].CompareTo(b[j]);
            if (order == 0) common++;
            if (order <= 0) i++;
            if (order >= 0) j++;
        }

        return 2 - (2 * common / Math.Sqrt((double)a.Length * b.Length));
    }

    private sealed record Features(int[] Units, uint[] Words, float[] Techniques, ushort Capabilities, uint Shape, uint Tools, uint System, uint Model, float[] Amounts, float[] Hour)
    {
        public static Features Of(ExchangeFingerprint exchange, int[] units)
        {
            var angle = exchange.TimeMs % 86_400_000 / 86_400_000.0 * 2 * Math.PI;
            return new Features(units, [.. exchange.SlotWords.Order()], [.. Enumerable.Range(0, TechniqueIds.LearnedCount).Select(t => exchange.Scores[(Technique)t] / 255f)],
                exchange.Scores.Capabilities, exchange.Shape, exchange.Tools, exchange.System, exchange.Model,
                [Log(exchange.InputTokens), Log(exchange.OutputTokens), Log(exchange.ReasoningTokens), Log(exchange.MaxTokens), Log(exchange.Turns), Log(exchange.Choices)],
                [(float)Math.Cos(angle), (float)Math.Sin(angle)]);
        }

        /// <summary>What is unknown (-1) counts as 0 here: a kernel needs a number.</summary>
        private static float Log(int amount) => (float)Math.Log(1 + Math.Max(0, amount));
    }
}
