namespace Stillhunt.Linking;

/// <summary>Which units each sampled exchange holds, and which exchanges hold each unit.</summary>
internal sealed class UnitPostings
{
    private readonly int[][] _unitsOf;
    private readonly int[] _starts;
    private readonly int[] _exchanges;

    public UnitPostings(Traffic traffic, RecurringUnits units)
    {
        var buffer = RecurringUnits.Buffer();
        _unitsOf = new int[traffic.Exchanges.Length][];
        _starts = new int[units.Count + 1];
        for (var i = 0; i < _unitsOf.Length; i++)
        {
            var count = units.Of(traffic.Exchanges[i].Prints, buffer);
            _unitsOf[i] = count == 0 ? [] : buffer[..count];
            foreach (var unit in _unitsOf[i]) _starts[unit + 1]++;
        }

        for (var unit = 0; unit < units.Count; unit++) _starts[unit + 1] += _starts[unit];
        _exchanges = new int[_starts[^1]];
        var next = (int[])_starts.Clone();
        for (var i = 0; i < _unitsOf.Length; i++)
            foreach (var unit in _unitsOf[i]) _exchanges[next[unit]++] = i;
    }

    /// <summary>Ascending.</summary>
    public int[] UnitsOf(int exchange) => _unitsOf[exchange];

    /// <summary>Ascending.</summary>
    public ReadOnlySpan<int> ExchangesWith(int unit) => _exchanges.AsSpan(_starts[unit].._starts[unit + 1]);
}
