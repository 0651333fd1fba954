namespace Stillhunt.Linking;

/// <summary>The n-th smallest of many numbers without sorting them (Hoare, "Algorithm 65: FIND", 1961).</summary>
internal static class Selection
{
    /// <param name="values">Are put in another order.</param>
    /// <param name="n">From 0.</param>
    public static double Nth(Span<double> values, int n)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)n, (uint)values.Length, nameof(n));
        int low = 0, high = values.Length - 1;
        while (low < high)
        {
            var pivot = values[low + ((high - low) / 2)];
            int i = low, j = high;
            while (i <= j)
            {
                while (values[i] < pivot) i++;
                while (values[j] > pivot) j--;
                if (i > j) break;
                (values[i], values[j]) = (values[j], values[i]);
                i++;
                j--;
            }

            if (n <= j) high = j;
            else if (n >= i) low = i;
            else break;
        }

        return values[n];
    }
}
