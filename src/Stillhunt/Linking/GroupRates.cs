namespace Stillhunt.Linking;

/// <summary>How often a group of accounts uses each unit: mean rates over every other account, and over the rest.</summary>
/// <param name="units">Ascending.</param>
internal sealed class GroupRates(int[] units, double[] even, double[] odd)
{
    /// <summary>Squared length, measured between the two halves of the accounts, so that chance does not add to it.</summary>
    private readonly double _length = Length(even, odd);

    /// <summary>Adds the rates of all accounts to an array over all units.</summary>
    public void Spread(double[] all)
    {
        for (var k = 0; k < units.Length; k++) all[units[k]] = even[k] + odd[k];
    }

    /// <summary>Sets to 0 again what <see cref="Spread"/> set.</summary>
    public void Clear(double[] all)
    {
        foreach (var unit in units) all[unit] = 0;
    }

    /// <inheritdoc cref="UnitUsage.Likeness"/>
    /// <param name="spread">These rates over all units.</param>
    public double Likeness(GroupRates other, double[] spread) =>
        _length <= 0 || other._length <= 0 ? double.NaN : other.Dot(spread) / 4 / Math.Sqrt(_length * other._length);

    private double Dot(double[] spread)
    {
        double sum = 0;
        for (var k = 0; k < units.Length; k++) sum += (even[k] + odd[k]) * spread[units[k]];
        return sum;
    }

    private static double Length(double[] even, double[] odd)
    {
        double sum = 0;
        for (var k = 0; k < even.Length; k++) sum += even[k] * odd[k];
        return sum;
    }
}
