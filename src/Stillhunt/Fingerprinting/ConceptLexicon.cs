using System.Text;

namespace Stillhunt.Fingerprinting;

/// <summary>
/// The concepts that the classifier knows and the words that mean them, from the embedded Concepts.txt. Concepts whose id
/// starts with # are read from the text's structure and have no words.
/// </summary>
internal sealed class ConceptLexicon
{
    /// <summary>Symbols of the automaton that stand for no letter of a term.</summary>
    public const ushort SeparatorSymbol = 0, IgnoredSymbol = 1, OtherSymbol = 2, JoinerSymbol = 3;

    /// <summary>Set in the symbols of scripts in which terms match anywhere.</summary>
    public const ushort RunningBit = 0x8000;

    private const ushort FirstLetterSymbol = 4;

    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<string> _ids = [];
    private readonly List<string> _plainWords = [];

    private ConceptLexicon(TextReader text)
    {
        var folded = TextFolding.BuildTable();
        var terms = new List<(string Folded, bool IsPrefix, int Concept)>();
        while (text.ReadLine() is { } line)
        {
            if (line.Length == 0 || line.StartsWith("# ", StringComparison.Ordinal)) continue;
            if (line.StartsWith("= ", StringComparison.Ordinal)) Open(line);
            else AddTerms(line, folded, terms);
        }

        Symbols = new ushort[0x10000];
        AssignSymbols(folded, terms);
        Trie = ConceptTrie.Build(terms.Select(t => (t.Folded.Select(c => (ushort)(Symbols[c] & ~RunningBit)).ToArray(), t.IsPrefix, t.Concept)));
        Marks = TextMarks.Of(this);
        Idle = [.. Enumerable.Range(0, 256).Select(b => b < 0x80 && Symbols[b] <= JoinerSymbol && Symbols[b] != OtherSymbol && !TextConcepts.IsMark((char)b))];
    }

    /// <summary>The lexicon that the project ships.</summary>
    public static ConceptLexicon Shipped { get; } = Load();

    public int Count => _ids.Count;

    public ConceptTrie Trie { get; }

    /// <summary>The automaton's symbol of each code point of the basic plane, folded, with <see cref="RunningBit"/>.</summary>
    public ushort[] Symbols { get; }

    /// <summary>ASCII that stands between words and says nothing by itself.</summary>
    public bool[] Idle { get; }

    /// <summary>The concepts of a text's structure.</summary>
    public TextMarks Marks { get; }

    public string IdOf(int concept) => _ids[concept];

    /// <summary>The concept in plain words, for evidence sentences.</summary>
    public string PlainWordsOf(int concept) => _plainWords[concept];

    public int NumberOf(string id) => _numbers[id];

    public bool TryNumberOf(string id, out int number) => _numbers.TryGetValue(id, out number);

    /// <summary>Reads a lexicon; the format is explained at the head of Concepts.txt.</summary>
    public static ConceptLexicon Read(TextReader text) => new(text);

    private static ConceptLexicon Load()
    {
        using var stream = typeof(ConceptLexicon).Assembly.GetManifestResourceStream("Stillhunt.Concepts.txt")
            ?? throw new InvalidOperationException("The lexicon Concepts.txt is not embedded in the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return new ConceptLexicon(reader);
    }

    private void Open(string line)
    {
        var bar = line.IndexOf('|', StringComparison.Ordinal);
        var id = line[2..bar].Trim();
        if (_ids.Count == ConceptSet.Capacity) throw new FormatException($"More than {ConceptSet.Capacity} concepts.");
        if (!_numbers.TryAdd(id, _ids.Count)) throw new FormatException($"The concept {id} stands twice in the lexicon.");
        _ids.Add(id);
        _plainWords.Add(line[(bar + 1)..].Trim());
    }

    private void AddTerms(string line, char[] folded, List<(string Folded, bool IsPrefix, int Concept)> terms)
    {
        foreach (var raw in line[3..].Split(','))
        {
            var term = raw.Trim();
            var isPrefix = term.EndsWith('*');
            // A mark is dropped here as it is in text, and so is a stray separator inside a term.
            var key = new string([.. term.Select(c => folded[c]).Where(c => c is not TextFolding.Separator and not TextFolding.Ignored)]).Trim();
            if (key.Length > 0) terms.Add((key, isPrefix, _ids.Count - 1));
        }
    }

    private void AssignSymbols(char[] folded, List<(string Folded, bool IsPrefix, int Concept)> terms)
    {
        // The commonest letters get the smallest symbols, which packs the trie well.
        var letters = terms.SelectMany(t => t.Folded).Where(c => c != TextFolding.Joiner)
            .GroupBy(c => c).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Select(g => g.Key);
        var known = new Dictionary<char, ushort>();
        foreach (var letter in letters) known[letter] = (ushort)(FirstLetterSymbol + known.Count);
        for (var code = 0; code < folded.Length; code++)
        {
            var letter = folded[code];
            Symbols[code] = letter switch
            {
                TextFolding.Separator => SeparatorSymbol,
                TextFolding.Joiner => JoinerSymbol,
                TextFolding.Ignored => IgnoredSymbol,
                _ => known.GetValueOrDefault(letter, OtherSymbol),
            };
            if (TextFolding.IsRunning(letter)) Symbols[code] |= RunningBit;
        }
    }
}
