using System.Collections.Concurrent;

namespace Stillhunt.Bench.Dilution;

/// <summary>
/// Maximum mean discrepancy of some accounts' exchanges from honest ones, squared, by its unbiased estimator (Gretton and others, JMLR 13, 2012, equation 3): the mean kernel within the one sample, plus
/// that within the other, less twice that between them. It may come out below 0.
/// </summary>
internal sealed class TwoSample
{
    private readonly ExchangeKernel _kernel;
    private readonly IReadOnlyList<int> _reference;
    private readonly double[] _withinReference;
    private readonly ConcurrentDictionary<int, double[]> _between = new();
    private readonly ConcurrentDictionary<(int, int), double[]> _sums = new();
    private readonly Func<int, IReadOnlyList<int>> _exchangesOf;

    /// <param name="reference">The honest sample.</param>
    /// <param name="exchangesOf">Account -> its exchanges.</param>
    public TwoSample(ExchangeKernel kernel, IReadOnlyList<int> reference, Func<int, IReadOnlyList<int>> exchangesOf, int threads)
    {
        (_kernel, _reference, _exchangesOf) = (kernel, reference, exchangesOf);
        var rows = new double[reference.Count][];
        Parallel.For(0, reference.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, x =>
        {
            rows[x] = new double[ExchangeKernel.Looks.Count];
            Span<double> kernels = stackalloc double[ExchangeKernel.Looks.Count];
            for (var y = 0; y < reference.Count; y++)
            {
                if (x == y) continue;
                kernel.Of(reference[x], reference[y], kernels);
                for (var look = 0; look < kernels.Length; look++) rows[x][look] += kernels[look];
            }
        });
        _withinReference = [.. ExchangeKernel.Looks.Select(look => rows.Sum(row => row[(int)look]) / ((double)reference.Count * (reference.Count - 1)))];
    }

    /// <summary>The squared discrepancy of the accounts' exchanges together, for each of <see cref="ExchangeKernel.Looks"/>. May be asked for by several threads at once.</summary>
    /// <exception cref="ArgumentException">They have fewer than two exchanges.</exception>
    public double[] Of(IReadOnlyList<int> accounts)
    {
        double count = accounts.Sum(account => _exchangesOf(account).Count);
        if (count < 2) throw new ArgumentException("A discrepancy needs two exchanges.", nameof(accounts));
        var (within, between) = (new double[ExchangeKernel.Looks.Count], new double[ExchangeKernel.Looks.Count]);
        for (var a = 0; a < accounts.Count; a++)
        {
            Add(between, Between(accounts[a]), 1);
            for (var b = 0; b <= a; b++) Add(within, Sum(accounts[a], accounts[b]), a == b ? 1 : 2);
        }

        return [.. ExchangeKernel.Looks.Select((_, look) => (within[look] / (count * (count - 1))) + _withinReference[look] - (2 * between[look] / (count * _reference.Count)))];
    }

    /// <summary>
    /// The squared discrepancies of samples drawn exchange by exchange from half of some accounts, another half each time. The mean of half of a finite number differs from that of all by as much as the mean of
    /// as many accounts as there are differs from that of everybody, so that the samples vary as cover of so many strangers does.
    /// </summary>
    public double[][] OfWindows(IReadOnlyList<int> accounts, int size, int count, int seed, int threads)
    {
        var dice = new Random(seed);
        int[] order = [.. accounts];
        var windows = new int[count][];
        for (var w = 0; w < count; w++)
        {
            dice.Shuffle(order);
            int[] exchanges = [.. order.Take(order.Length / 2).SelectMany(_exchangesOf)];
            if (size > exchanges.Length) throw new ArgumentException($"{size} exchanges can't be drawn from {exchanges.Length}.", nameof(size));
            dice.Shuffle(exchanges);
            windows[w] = exchanges[..size];
        }

        // Each exchange's place among those that any sample holds; the kernel of two is reckoned once.
        int[] all = [.. windows.SelectMany(window => window).Distinct().Order()];
        var place = all.Select((exchange, at) => (exchange, at)).ToDictionary(pair => pair.exchange, pair => pair.at);
        var looks = ExchangeKernel.Looks.Count;
        var gram = new float[looks][];
        for (var look = 0; look < looks; look++) gram[look] = new float[all.Length * all.Length];
        var between = new double[all.Length][];
        Parallel.For(0, all.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, x =>
        {
            Span<double> kernels = stackalloc double[ExchangeKernel.Looks.Count];
            for (var y = 0; y < x; y++)
            {
                _kernel.Of(all[x], all[y], kernels);
                for (var look = 0; look < kernels.Length; look++) gram[look][(x * all.Length) + y] = (float)kernels[look];
            }

            between[x] = SumOver([all[x]], _reference, isSame: false);
        });
        return new Linking.Shares(threads).Of(windows, window =>
        {
            // In order: rows are then read forwards, and only below the diagonal.
            int[] drawn = [.. window.Select(exchange => place[exchange]).Order()];
            return ExchangeKernel.Looks.Select((_, look) => Window(look, drawn)).ToArray();
        });

        double Window(int look, int[] drawn)
        {
            double within = 0, sum = 0;
            for (var x = 0; x < size; x++)
            {
                sum += between[drawn[x]][look];
                var row = gram[look].AsSpan(drawn[x] * all.Length, all.Length);
                for (var y = 0; y < x; y++) within += row[drawn[y]];
            }

            return (2 * within / ((double)size * (size - 1))) + _withinReference[look] - (2 * sum / ((double)size * _reference.Count));
        }
    }

