using System.Text;

namespace Stillhunt.Reporting.Text;

/// <summary>Takes the syntax of CommonMark, of GitHub's dialect and of ticket systems out of text that is already on one line.</summary>
internal static class MarkdownText
{
    /// <summary>
    /// Every ASCII punctuation mark can be escaped with a backslash. That does not stop what dialects find in finished text (bare
    /// addresses, mail, mentions, issue numbers), so those are defanged with brackets, as analysts do.
    /// </summary>
    public static string Prose(string line)
    {
        var prose = new StringBuilder(line.Length + 32);
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (IsDefanged(line, i))
                prose.Append("\\[\\").Append(c).Append("\\]");
            else if (char.IsAscii(c) && (char.IsPunctuation(c) || char.IsSymbol(c)) && !IsHarmless(line, i))
                prose.Append('\\').Append(c);
            else
                prose.Append(c);
        }

        return prose.ToString();
    }

    /// <summary>A code span of one backtick; the two characters that could end it or its table cell are shown as escapes.</summary>
    public static string Code(string line)
    {
        if (line.Length == 0)
            return "*(empty)*";
        var inside = line.Replace("`", "\\u{60}", StringComparison.Ordinal).Replace("|", "\\u{7C}", StringComparison.Ordinal);
        // A renderer takes one blank away from both ends.
        var padding = inside[0] == ' ' || inside[^1] == ' ' ? " " : "";
        return $"`{padding}{inside}{padding}`";
    }

    private static bool IsDefanged(string line, int i) => line[i] switch
    {
        '@' => true,
        '#' or '!' => i + 1 < line.Length && char.IsAsciiDigit(line[i + 1]),
        ':' => IsScheme(line, i),
        '.' => i >= 3 && line.AsSpan(i - 3, 3).Equals("www", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    /// <summary>A colon that joins letters to something: <c>https://</c>, <c>javascript:alert</c>, <c>mailto:x</c>.</summary>
    private static bool IsScheme(string line, int i) =>
        i > 0 && char.IsAsciiLetterOrDigit(line[i - 1]) && i + 1 < line.Length && !char.IsWhiteSpace(line[i + 1]) && !IsClock(line, i) && !IsTrafficLight(line, i);

    /// <summary>Two digits, a colon, two digits, and no word around them: a scheme begins with a letter.</summary>
    private static bool IsClock(string line, int i) =>
        i >= 2 && i + 2 < line.Length && char.IsAsciiDigit(line[i - 1]) && char.IsAsciiDigit(line[i - 2]) && char.IsAsciiDigit(line[i + 1]) && char.IsAsciiDigit(line[i + 2])
        && (i == 2 || line[i - 3] is ' ' or ':') && (i + 3 == line.Length || line[i + 3] is ' ' or ':' or '.' or ',');

    /// <summary>The name of a marking, such as TLP:AMBER.</summary>
    private static bool IsTrafficLight(string line, int i) => i + 1 < line.Length && char.IsAsciiLetterUpper(line[i + 1]) && line.AsSpan(0, i).EndsWith("TLP") && (i == 3 || line[i - 4] == ' ');

    /// <summary>Ordinary marks of a sentence, in the places where sentences have them, stay readable in the source: none opens anything there.</summary>
    private static bool IsHarmless(string line, int i) => line[i] switch
    {
        ',' or ';' or '\'' or '%' or '?' or '/' => i > 0,
        '.' => !CouldNumberAnItem(line, i),
        ')' => i > 0 && char.IsLetterOrDigit(line[i - 1]) && !CouldNumberAnItem(line, i),
        '(' => i > 0 && line[i - 1] == ' ' && i + 1 < line.Length && char.IsLetterOrDigit(line[i + 1]),
        '-' => i > 0 && char.IsLetterOrDigit(line[i - 1]) && i + 1 < line.Length && char.IsLetterOrDigit(line[i + 1]),
        ':' => i > 0 && i + 1 < line.Length && (char.IsWhiteSpace(line[i + 1]) || IsClock(line, i) || IsTrafficLight(line, i)),
        _ => false,
    };

    /// <summary>Nothing but digits before it: "1." and "1)" begin a list.</summary>
    private static bool CouldNumberAnItem(string line, int i) => !line.AsSpan(0, i).TrimStart().ContainsAnyExceptInRange('0', '9');
}
