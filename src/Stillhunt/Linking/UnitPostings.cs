namespace Stillhunt.Linking;

/// <summary>Which units each sampled exchange holds, and which exchanges hold each unit: one array for each direction.</summary>
internal sealed class UnitPostings
{
    private readonly int[] _firstUnit;
    private readonly int[] _units;
    private readonly int[] _firstExchange;
    private readonly int[] _exchanges;

    public UnitPostings(Traffic traffic, RecurringUnits units)
    {
        var buffer = RecurringUnits.Buffer();
        _firstUnit = new int[traffic.Exchanges.Length + 1];
        _firstExchange = new int[units.Count + 1];
        var held = new List<int>();
        for (var i = 0; i < traffic.Exchanges.Length; i++)
        {
            var count = units.Of(traffic.Exchanges[i].Prints, buffer);
            held.AddRange(buffer.AsSpan(0, count));
            _firstUnit[i + 1] = held.Count;
            foreach (var unit in buffer.AsSpan(0, count)) _firstExchange[unit + 1]++;
        }

        _units = [.. held];
        for (var unit = 0; unit < units.Count; unit++) _firstExchange[unit + 1] += _firstExchange[unit];
        _exchanges = new int[_units.Length];
        var next = (int[])_firstExchange.Clone();
        for (var i = 0; i < traffic.Exchanges.Length; i++)
            foreach (var unit in UnitsOf(i)) _exchanges[next[unit]++] = i;
    }

    public int UnitCount => _firstExchange.Length - 1;

    /// <summary>Ascending.</summary>
    public ReadOnlySpan<int> UnitsOf(int exchange) => _units.AsSpan(_firstUnit[exchange].._firstUnit[exchange + 1]);

    /// <summary>Ascending.</summary>
    public ReadOnlySpan<int> ExchangesWith(int unit) => _exchanges.AsSpan(_firstExchange[unit].._firstExchange[unit + 1]);
}
