using System.Numerics;
using System.Runtime.Intrinsics;

namespace Stillhunt.Fingerprinting;

/// <summary>
/// What words of ASCII letters mean by the lexicon, for those that came lately: most of a text is a few hundred words over and over, and one comparison of a vector is
/// less than a walk through the automaton. Of fixed size, a word a place. Serves one thread.
/// </summary>
internal sealed class KnownWords(ConceptLexicon lexicon)
{
    private const int PlaceBits = 11;

    private readonly Entry[] _entries = new Entry[1 << PlaceBits];
    private readonly ConceptTrie _trie = lexicon.Trie;
    private readonly ushort[] _symbols = lexicon.Symbols;

    private record struct Entry(ulong Low, ulong High, ushort Accepted, bool GoesOn);

    /// <summary>
    /// Takes the word that starts here, if it is one of at most fifteen ASCII letters that ends before a separator or joiner, and no term of several words starts with it. False leaves
    /// it to the automaton.
    /// </summary>
    /// <param name="accepted">What the word means, 0 for nothing.</param>
    /// <param name="end">The position behind the word; a byte stands there.</param>
    public bool TryRead(ReadOnlySpan<byte> text, int start, out int accepted, out int end)
    {
        (accepted, end) = (0, start);
        if (start + Vector128<byte>.Count > text.Length) return false;
        var folded = Vector128.Create(text.Slice(start, Vector128<byte>.Count)) | Vector128.Create((byte)0x20);
        var letters = Vector128.LessThan(folded - Vector128.Create((byte)'a'), Vector128.Create((byte)26));
        var length = BitOperations.TrailingZeroCount(~letters.ExtractMostSignificantBits());
        if (length is 0 or >= 16) return false;
        var next = text[start + length];
        if (next >= 0x80) return false;
        var ending = _symbols[next];
        if (ending is not (ConceptLexicon.SeparatorSymbol or ConceptLexicon.JoinerSymbol)) return false;
        var word = (folded & Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)length))).AsUInt64();
        var (low, high) = (word.GetElement(0), word.GetElement(1));
        ref var entry = ref _entries[(int)(((low ^ (high * 0xE7037ED1A0B428DB)) * 0x9E3779B97F4A7C15) >> (64 - PlaceBits))];
        if (entry.Low != low || entry.High != high) entry = Walk(word, length);
        if (entry.GoesOn && ending == ConceptLexicon.JoinerSymbol) return false;
        (accepted, end) = (entry.Accepted, start + length);
        return true;
    }

    private Entry Walk(Vector128<ulong> word, int length)
    {
        var (low, high) = (word.GetElement(0), word.GetElement(1));
        var letters = word.AsByte();
        var cells = _trie.Cells;
        var state = ConceptTrie.Root;
        ushort accepted = 0;
        for (var i = 0; i < length; i++)
        {
            var next = cells[state].Base + _symbols[letters[i]];
            if ((uint)next >= (uint)cells.Length || cells[next].Check != state) return new Entry(low, high, accepted, false);
            state = next;
            var found = i == length - 1 ? cells[state].Whole : cells[state].Prefix;
            if (found != 0) accepted = found;
        }

        var joined = cells[state].Base + ConceptLexicon.JoinerSymbol;
        return new Entry(low, high, accepted, (uint)joined < (uint)cells.Length && cells[joined].Check == state);
    }
}
