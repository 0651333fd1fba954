namespace Stillhunt.Response.Canaries;

/// <summary>
/// Where in a text its reader is, as far as it matters to whether this is plain prose. In doubt it is not: code, quotations, JSON, markup, formulas, tables, headings, links and lines that don't begin like a
/// sentence are left alone, a quotation or bracket for the whole paragraph that it stands in.
/// </summary>
internal sealed class ProseState
{
    /// <summary>Lines indented so far are code in Markdown.</summary>
    private const int CodeIndent = 4;

    private const int LeastFence = 3;

    private int _fence, _fenceLength, _indent;
    private bool _isStructured, _begun, _isLineStart = true, _isLineSpoiled, _isLineBlank = true, _isParagraphSpoiled, _isQuoteOpen, _isAfterWord, _endedSentence;

    /// <summary>Words of this line so far; a place counts as one.</summary>
    public int LineWords { get; private set; }

    public bool IsPlain => !_isStructured && _fence == 0 && !_isLineSpoiled && !_isParagraphSpoiled;

    /// <summary>At the start of a line, or one space behind the end of a sentence.</summary>
    public bool IsSentenceStart { get; private set; } = true;

    /// <summary>One space behind a word.</summary>
    public bool IsAfterSpace { get; private set; }

    /// <summary>Whether a run of this character may begin or end a block of code.</summary>
    public bool MayFence(int code) => _isLineStart && code is '`' or '~';

    public void BeginWord(byte letter)
    {
        Begin(letter);
        if (!_isLineStart) return;
        _isLineStart = false;
        // Wrapped lines, keys, commands and code begin with a small letter.
        if (!char.IsAsciiLetterUpper((char)letter)) _isLineSpoiled = true;
    }

    public void EndWord()
    {
        LineWords++;
        (_isAfterWord, IsAfterSpace, IsSentenceStart, _endedSentence, _isLineBlank) = (true, false, false, false, false);
    }

    /// <param name="run">How often the character stands there; more than one only where <see cref="MayFence"/>.</param>
    public void Take(int code, int run)
    {
        Begin(code);
        if (code == '\n')
        {
            EndLine();
            return;
        }

        if (code == '\r') return;
        if (MayFence(code) && run >= LeastFence)
        {
            if (_fence == 0) (_fence, _fenceLength) = (code, run);
            else if (_fence == code && run >= _fenceLength) _fence = 0;
        }

        if (code != ' ' && code != '\t') _isLineBlank = false;
        if (_fence == 0) Spoil(code);
        if (_isLineStart) LineStart(code);
        IsAfterSpace = code == ' ' && _isAfterWord;
        IsSentenceStart = (_isLineStart && !_isLineSpoiled) || (code == ' ' && _endedSentence);
        _endedSentence = code is '.' or '!' or '?';
        _isAfterWord = false;
    }

    /// <summary>An answer that begins like JSON or markup is for a program.</summary>
    private void Begin(int code)
    {
        if (_begun || code is ' ' or '\n' or '\r' or '\t') return;
        _begun = true;
        _isStructured = code is '{' or '[' or '<';
    }

    /// <summary>Markers of lists may stand before a line's first word, and a few spaces.</summary>
    private void LineStart(int code)
    {
        if (code == ' ') _isLineSpoiled |= ++_indent >= CodeIndent;
        else if (code is not ('-' or '*' or '+' or '\u2022' or '.' or ')' or '(') && code is not (>= '0' and <= '9')) (_isLineSpoiled, _isLineStart) = (true, false);
    }

    private void Spoil(int code)
    {
        switch (code)
        {
            case '"':
                _isQuoteOpen = !_isQuoteOpen;
                _isParagraphSpoiled = true;
                break;
            case '\u201C' or '\u201E' or '\u00AB':
                (_isQuoteOpen, _isParagraphSpoiled) = (true, true);
                break;
            case '\u201D' or '\u00BB':
                (_isQuoteOpen, _isParagraphSpoiled) = (false, true);
                break;
            case '{' or '}' or '[' or ']' or '$' or '\\':
                _isParagraphSpoiled = true;
                break;
            // Dashes, dots, apostrophes and letters of European languages are prose; any other sign is not.
            case '`' or '<' or '>' or '|' or '=' or '~' or '^' or '#' or '_' or '@' or '\'' or '\u2018' or '\t':
            case > 0x7F and not (0x2013 or 0x2014 or 0x2019 or 0x2026 or 0x2022 or (>= 0xC0 and <= 0x24F)):
                _isLineSpoiled = true;
                break;
            default:
                break;
        }
    }

    private void EndLine()
    {
        if (_isLineBlank && !_isQuoteOpen) _isParagraphSpoiled = false;
        (_isLineStart, _isLineSpoiled, _isLineBlank, _indent, LineWords) = (true, false, true, 0, 0);
        (_isAfterWord, IsAfterSpace, IsSentenceStart, _endedSentence) = (false, false, true, false);
    }
}
