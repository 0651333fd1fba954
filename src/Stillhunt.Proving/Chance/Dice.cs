using System.Text;

namespace Stillhunt.Proving.Chance;

/// <summary>A seeded generator (xoroshiro128+): the same seed gives the same stream on every machine and run.</summary>
internal sealed class Dice
{
    private ulong _a;
    private ulong _b;

    public Dice(ulong seed) => Reset(seed);

    public void Reset(ulong seed)
    {
        _a = Mix(seed + 0x9E3779B97F4A7C15);
        _b = Mix(_a ^ 0xD1B54A32D192ED03) | 1;
    }

    /// <summary>An independent generator for a named part; taking it does not advance this one.</summary>
    public Dice Fork(string label) => new(Mix(_a ^ Hash(label)));

    public Dice Fork(ulong label) => new(Mix(_a ^ Mix(label + 0x5851F42D4C957F2D)));

    public ulong Next()
    {
        ulong a = _a, b = _b;
        var sum = a + b;
        b ^= a;
        _a = ulong.RotateLeft(a, 24) ^ b ^ (b << 16);
        _b = ulong.RotateLeft(b, 37);
        return sum;
    }

    public int Below(int count) => (int)(((Next() >> 32) * (ulong)count) >> 32);

    /// <summary>From <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => Unit() < probability;

    public T Pick<T>(T[] list) => list[Below(list.Length)];

    public T Pick<T>(IReadOnlyList<T> list) => list[Below(list.Count)];

    /// <summary>An index of a popularity list: the k-th is drawn in proportion to 1/(k+1)^exponent.</summary>
    public int Popular(int count, double exponent = 1.0)
    {
        // The inverse of the continuous law is close enough for a popularity that is itself an assumption.
        var u = Unit();
        var x = Math.Abs(exponent - 1) < 1e-9
            ? Math.Pow(count + 1, u) - 1
            : Math.Pow((Math.Pow(count + 1, 1 - exponent) - 1) * u + 1, 1 / (1 - exponent)) - 1;
        return Math.Clamp((int)x, 0, count - 1);
    }

    public double Normal()
    {
        var u = 1.0 - Unit();
        return Math.Sqrt(-2.0 * Math.Log(u)) * Math.Cos(2.0 * Math.PI * Unit());
    }

    public double LogNormal(double median, double sigma) => median * Math.Exp(sigma * Normal());

    public double Exponential(double mean) => -mean * Math.Log(1.0 - Unit());

    public int Poisson(double mean)
    {
        if (mean > 60) return Math.Max(0, (int)Math.Round(mean + Math.Sqrt(mean) * Normal()));
        var limit = Math.Exp(-mean);
        var k = 0;
        for (var p = Unit(); p > limit; p *= Unit()) k++;
        return k;
    }

    public void Shuffle<T>(IList<T> list)
    {
        for (var i = list.Count - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (list[i], list[j]) = (list[j], list[i]);
        }
    }

    public static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    /// <summary>By UTF-16 units: for comparing texts inside one run, not for seeds.</summary>
    public static ulong Hash(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text) hash = (hash ^ c) * 1099511628211UL;
        return Mix(hash);
    }

    public static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in Encoding.UTF8.GetBytes(text)) hash = (hash ^ c) * 1099511628211UL;
        return Mix(hash);
    }
}
