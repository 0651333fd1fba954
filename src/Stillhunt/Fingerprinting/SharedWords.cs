using System.Text;
using Stillhunt.Sketches;

namespace Stillhunt.Fingerprinting;

/// <summary>
/// Words as values that are the same at every provider, so that two of them can speak of one phrase. The hash is fixed and protects nothing:
/// whoever lets such a value out must key it first.
/// </summary>
internal static class SharedWords
{
    /// <summary>"stillhun" as bytes; part of what is exchanged, so it never changes.</summary>
    private static readonly KeyedHash Hash = new(0x7374696C6C68756E);

    private static readonly Lazy<HashSet<ulong>> Vocabulary = new(ReadVocabulary);

    public static int Scan(ReadOnlySpan<byte> text, Span<Word> words) => PhraseScanner.Scan(text, Hash, words);

    /// <summary>
    /// The phrase that ends with a word: three words back, or six characters of a script without spaces. False where the text is too short.
    /// </summary>
    /// <param name="start">Position of its first word.</param>
    /// <param name="phrase">The words in one value, in order.</param>
    public static bool TryPhrase(ReadOnlySpan<Word> words, int end, out int start, out ulong phrase)
    {
        var weight = 0;
        phrase = 0;
        for (start = end; start >= 0; start--)
        {
            phrase = Hash.Of(phrase, words[start].Hash);
            weight += words[start].HalfWords;
            if (weight >= 2 * PhrasePrints.PhraseWords) return true;
        }

        return false;
    }

    /// <summary>A word as it may be written down: lower case, a run of digits as 0.</summary>
    public static string Text(ReadOnlySpan<byte> text, Word word)
    {
        var written = Encoding.UTF8.GetString(text[word.Start..word.End]);
        return char.IsDigit(written, 0) ? "0" : written.ToLowerInvariant();
    }

    /// <summary>
    /// Two neighbours of a script without spaces as one word, where the second follows the first at once: one character is hardly more than a letter, and four common ones may be somebody's
    /// name.
    /// </summary>
    public static bool TryPair(Word first, Word second, out ulong pair)
    {
        pair = Hash.Of(first.Hash, second.Hash);
        return first.HalfWords == 1 && second.HalfWords == 1 && first.End == second.Start;
    }

    /// <summary>Whether a word stands in the lexicon that the project publishes, so that it tells nothing of anybody.</summary>
    public static bool IsPublic(Word word) => Vocabulary.Value.Contains(word.Hash);

    /// <summary>The same for a pair of <see cref="TryPair"/>.</summary>
    public static bool IsPublicPair(ulong pair) => Vocabulary.Value.Contains(pair);

    private static HashSet<ulong> ReadVocabulary()
    {
        using var stream = typeof(SharedWords).Assembly.GetManifestResourceStream("Stillhunt.Concepts.txt")
            ?? throw new InvalidOperationException("The lexicon Concepts.txt is not embedded in the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var known = new HashSet<ulong>();
        var words = new Word[4096];
        while (reader.ReadLine() is { } line)
        {
            if (line.Length < 4 || line[0] is '#' or '=') continue;
            // A starred term is the beginning of words, and is no word of its own.
            foreach (var term in line[3..].Split(',').Where(term => !term.TrimEnd().EndsWith('*')))
            {
                var count = Scan(Encoding.UTF8.GetBytes(term), words);
                for (var i = 0; i < count; i++)
                {
                    known.Add(words[i].Hash);
                    if (i > 0 && TryPair(words[i - 1], words[i], out var pair)) known.Add(pair);
                }
            }
        }

        // Digits are one sign for all numbers.
        Scan("0"u8, words);
        known.Add(words[0].Hash);
        return known;
    }
}
