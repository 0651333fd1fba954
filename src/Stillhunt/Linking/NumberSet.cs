using System.Numerics;

namespace Stillhunt.Linking;

/// <summary>Numbers from 0 up to a bound, added in any order and taken out in ascending order: a bit for each, which is cheaper than sorting many.</summary>
internal sealed class NumberSet(int bound)
{
    private readonly ulong[] _words = new ulong[(bound + 63) / 64];

    public void Add(int number) => _words[number >> 6] |= 1UL << (number & 63);

    /// <summary>Puts all of them into a list in place of what it holds, ascending; the set is empty afterwards.</summary>
    public void Drain(List<int> into)
    {
        into.Clear();
        for (var w = 0; w < _words.Length; w++)
        {
            for (var word = _words[w]; word != 0; word &= word - 1) into.Add((w << 6) + BitOperations.TrailingZeroCount(word));
            _words[w] = 0;
        }
    }
}
