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
        Span<ulong> ring = stackalloc ulong[Window];
        ring.Fill(ulong.MaxValue);
        var count = 0;
        var last = ulong.MaxValue;
        var phrases = 0;
        for (var i = 0; i < words.Length; i++)
        {
            if (!TryPhrase(words, i, out var phrase)) continue;
            ring[phrases++ % Window] = phrase;
            if (phrases < Window && i + 1 < words.Length) continue;
            var least = ring[0];
            for (var j = 1; j < Window; j++) least = Math.Min(least, ring[j]);
            if (least == last) continue;
            last = least;
            if (count == prints.Length) break;
            prints[count++] = (uint)(least >> 32);
        }

        return count;
    }

    /// <summary>The phrase that ends with word <paramref name="end"/>: as many words back as make its weight.</summary>
    private static bool TryPhrase(ReadOnlySpan<Word> words, int end, out ulong phrase)
    {
        var weight = 0;
        phrase = 0;
        for (var i = end; i >= 0; i--)
        {
            phrase = (phrase ^ words[i].Hash) * 0x9E3779B97F4A7C15;
            phrase ^= phrase >> 29;
            weight += words[i].HalfWords;
            if (weight >= 2 * PhraseWords) return true;
        }

        return false;
    }
}
