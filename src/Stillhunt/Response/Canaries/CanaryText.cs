using System.Buffers;
using System.Text;

namespace Stillhunt.Response.Canaries;

/// <summary>
/// Reads one text of an answer as it comes, as it stands between the quotes of a JSON string, finds the places where a pair can stand, and writes the form that is chosen; every other byte goes out as it came.
/// It holds back no more than a form and the word behind it. Where the text is cut into pieces makes no difference, and a text that was read once and is read again gives the same places.
/// </summary>
/// <remarks>
/// Only sentences of plain prose are touched (<see cref="ProseState"/> says which), none of the first <see cref="LeastWordsInText"/> words, and never two places side by side: so every word beside a place
/// is the model's own, whatever was chosen before.
/// </remarks>
internal sealed class CanaryText(CanaryChoice choose)
{
    /// <summary>Short answers (labels, values, one sentence) stay as they are. This decision's own choice: some 200 characters.</summary>
    public const int LeastWordsInText = 40;

    /// <summary>Words of the same line before a pair within a sentence: verse, labels and entries of lists stay as they are. This decision's own choice.</summary>
    public const int LeastWordsInLine = 6;

    /// <summary>No English word is longer; what is, is cut, so that nothing is held back without end.</summary>
    private const int MostWordUnits = 64;

    private readonly ProseState _prose = new();
    private byte[] _held = new byte[256];
    private int _length;
    private long _textWords;

    /// <summary>The word before, as the model wrote it; null behind a place.</summary>
    private string? _previous;


    private enum Found { None, Place, Unknown }

    /// <summary>Whether anything waits for what comes behind it.</summary>
    public bool Holds => _length > 0;

    /// <summary>The whole text at once.</summary>
    public static byte[] Whole(CanaryText text, ReadOnlySpan<byte> raw)
    {
        var to = new ArrayBufferWriter<byte>(raw.Length + 16);
        text.Push(raw, to);
        text.End(to);
        return to.WrittenSpan.ToArray();
    }

    /// <param name="raw">Whole characters and whole escapes, as every JSON string has them.</param>
    public void Push(ReadOnlySpan<byte> raw, IBufferWriter<byte> to)
    {
        if (_length + raw.Length > _held.Length) Array.Resize(ref _held, Math.Max(_held.Length * 2, _length + raw.Length));
        raw.CopyTo(_held.AsSpan(_length));
        _length += raw.Length;
        Read(to, isEnd: false);
    }

    /// <summary>The text ended: what is held back goes out.</summary>
    public void End(IBufferWriter<byte> to) => Read(to, isEnd: true);

    private void Read(IBufferWriter<byte> to, bool isEnd)
    {
        var text = _held.AsSpan(0, _length);
        var (at, from) = (0, 0);
        while (at < text.Length)
        {
            var unit = JsonUnit.At(text, at);
            if (unit.IsLetter)
            {
                var end = WordEnd(text, at, isEnd, out var isWhole);
                if (!isWhole) break;
                _prose.BeginWord(text[at]);
                var found = Place(text, at, end, isEnd, out var place, out var behind);
                if (found == Found.Unknown) break;
                _textWords++;
                if (found == Found.Place)
                {
                    var which = choose(place);
                    if (which != place.Which)
                    {
                        to.Write(text[from..at]);
                        to.Write(place.Pair.Form(which));
                        from = behind;
                    }

                    at = behind;
                    _previous = null;
                }
                else
                {
                    _previous = Word(text[at..end]);
                    at = end;
                }

                _prose.EndWord();
            }
            else
            {
                var run = 1;
                if (_prose.MayFence(unit.Code))
                {
                    // A run of backticks at the start of a line may be a fence, and is known when it ends.
                    var end = at + unit.Length;
                    while (end < text.Length && text[end] == text[at]) end++;
                    if (end == text.Length && !isEnd) break;
                    run = end - at;
                }

                _prose.Take(unit.Code, run);
                at += run > 1 ? run : unit.Length;
            }
        }

        to.Write(text[from..at]);
        text[at..].CopyTo(_held);
        _length -= at;
    }