    private static void Add(double[] to, double[] what, double times)
    {
        for (var look = 0; look < to.Length; look++) to[look] += times * what[look];
    }

    /// <summary>Sum of the kernel over an account's exchanges and the reference.</summary>
    private double[] Between(int account) => _between.GetOrAdd(account, _ => SumOver(_exchangesOf(account), _reference, isSame: false));

    /// <summary>Sum of the kernel over two accounts' exchanges; of one account's own, pairs of an exchange with itself left out.</summary>
    private double[] Sum(int a, int b) => _sums.GetOrAdd(a < b ? (a, b) : (b, a), pair => SumOver(_exchangesOf(pair.Item1), _exchangesOf(pair.Item2), isSame: a == b));

    private double[] SumOver(IReadOnlyList<int> one, IReadOnlyList<int> other, bool isSame)
    {
        var sums = new double[ExchangeKernel.Looks.Count];
        Span<double> kernels = stackalloc double[ExchangeKernel.Looks.Count];
        for (var x = 0; x < one.Count; x++)
        {
            for (var y = isSame ? x + 1 : 0; y < other.Count; y++)
            {
                _kernel.Of(one[x], other[y], kernels);
                for (var look = 0; look < kernels.Length; look++) sums[look] += isSame ? 2 * kernels[look] : kernels[look];
            }
        }

        return sums;
    }

    /// <summary>
    /// The share of random divisions of both samples together whose discrepancy is at least as large as theirs, over all features: what a permutation test calls p. It holds where honest accounts
    /// send what all honest customers together send, which none does.
    /// </summary>
    /// <param name="most">Reference exchanges that are used.</param>
    public double PermutationP(IReadOnlyList<int> accounts, int permutations, int most, int seed)
    {
        int[] pooled = [.. accounts.SelectMany(_exchangesOf), .. _reference.Take(most)];
        var own = pooled.Length - Math.Min(most, _reference.Count);
        var gram = new float[pooled.Length * pooled.Length];
        var rows = new double[pooled.Length];
        Span<double> kernels = stackalloc double[ExchangeKernel.Looks.Count];
        for (var x = 0; x < pooled.Length; x++)
        {
            for (var y = 0; y < x; y++)
            {
                _kernel.Of(pooled[x], pooled[y], kernels);
                var kernel = kernels[(int)Look.Everything];
                gram[(x * pooled.Length) + y] = gram[(y * pooled.Length) + x] = (float)kernel;
                rows[x] += kernel;
                rows[y] += kernel;
            }
        }

        var total = rows.Sum();
        int[] order = [.. Enumerable.Range(0, pooled.Length)];
        var observed = Discrepancy();
        var dice = new Random(seed);
        var reached = 1;
        for (var p = 0; p < permutations; p++)
        {
            dice.Shuffle(order);
            if (Discrepancy() >= observed) reached++;
        }

        return reached / (permutations + 1.0);

        double Discrepancy()
        {
            double within = 0, sum = 0;
            for (var x = 0; x < own; x++)
            {
                var row = order[x] * pooled.Length;
                sum += rows[order[x]];
                for (var y = 0; y < own; y++) within += gram[row + order[y]];
            }

            double others = pooled.Length - own, between = sum - within;
            return (within / ((double)own * (own - 1))) + ((total - within - (2 * between)) / (others * (others - 1))) - (2 * between / (own * others));
        }
    }
}
