namespace Stillhunt.Linking;

/// <summary>Which units each sampled exchange holds, and which exchanges hold each unit: one array for each direction.</summary>
internal sealed class UnitPostings
{
    /// <summary>Exchanges that one piece of work looks up.</summary>
    private const int Piece = 1 << 14;

    private readonly int[] _firstUnit;
    private readonly int[] _units;
    private readonly int[] _firstExchange;
    private readonly int[] _exchanges;

    public UnitPostings(Traffic traffic, PhraseRows rows, RecurringUnits units, Shares shares)
    {
        _firstUnit = new int[traffic.Exchanges.Length + 1];
        _firstExchange = new int[units.Count + 1];
        int[] pieces = [.. Enumerable.Range(0, (traffic.Exchanges.Length + Piece - 1) / Piece)];
        var held = shares.Of(pieces, RecurringUnits.Buffer, (buffer, piece) =>
        {
            var found = new List<int>();
            for (var i = piece * Piece; i < Math.Min(traffic.Exchanges.Length, (piece + 1) * Piece); i++)
            {
                var count = units.Of(rows[i], buffer);
                found.AddRange(buffer.AsSpan(0, count));
                _firstUnit[i + 1] = count;
            }

            return found.ToArray();
        });
        _units = new int[held.Sum(piece => piece.Length)];
        var at = 0;
        foreach (var piece in held)
        {
            piece.CopyTo(_units, at);
            at += piece.Length;
        }

        foreach (var unit in _units) _firstExchange[unit + 1]++;
        for (var i = 0; i < traffic.Exchanges.Length; i++) _firstUnit[i + 1] += _firstUnit[i];
        for (var unit = 0; unit < units.Count; unit++) _firstExchange[unit + 1] += _firstExchange[unit];
        _exchanges = new int[_units.Length];
        var next = (int[])_firstExchange.Clone();
        for (var i = 0; i < traffic.Exchanges.Length; i++)
            foreach (var unit in UnitsOf(i)) _exchanges[next[unit]++] = i;
    }

    public int UnitCount => _firstExchange.Length - 1;

    /// <summary>Ascending.</summary>
    public ReadOnlySpan<int> UnitsOf(int exchange) => _units.AsSpan(_firstUnit[exchange].._firstUnit[exchange + 1]);

    /// <summary>Of exchanges that follow each other, one after the other.</summary>
    public ReadOnlySpan<int> UnitsOf(int first, int end) => _units.AsSpan(_firstUnit[first].._firstUnit[end]);

    /// <summary>Ascending.</summary>
    public ReadOnlySpan<int> ExchangesWith(int unit) => _exchanges.AsSpan(_firstExchange[unit].._firstExchange[unit + 1]);
}
