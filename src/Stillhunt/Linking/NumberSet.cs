using System.Numerics;

namespace Stillhunt.Linking;

/// <summary>Numbers from 0 up to a bound, added in any order and taken out in ascending order: a bit for each, which is cheaper than sorting many.</summary>
internal sealed class NumberSet(int bound)
{
    private readonly ulong[] _words = new ulong[(bound + 63) / 64];

    // Of what was added: few numbers among many are not looked for everywhere.
    private int _first = int.MaxValue, _last = -1;

    public void Add(int number)
    {
        var word = number >> 6;
        _words[word] |= 1UL << (number & 63);
        if (word < _first) _first = word;
        if (word > _last) _last = word;
    }

    /// <summary>Puts all of them into a list in place of what it holds, ascending; the set is empty afterwards.</summary>
    public void Drain(List<int> into)
    {
        into.Clear();
        for (var w = _first; w <= _last; w++)
        {
            for (var word = _words[w]; word != 0; word &= word - 1) into.Add((w << 6) + BitOperations.TrailingZeroCount(word));
            _words[w] = 0;
        }

        (_first, _last) = (int.MaxValue, -1);
    }
}
