using System.Buffers;
using System.Text;

namespace Stillhunt.Reporting.Text;

/// <summary>
/// The one door for log text on its way out: an encoder per kind of output. Ids, labels, skeletons and evidence sentences are
/// all written by strangers (DESIGN.md, law 8). Each first makes the invisible visible, then takes away the syntax of its target.
/// </summary>
public static class OutputText
{
    /// <summary>Longer ids and labels are cut where a person reads them; CSV and JSON hold them whole.</summary>
    public const int IdLimit = 96;

    /// <summary>Sentences and skeletons are cut after this many characters where a person reads them.</summary>
    public const int SentenceLimit = 2_000;

    private static readonly SearchValues<char> HtmlSyntax = SearchValues.Create("&<>\"'`");

    /// <summary>For HTML text and for attribute values in either kind of quotes.</summary>
    public static string Html(string? text, int limit = SentenceLimit)
    {
        var shown = VisibleText.Of(text, limit, keepLines: true);
        if (shown.AsSpan().IndexOfAny(HtmlSyntax) < 0)
            return shown;

        var encoded = new StringBuilder(shown.Length + 32);
        foreach (var c in shown)
        {
            _ = c switch
            {
                '&' => encoded.Append("&amp;"),
                '<' => encoded.Append("&lt;"),
                '>' => encoded.Append("&gt;"),
                '"' => encoded.Append("&quot;"),
                '\'' => encoded.Append("&#39;"),
                // Some readers took it for a quote of attributes.
                '`' => encoded.Append("&#96;"),
                _ => encoded.Append(c),
            };
        }

        return encoded.ToString();
    }

    /// <summary>One line without any control, escape sequence or reordering. Not markup-safe: hand it to a plain text object.</summary>
    public static string Terminal(string? text, int limit = SentenceLimit) => VisibleText.Of(text, limit);

    /// <summary>One quoted CSV field (RFC 4180) that no spreadsheet takes for a formula, whole.</summary>
    public static string Csv(string? text) => CsvField.Of(text);

    /// <summary>A sentence in Markdown: no markup, link, HTML, table cell, mention or issue reference comes out of it.</summary>
    public static string Markdown(string? text, int limit = SentenceLimit) => MarkdownText.Prose(VisibleText.Of(text, limit));

    /// <summary>An id in Markdown, as a code span.</summary>
    public static string MarkdownCode(string? text, int limit = IdLimit) => MarkdownText.Code(VisibleText.Of(text, limit));
}
