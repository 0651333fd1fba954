using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using Stillhunt.Sketches;

namespace Stillhunt.Fingerprinting;

/// <summary>One word of a text: its hash after folding, where it stands, and its weight in a phrase.</summary>
/// <param name="Hash">Keyed hash of the folded word; every run of digits has one and the same.</param>
/// <param name="Start">First byte in the scanned text.</param>
/// <param name="End">One past the last byte.</param>
/// <param name="HalfWords">2 for a word of a script with spaces, 1 for a character of one without (Han, Kana, Thai, ...).</param>
internal readonly record struct Word(ulong Hash, int Start, int End, int HalfWords);

/// <summary>
/// Cuts UTF-8 text of any script into folded words: letters and marks are lower-cased, full-width forms become ASCII, a run of
/// digits becomes one sign, invisible characters vanish, and everything else separates. Scripts that are written without
/// spaces give one word a character. Invalid UTF-8 separates and is never an error.
/// </summary>
internal ref struct PhraseScanner
{
    /// <summary>Longer words are hashed by their first bytes: no language's words reach it, base64 does.</summary>
    private const int LongestWord = 48;

    private const byte Letter = 1, Digit = 2, Joiner = 3;

    private static readonly byte[] AsciiClasses = MakeAsciiClasses();

    private readonly ReadOnlySpan<byte> _text;
    private readonly KeyedHash _hash;
    private readonly Span<Word> _words;
    private readonly Span<byte> _folded;
    private ulong _chain;
    private int _count;
    private int _length;
    private int _start;
    private bool _digits;

    private PhraseScanner(ReadOnlySpan<byte> text, KeyedHash hash, Span<Word> words, Span<byte> folded)
    {
        _text = text;
        _hash = hash;
        _words = words;
        _folded = folded;
    }

    /// <summary>Writes at most <c>words.Length</c> words and returns how many.</summary>
    /// <param name="vectors">False takes every byte alone: the twin that a test holds the vectors to.</param>
    public static int Scan(ReadOnlySpan<byte> text, KeyedHash hash, Span<Word> words, bool vectors = true)
    {
        var chain = 0UL;
        return Scan(text, hash, words, ref chain, vectors);
    }

    /// <summary>As above.</summary>
    /// <param name="chain">The hash of all words in their order so far, which these words are added to; 0 before the first.</param>
    public static int Scan(ReadOnlySpan<byte> text, KeyedHash hash, Span<Word> words, ref ulong chain, bool vectors = true)
    {
        Span<byte> folded = stackalloc byte[LongestWord + 8];
        var scanner = new PhraseScanner(text, hash, words, folded) { _chain = chain };
        var count = scanner.Run(vectors);
        chain = scanner._chain;
        return count;
    }

    private int Run(bool vectors)
    {
        var i = 0;
        while (i < _text.Length && _count < _words.Length)
        {
            var b = _text[i];
            if (vectors && _length == 0 && AsciiClass(b) == Letter && TryWord(i, out var end))
            {
                i = end;
                // What separates this word from the next is mostly one space.
                if (i < _text.Length && _text[i] == (byte)' ') i++;
                continue;
            }

            if (b < 0x80)
            {
                Ascii(b, i);
                i++;
                continue;
            }

            var status = Rune.DecodeFromUtf8(_text[i..], out var rune, out var consumed);
            if (status == OperationStatus.Done) Beyond(rune, i, consumed);
            else Flush();
            i += Math.Max(1, consumed);
        }

        Flush();
        return _count;
    }

    private static byte AsciiClass(byte b) => b < 0x80 ? AsciiClasses[b] : (byte)0;

    /// <summary>
    /// A whole word of at most fifteen ASCII letters at once: its letters are found, folded and hashed as one vector. False where what follows could belong to the word
    /// (an apostrophe, a byte beyond ASCII) or where the text ends too soon: then byte by byte.
    /// </summary>
    private bool TryWord(int start, out int end)
    {
        end = start;
        var length = AsciiWord.Load(_text, start, out var folded);
        if (length is 0 or > AsciiWord.Longest) return false;
        if (start + length < _text.Length)
        {
            var next = _text[start + length];
            if (next >= 0x80 || next == (byte)'\'') return false;
        }

        var halves = folded.AsUInt64();
        end = start + length;
        Add(new Word(_hash.OfShort(halves.GetElement(0), halves.GetElement(1), length), start, end, 2));
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(Word word)
    {
        _words[_count++] = word;
        _chain = _hash.Of(_chain, word.Hash);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Ascii(byte b, int at)
    {
        switch (AsciiClasses[b])
        {
            case Letter:
                if (_digits) Flush();
                if (_length == 0) _start = at;
                if (_length < LongestWord) _folded[_length++] = (byte)(b | 0x20);
                break;
            case Digit:
                OneDigit(at);
                break;
            case Joiner when _length > 0 && !_digits:
                break; // don't and dont are one word
            default:
                Flush();
                break;
        }

        _end = at + 1;
    }

    private int _end;

    private void Beyond(Rune rune, int at, int consumed)
    {
        if (rune.Value is >= 0xFF01 and <= 0xFF5E)
        {
            Ascii((byte)(rune.Value - 0xFEE0), at);
        }
        else if (IsUnspaced(rune.Value))
        {
            Flush();
            if (_count < _words.Length) Add(new Word(_hash.Of((ulong)rune.Value, 1), at, at + consumed, 1));
        }
        else if (Rune.IsDigit(rune))
        {
            OneDigit(at);
        }
        else if (Rune.IsLetter(rune) || IsMark(rune))
        {
            if (_digits) Flush();
            if (_length == 0) _start = at;
            if (_length + 4 <= LongestWord) _length += Rune.ToLowerInvariant(rune).EncodeToUtf8(_folded[_length..]);
        }
        else if (!IsInvisible(rune.Value))
        {
            Flush();
        }

        _end = at + consumed;
    }

    private void OneDigit(int at)
    {
        if (_digits) return;
        Flush();
        _digits = true;
        _start = at;
        _folded[0] = (byte)'0';
        _length = 1;
    }

    private void Flush()
    {
        if (_length > 0 && _count < _words.Length)
            Add(new Word(_hash.Of(_folded[.._length]), _start, _end, 2));
        _length = 0;
        _digits = false;
    }

    private static byte[] MakeAsciiClasses()
    {
        var classes = new byte[128];
        for (var c = 'a'; c <= 'z'; c++) classes[c] = classes[c - 32] = Letter;
        for (var c = '0'; c <= '9'; c++) classes[c] = Digit;
        classes['\''] = Joiner;
        return classes;
    }

    private static bool IsUnspaced(int c) =>
        c is >= 0x4E00 and <= 0x9FFF or >= 0x3041 and <= 0x30FF or >= 0x3400 and <= 0x4DBF or >= 0x0E01 and <= 0x0E5B
            or >= 0x1780 and <= 0x17FF or >= 0x0E80 and <= 0x0EFF or >= 0x1000 and <= 0x109F or >= 0x20000 and <= 0x3FFFF;

    private static bool IsInvisible(int c) => c is 0xAD or >= 0x200B and <= 0x200F or 0x2060 or 0xFEFF or >= 0xFE00 and <= 0xFE0F;

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
