using System.Numerics;

namespace Stillhunt.Linking;

/// <summary>
/// The phrases of all sampled exchanges side by side, for as long as they are looked through again and again: to read them from the exchanges, which lie about as they came in, is a walk
/// through all memory.
/// </summary>
internal sealed class PhraseRows
{
    private const int FewestCells = 1 << 16, MostCells = 1 << 26;

    private readonly uint[] _prints;
    private readonly int[] _first;
    private uint[]? _cells;

    public PhraseRows(Traffic traffic, Shares shares)
    {
        var count = traffic.Exchanges.Length;
        _first = new int[count + 1];
        for (var i = 0; i < count; i++) _first[i + 1] = checked(_first[i] + traffic.Exchanges[i].Prints.Length);
        _prints = new uint[_first[count]];
        shares.Slices(count, (_, from, to) =>
        {
            for (var i = from; i < to; i++) traffic.Exchanges[i].Prints.CopyTo(_prints, _first[i]);
        });
    }

    /// <summary>A table with a cell for each of so many phrases, all 0. There is one, made for all phrases: it is taken back when the next is asked for.</summary>
    /// <param name="count">Its cells, a power of two; there may be more behind them.</param>
    public uint[] Cells(long phrases, out int count)
    {
        count = CellsFor(phrases);
        if (_cells is null) _cells = new uint[CellsFor(_prints.Length)];
        else Array.Clear(_cells);
        return _cells;
    }

    private static int CellsFor(long phrases) => (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((ulong)phrases), FewestCells, MostCells);

    /// <summary>Of an exchange, without repeats.</summary>
    public ReadOnlySpan<uint> this[int exchange] => _prints.AsSpan(_first[exchange].._first[exchange + 1]);
}
