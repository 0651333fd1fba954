using System.Runtime.CompilerServices;

namespace Stillhunt.Fingerprinting;

/// <summary>Where in the prompt a sentence stands.</summary>
internal enum TextZone : byte
{
    System, User, Tools,
}

/// <summary>One sentence as the classifier sees it: the concepts in it, and where it stands.</summary>
internal record struct ConceptSentence(ConceptSet Concepts, TextZone Zone);

/// <summary>
/// Cuts UTF-8 text into sentences and finds each sentence's concepts. Sentences without any are not kept, so that neighbours are the
/// nearest sentences that say something. A text that is too long for the room keeps adding to the last sentence of the room.
/// </summary>
/// <param name="words">Words that came lately, or null: then each goes through the automaton, which finds the same.</param>
internal ref struct TextConcepts(ConceptLexicon lexicon, Span<ConceptSentence> room, KnownWords? words)
{
    // A label is what stands before a colon at the start of a line: "Item:", "题目：". Longer is a clause.
    private const int LongestLabel = 40;
    private const int LongestTag = 40;

    private readonly Span<ConceptSentence> _room = room;
    private readonly ConceptTrie _trie = lexicon.Trie;
    private readonly ConceptTrie.Cell[] _cells = lexicon.Trie.Cells;
    private readonly ushort[] _symbols = lexicon.Symbols;
    private readonly bool[] _idle = lexicon.Idle;
    private readonly TextMarks _marks = lexicon.Marks;
    private ConceptSet _open;

    public int Count { get; private set; }

    /// <summary>The sentences so far, from one on.</summary>
    public readonly ReadOnlySpan<ConceptSentence> From(int first) => _room[first..Count];

    /// <summary>Whether sentences may have been merged for want of room.</summary>
    public readonly bool IsFull => Count == _room.Length;

    /// <summary>Adds sentences that were read before, as reading their text again would.</summary>
    public void Add(ReadOnlySpan<ConceptSentence> sentences)
    {
        foreach (var sentence in sentences)
        {
            _open = sentence.Concepts;
            Close(sentence.Zone);
        }
    }

    /// <summary>Reads the head and the tail of a part, at most <paramref name="head"/> + <paramref name="tail"/> bytes.</summary>
    public void Add(ReadOnlySpan<byte> text, TextZone zone, int head, int tail)
    {
        if (text.Length <= head + tail)
        {
            Add(text, zone);
        }
        else
        {
            Add(text[..CharacterStart(text, head)], zone);
            Add(text[CharacterStart(text, text.Length - tail)..], zone);
        }
    }

    private static int CharacterStart(ReadOnlySpan<byte> text, int at)
    {
        while (at > 0 && at < text.Length && (text[at] & 0xc0) == 0x80) at--;
        return at;
    }

    private void Add(ReadOnlySpan<byte> text, TextZone zone)
    {
        var lineStart = 0;
        var at = 0;
        while (at < text.Length)
        {
            // Most of a text: a word that came lately, and a space.
            if (words is not null && AsciiLetters[text[at]] && words.TryRead(text, at, out var meant, out var wordEnd, out var state))
            {
                at = state == 0 ? Accept(meant, wordEnd) : AddJoined(text, wordEnd, state, meant);
                if (at < text.Length && text[at] == (byte)' ') at++;
                continue;
            }

            if (_idle[text[at]])
            {
                at++;
                continue;
            }

            var symbol = SymbolAt(text, at, out var length, out var code);
            if (symbol <= ConceptLexicon.JoinerSymbol && symbol != ConceptLexicon.OtherSymbol)
            {
                if (symbol == ConceptLexicon.SeparatorSymbol) at = AddMark(text, at, length, code, zone, ref lineStart);
                else at += length;
            }
            else if ((symbol & ConceptLexicon.RunningBit) != 0)
            {
                at = Match(text, at, out var accepted, out var end) ? Accept(accepted, end) : at + length;
            }
            else
            {
                at = AddWord(text, at);
            }
        }

        if (text.Length > 0 && zone == TextZone.User && EndsOpen(text)) _open |= _marks.EndsOpen;
        Close(zone);
    }

    private int AddWord(ReadOnlySpan<byte> text, int start)
    {
        // Arabic writes "and", "by", "for" and the article onto the word.
        if (!Match(text, start, out var accepted, out var end) && (uint)(text[start] - 0xd8) <= 1)
        {
            foreach (var clitic in ArabicClitics(text[start..]))
            {
                if (clitic > 0 && Match(text, start + clitic, out accepted, out end)) break;
            }
        }

        return EndOfWord(text, accepted != 0 ? Accept(accepted, end) : start);
    }

    /// <summary>Takes a word that terms of several words may start with, and the longest of those that stands here.</summary>
    /// <param name="at">Behind the word, where a joiner stands.</param>
    /// <param name="state">The automaton's state there.</param>
    /// <param name="accepted">What the word itself means, 0 for nothing.</param>
    private int AddJoined(ReadOnlySpan<byte> text, int at, int state, int accepted)
    {
        var end = at;
        var length = 1;
        while (SymbolAt(text, at + length, out var more, out _) == ConceptLexicon.JoinerSymbol) length += more;
        Walk(text, state, at, ConceptLexicon.JoinerSymbol, length, ref accepted, ref end);
        Accept(accepted, end);
        return end == at ? at : EndOfWord(text, end);
    }

    private readonly int EndOfWord(ReadOnlySpan<byte> text, int end)
    {
        while (end < text.Length)
        {
            if (AsciiLetters[text[end]])
            {
                end++;
                continue;
            }

            var symbol = SymbolAt(text, end, out var length, out _);
            if (EndsWord(symbol)) break;
            end += length;
        }

        return end;
    }

    [InlineArray(2)]
    private struct TwoLengths
    {
        private int _first;
    }

    private static TwoLengths ArabicClitics(ReadOnlySpan<byte> word)
    {
        // waw, fa, ba, lam, kaf in UTF-8; then alef lam, the article (lam lam after "for").
        var lengths = default(TwoLengths);
        var one = word.Length > 4 && word[0] == 0xd9 && word[1] is 0x88 or 0x81 or 0x84 or 0x83 || word.Length > 4 && word[0] == 0xd8 && word[1] == 0xa8 ? 2 : 0;
        lengths[0] = one;
        if (word.Length > one + 4 && word[one + 2] == 0xd9 && word[one + 3] == 0x84 &&
            (word[one] == 0xd8 && word[one + 1] == 0xa7 || word[one] == 0xd9 && word[one + 1] == 0x84))
            lengths[1] = one + 4;
        return lengths;
    }

    private int Accept(int accepted, int end)
    {
        _open |= _trie.Concepts(accepted);
        return end;
    }

    /// <summary>The longest term that starts here.</summary>
    private readonly bool Match(ReadOnlySpan<byte> text, int start, out int accepted, out int end)
    {
        accepted = 0;
        end = start;
        var symbol = SymbolAt(text, start, out var length, out _);
        Walk(text, ConceptTrie.Root, start, symbol, length, ref accepted, ref end);
        return accepted != 0;
    }

    /// <summary>Goes on from a state of the automaton over the symbol that stands at a position, and keeps the longest term that ends on the way.</summary>
    private readonly void Walk(ReadOnlySpan<byte> text, int state, int at, ushort symbol, int length, ref int accepted, ref int end)
    {
        var cells = _cells;
        var next = cells[state].Base + (symbol & ~ConceptLexicon.RunningBit);
        while ((uint)next < (uint)cells.Length && cells[next].Check == state)
        {
            ref readonly var cell = ref cells[next];
            state = next;
            var running = symbol >= ConceptLexicon.RunningBit;
            at += length;
            symbol = SymbolAt(text, at, out length, out _);
            while (symbol == ConceptLexicon.IgnoredSymbol)
            {
                at += length;
                symbol = SymbolAt(text, at, out length, out _);
            }

            // Most states end no term.
            if (cell.Whole != 0)
            {
                var found = running || EndsWord(symbol) ? cell.Whole : cell.Prefix;
                if (found != 0) (accepted, end) = (found, at);
            }

            next = cell.Base + (symbol & ~ConceptLexicon.RunningBit);
            if (symbol != ConceptLexicon.JoinerSymbol) continue;

            // Several spaces are one.
            while (SymbolAt(text, at + length, out var more, out _) == ConceptLexicon.JoinerSymbol) length += more;
        }
    }

    /// <summary>ASCII between words that <see cref="AddMark"/> looks at.</summary>
    public static bool IsMark(char ascii) => ascii is '\n' or '.' or '!' or '?' or ';' or ':' or '<' or '[' or '{' or '`';

    private int AddMark(ReadOnlySpan<byte> text, int at, int length, int code, TextZone zone, ref int lineStart)
    {
        switch (code)
        {
            case '\n':
                Close(zone);
                lineStart = at + 1;
                if (NumberedAt(text, at + 1)) _open |= _marks.Numbered;
                break;
            case '.' or '!' or '?':
                if (at + 1 == text.Length || text[at + 1] <= ' ') Close(zone);
                break;
            case 0x3002 or 0xff01 or 0xff1f or 0xff1b or 0x061f or 0x06d4 or 0x0964 or ';':
                Close(zone);
                break;
            case ':' or 0xff1a:
                if (at - lineStart is > 0 and <= LongestLabel) _open |= _marks.Label;
                break;
            case '<' or '[':
                if (IsTag(text[at..], code == '<' ? (byte)'>' : (byte)']')) _open |= _marks.Tag;
                break;
            case '{':
                if (at + 2 < text.Length && (text[at + 1] == '"' || text[at + 2] == '"')) _open |= _marks.Json;
                break;
            case '`':
                if (at + 2 < text.Length && text[at + 1] == '`' && text[at + 2] == '`')
                {
                    _open |= _marks.CodeBlock;
                    return at + 3;
                }

                break;
            default:
                break;
        }

        return at + length;
    }

    private static bool IsTag(ReadOnlySpan<byte> text, byte close)
    {
        var name = text.Length > 2 && text[1] == '/' ? 2 : 1;
        for (var i = name; i < Math.Min(text.Length, LongestTag); i++)
        {
            if (text[i] == close) return i > name + 1;
            var letter = text[i] | 0x20;
            if (letter is not (>= 'a' and <= 'z') and not '_' and not '-' && text[i] is not (>= (byte)'0' and <= (byte)'9') and not (byte)'_' && text[i] < 0x80) return false;
        }

        return false;
    }

    private static bool NumberedAt(ReadOnlySpan<byte> text, int at) =>
        at + 2 < text.Length && text[at] is >= (byte)'1' and <= (byte)'9' && text[at + 1] is (byte)'.' or (byte)')';

    private static bool EndsOpen(ReadOnlySpan<byte> text)
    {
        var trimmed = text.TrimEnd(" \n\r\t*"u8);
        return trimmed.EndsWith(":"u8) || trimmed.EndsWith("："u8);
    }

    private void Close(TextZone zone)
    {
        if (_open.IsEmpty) return;
        if (Count < _room.Length) _room[Count++] = new ConceptSentence(_open, zone);
        else _room[^1].Concepts |= _open;
        _open = default;
    }

    private static readonly bool[] AsciiLetters = [.. Enumerable.Range(0, 256).Select(b => char.IsAsciiLetter((char)b))];

    private static bool EndsWord(ushort symbol) =>
        symbol is ConceptLexicon.SeparatorSymbol or ConceptLexicon.JoinerSymbol or >= ConceptLexicon.RunningBit;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ushort SymbolAt(ReadOnlySpan<byte> text, int at, out int length, out int code)
    {
        length = 1;
        code = 0;
        if ((uint)at >= (uint)text.Length) return ConceptLexicon.SeparatorSymbol;
        code = text[at];
        return code < 0x80 ? _symbols[code] : BeyondAscii(text, at, out length, out code);
    }

    private readonly ushort BeyondAscii(ReadOnlySpan<byte> text, int at, out int length, out int code)
    {
        length = 1;
        code = 0;
        int first = text[at];
        if (first < 0xe0 && at + 1 < text.Length)
        {
            code = (first & 0x1f) << 6 | text[at + 1] & 0x3f;
            length = 2;
        }
        else if (first < 0xf0 && at + 2 < text.Length)
        {
            code = (first & 0x0f) << 12 | (text[at + 1] & 0x3f) << 6 | text[at + 2] & 0x3f;
            length = 3;
        }
        else if (first >= 0xf0)
        {
            // Beyond the basic plane there is no term; a broken sequence at the end is passed over byte by byte.
            length = Math.Min(4, text.Length - at);
        }

        return _symbols[code];
    }
}