    private Found Place(ReadOnlySpan<byte> text, int at, int wordEnd, bool isEnd, out CanaryOpportunity place, out int behind)
    {
        place = default;
        behind = wordEnd;
        if (!_prose.IsPlain || _textWords < LeastWordsInText || !CanaryTable.ByFirstWord.TryGetValue(Word(text[at..wordEnd]), out var forms)) return Found.None;
        foreach (var (pair, which, form) in forms)
        {
            if (!(pair.Opens ? _prose.IsSentenceStart : _previous is not null && _prose.IsAfterSpace && _prose.LineWords >= LeastWordsInLine)) continue;
            var rest = text[at..];
            if (rest.Length < form.Length)
            {
                if (!isEnd && form.AsSpan().StartsWith(rest)) return Found.Unknown;
                continue;
            }

            if (!rest.StartsWith(form)) continue;
            behind = at + form.Length;
            var follows = Follows(text, behind, pair.Opens, isEnd, out var next, out var passageEnd);
            if (follows == Found.Unknown) return Found.Unknown;
            if (follows == Found.None || (_previous is not null && pair.NotAfter.Contains(_previous)) || pair.NotBefore.Contains(next) || (pair.OnlyAfter.Length > 0 && !pair.OnlyAfter.Contains(_previous))) continue;
            byte[] passage = pair.Opens ? text[at..passageEnd].ToArray() : [.. Encoding.UTF8.GetBytes(_previous!), (byte)' ', .. text[at..passageEnd]];
            place = new CanaryOpportunity { Pair = pair, Which = which, Context = pair.Opens ? next : _previous!, Passage = passage };
            return Found.Place;
        }

        return Found.None;
    }

    /// <summary>What has to stand behind a form: the end of a sentence or clause, or one space and a word or number; behind one that opens a sentence a comma, a space and a word in lower case.</summary>
    private static Found Follows(ReadOnlySpan<byte> text, int at, bool opens, bool isEnd, out string next, out int passageEnd)
    {
        next = "";
        passageEnd = at;
        var unknown = isEnd ? Found.None : Found.Unknown;
        if (opens)
        {
            if (at >= text.Length) return unknown;
            if (text[at] != (byte)',') return Found.None;
            at++;
        }
        else if (at < text.Length && text[at] is (byte)'.' or (byte)',' or (byte)';' or (byte)':' or (byte)'!' or (byte)'?' or (byte)')')
        {
            passageEnd = at + 1;
            if (passageEnd == text.Length) return isEnd ? Found.Place : Found.Unknown;
            return JsonUnit.At(text, passageEnd).Code is ' ' or '\n' or '\r' or '*' or '.' or ')' ? Found.Place : Found.None;
        }

        if (at + 1 >= text.Length && (at >= text.Length || text[at] == (byte)' ')) return unknown;
        if (text[at] != (byte)' ') return Found.None;
        var begin = at + 1;
        if (!opens && char.IsAsciiDigit((char)text[begin])) return Found.Place;
        if (!JsonUnit.At(text, begin).IsLetter || (opens && !char.IsAsciiLetterLower((char)text[begin]))) return Found.None;
        passageEnd = WordEnd(text, begin, isEnd, out var isWhole);
        if (!isWhole) return Found.Unknown;
        next = Word(text[begin..passageEnd]);
        return Found.Place;
    }

    /// <summary>Letters, with apostrophes and hyphens between them.</summary>
    private static int WordEnd(ReadOnlySpan<byte> text, int at, bool isEnd, out bool isWhole)
    {
        for (var units = 0; at < text.Length && units < MostWordUnits; units++)
        {
            var unit = JsonUnit.At(text, at);
            if (!unit.IsLetter)
            {
                var joins = unit.Code is '\'' or '\u2019' or '-';
                if (joins && at + unit.Length == text.Length && !isEnd) break;
                isWhole = true;
                if (!joins || at + unit.Length >= text.Length || !JsonUnit.At(text, at + unit.Length).IsLetter) return at;
            }

            at += unit.Length;
            if (units == MostWordUnits - 1)
            {
                isWhole = true;
                return at;
            }
        }

        isWhole = isEnd;
        return at;
    }

    /// <summary>In lower case, with straight apostrophes.</summary>
    private static string Word(ReadOnlySpan<byte> raw)
    {
        var plain = new StringBuilder(raw.Length);
        for (var at = 0; at < raw.Length;)
        {
            var unit = JsonUnit.At(raw, at);
            plain.Append(unit.Code == '\u2019' ? '\'' : (char)(unit.IsLetter ? unit.Code | 0x20 : unit.Code));
            at += unit.Length;
        }

        return plain.ToString();
    }
}
