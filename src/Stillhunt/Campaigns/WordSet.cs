using System.Numerics;

namespace Stillhunt.Campaigns;

/// <summary>Hashes of words that are asked for again and again: a table with open places, for which the hashes are good as they are.</summary>
internal sealed class WordSet
{
    /// <summary>0 is an open place.</summary>
    private readonly uint[] _places;

    private readonly bool _hasZero;

    public WordSet(IReadOnlyCollection<uint> words)
    {
        _places = new uint[BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, 4 * words.Count))];
        foreach (var word in words)
        {
            if (word == 0) _hasZero = true;
            else _places[PlaceOf(word)] = word;
        }
    }

    public bool Contains(uint word) => word == 0 ? _hasZero : _places[PlaceOf(word)] == word;

    /// <summary>Where a word stands, or would.</summary>
    private int PlaceOf(uint word)
    {
        // Slot words are the smallest hashes of a text: their first bits say little.
        var mask = _places.Length - 1;
        var at = (int)word & mask;
        while (_places[at] != 0 && _places[at] != word) at = (at + 1) & mask;
        return at;
    }
}
