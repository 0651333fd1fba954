namespace Stillhunt.Linking;

/// <summary>
/// The phrases of all sampled exchanges side by side, for as long as they are looked through again and again: to read them from the exchanges, which lie about as they came in, is a walk
/// through all memory.
/// </summary>
internal sealed class PhraseRows
{
    private readonly uint[] _prints;
    private readonly int[] _first;

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

    /// <summary>Of an exchange, without repeats.</summary>
    public ReadOnlySpan<uint> this[int exchange] => _prints.AsSpan(_first[exchange].._first[exchange + 1]);
}
