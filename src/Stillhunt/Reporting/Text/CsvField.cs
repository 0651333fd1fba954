using System.Text;

namespace Stillhunt.Reporting.Text;

/// <summary>
/// Quotes a field and disarms formulas with an apostrophe, which spreadsheets take for "this is text". A formula can start the field, stand
/// behind blanks or quotes, or behind a separator inside the field: a spreadsheet set to semicolons splits there in spite of our quotes.
/// </summary>
internal static class CsvField
{
    public static string Of(string? text)
    {
        var shown = VisibleText.Of(text);
        // A tab or carriage return at the start is by now a visible \t or \r, which starts no formula.
        var field = new StringBuilder(shown.Length + 8).Append('"');
        var startsCell = true;
        foreach (var c in shown)
        {
            if (startsCell && StartsFormula(c))
                field.Append('\'');
            startsCell = IsSeparator(c) || (startsCell && IsSkipped(c));
            if (c == '"')
                field.Append('"');
            field.Append(c);
        }

        return field.Append('"').ToString();
    }

    /// <summary>Full-width forms and the minus sign count: some spreadsheets and input methods fold them.</summary>
    private static bool StartsFormula(char c) => c
        is '=' or '+' or '-' or '@' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20' or '\u2212' or '\uFE66' or '\uFE62' or '\uFE63' or '\uFE6B';

    private static bool IsSeparator(char c) => c is ',' or ';' or '|' or '\uFF0C' or '\uFF1B';

    private static bool IsSkipped(char c) => char.IsWhiteSpace(c) || c is '"' or '\'' or '\u2018' or '\u2019' or '\u201C' or '\u201D' or '\uFF02' or '\uFF07';
}
