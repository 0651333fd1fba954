using System.Runtime.CompilerServices;

namespace Stillhunt.Fingerprinting;

/// <summary>
/// Phrase prints of a text by winnowing (Schleimer, Wilkerson and Aiken, "Winnowing: local algorithms for document
/// fingerprinting", SIGMOD 2003): of every <see cref="Window"/> consecutive phrases the one with the smallest hash is kept, so any
/// run of <see cref="PhraseWords"/> + <see cref="Window"/> - 1 words that two texts share leaves a common print, wherever it stands
/// and whatever fills the slots around it. Needs no sentence borders, hence works in any script.
/// </summary>
internal static class PhrasePrints
{
    /// <summary>Words in a phrase. Three: one substituted word in a sentence of ten leaves most of its phrases.</summary>
    public const int PhraseWords = 3;

    /// <summary>Phrases in a window. Any shared run of six words is then sure to leave a common print.</summary>
    public const int Window = 4;

    /// <summary>Writes the prints of the words in the order of the text; returns how many (at most <c>prints.Length</c>).</summary>
    public static int Of(ReadOnlySpan<Word> words, Span<uint> prints)
    {
        // The phrases of the window; their order in it does not matter.
        var (first, second, third, fourth) = (ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);
        var count = 0;
        var last = ulong.MaxValue;
        var phrases = 0;
        for (var i = 0; i < words.Length; i++)
        {
            if (!TryPhrase(words, i, out var phrase)) continue;
            (first, second, third, fourth) = (second, third, fourth, phrase);
            if (++phrases < Window && i + 1 < words.Length) continue;
            var least = Math.Min(Math.Min(first, second), Math.Min(third, fourth));
            if (least == last) continue;
            last = least;
            if (count == prints.Length) break;
            prints[count++] = (uint)(least >> 32);
        }

        return count;
    }

    /// <summary>The phrase that ends with a word. Three words of a script with spaces, which is nearly every phrase, without the loop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryPhrase(ReadOnlySpan<Word> words, int end, out ulong phrase)
    {
        if (end < PhraseWords - 1 || (words[end].HalfWords & words[end - 1].HalfWords & words[end - 2].HalfWords) != 2) return TryAnyPhrase(words, end, out phrase);
        phrase = Add(Add(Add(0, words[end].Hash), words[end - 1].Hash), words[end - 2].Hash);
        return true;
    }

    private static ulong Add(ulong phrase, ulong word)
    {
        phrase = (phrase ^ word) * 0x9E3779B97F4A7C15;
        return phrase ^ phrase >> 29;
    }

    /// <summary>The phrase that ends with word <paramref name="end"/>: as many words back as make its weight.</summary>
    private static bool TryAnyPhrase(ReadOnlySpan<Word> words, int end, out ulong phrase)
    {
        var weight = 0;
        phrase = 0;
        for (var i = end; i >= 0; i--)
        {
            phrase = Add(phrase, words[i].Hash);
            weight += words[i].HalfWords;
            if (weight >= 2 * PhraseWords) return true;
        }

        return false;
    }
}
