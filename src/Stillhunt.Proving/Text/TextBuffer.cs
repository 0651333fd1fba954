using System.Globalization;

namespace Stillhunt.Proving.Text;

/// <summary>A growing run of characters that is reused for every exchange.</summary>
internal sealed class TextBuffer
{
    private char[] _chars = new char[16 * 1024];

    public int Length { get; private set; }

    public void Clear() => Length = 0;

    public void CutTo(int length) => Length = length;

    public ReadOnlySpan<char> Slice(int start, int length) => _chars.AsSpan(start, length);

    public ReadOnlySpan<char> From(int start) => _chars.AsSpan(start, Length - start);

    public Span<char> Editable(int start) => _chars.AsSpan(start, Length - start);

    public string StringFrom(int start) => new(_chars, start, Length - start);

    public char Last => Length == 0 ? '\0' : _chars[Length - 1];

    public void Append(ReadOnlySpan<char> text)
    {
        if (Length + text.Length > _chars.Length) Array.Resize(ref _chars, Math.Max(_chars.Length * 2, Length + text.Length));
        text.CopyTo(_chars.AsSpan(Length));
        Length += text.Length;
    }

    public void Append(char c)
    {
        if (Length == _chars.Length) Array.Resize(ref _chars, _chars.Length * 2);
        _chars[Length++] = c;
    }

    public void Append(long number)
    {
        Span<char> digits = stackalloc char[20];
        number.TryFormat(digits, out var count, provider: CultureInfo.InvariantCulture);
        Append(digits[..count]);
    }

    public void AppendHex(ulong value, int digits)
    {
        for (var i = digits - 1; i >= 0; i--) Append("0123456789abcdef"[(int)(value >> (4 * i)) & 15]);
    }

    /// <summary>A space, unless the text ends in white space or has not begun after <paramref name="start"/>.</summary>
    public void Space(int start)
    {
        if (Length > start && !char.IsWhiteSpace(Last)) Append(' ');
    }

    public void Capitalise(int start)
    {
        if (start < Length) _chars[start] = char.ToUpperInvariant(_chars[start]);
    }
}
