using System.Runtime.CompilerServices;
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

    /// <param name="Accepted">What the word means, 0 for nothing.</param>
    /// <param name="State">The automaton's state behind the word where a term of several words may start with it, else 0.</param>
    private record struct Entry(ulong Low, ulong High, int State, ushort Accepted);

    /// <summary>
    /// Takes the word that starts here, if it is one of at most fifteen ASCII letters that ends before a separator or joiner. False leaves it to the automaton.
    /// </summary>
    /// <param name="accepted">What the word means, 0 for nothing.</param>
    /// <param name="end">The position behind the word.</param>
    /// <param name="state">Where a joiner follows and a term of several words may start with this one: the automaton's state behind the word. Else 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(ReadOnlySpan<byte> text, int start, out int accepted, out int end, out int state)
    {
        (accepted, end, state) = (0, start, 0);
        var length = AsciiWord.Load(text, start, out var folded);
        if (length is 0 or > AsciiWord.Longest) return false;
        var ending = ConceptLexicon.SeparatorSymbol;
        if (start + length < text.Length)
        {
            var next = text[start + length];
            if (next >= 0x80) return false;
            ending = _symbols[next];
            if (ending is not (ConceptLexicon.SeparatorSymbol or ConceptLexicon.JoinerSymbol)) return false;
        }

        var word = (folded & Vector128.LessThan(Vector128<byte>.Indices, Vector128.Create((byte)length))).AsUInt64();
        var (low, high) = (word.GetElement(0), word.GetElement(1));
        ref var entry = ref _entries[(int)(((low ^ (high * 0xE7037ED1A0B428DB)) * 0x9E3779B97F4A7C15) >> (64 - PlaceBits))];
        if (entry.Low != low || entry.High != high) entry = Walk(word, length);
        (accepted, end) = (entry.Accepted, start + length);
        if (ending == ConceptLexicon.JoinerSymbol) state = entry.State;
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
            if ((uint)next >= (uint)cells.Length || cells[next].Check != state) return new Entry(low, high, 0, accepted);
            state = next;
            var found = i == length - 1 ? cells[state].Whole : cells[state].Prefix;
            if (found != 0) accepted = found;
        }

        var joined = cells[state].Base + ConceptLexicon.JoinerSymbol;
        var goesOn = (uint)joined < (uint)cells.Length && cells[joined].Check == state;
        return new Entry(low, high, goesOn ? state : 0, accepted);
    }
}
