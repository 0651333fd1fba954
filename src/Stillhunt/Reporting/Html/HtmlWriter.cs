using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Reporting.Html;

/// <summary>
/// Writes HTML in which only our own literals can be markup: everything in a hole of the interpolated string is encoded, and
/// there is no way to write a plain string. Attributes stand in double quotes. No hole may stand in an address, a style rule or an event.
/// </summary>
internal sealed class HtmlWriter(TextWriter to)
{
    /// <summary>Characters written so far, which the report's budget is kept by.</summary>
    public long Length { get; private set; }

    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "The handler writes into the instance that Write is called on.")]
    public void Write([InterpolatedStringHandlerArgument("")] Markup markup) => _ = markup;

    /// <summary>The stylesheet, the one text that is not encoded: it comes out of this assembly.</summary>
    public void WriteStyle()
    {
        using var css = typeof(HtmlWriter).Assembly.GetManifestResourceStream("report.css")
            ?? throw new InvalidOperationException("The stylesheet is not in the assembly.");
        using var reader = new StreamReader(css);
        Raw("<style>\n");
        Raw(reader.ReadToEnd());
        Raw("</style>\n");
    }

    private void Raw(string text)
    {
        Length += text.Length;
        to.Write(text);
    }

    [InterpolatedStringHandler]
    public readonly ref struct Markup
    {
        private readonly HtmlWriter _html;

        public Markup(int literalLength, int formattedCount, HtmlWriter html) => _html = html;

        public void AppendLiteral(string literal) => _html.Raw(literal);

        public void AppendFormatted(string? text) => _html.Raw(OutputText.Html(text));

        public void AppendFormatted(long number) => _html.Raw(number.ToString("N0", CultureInfo.InvariantCulture));

        /// <summary>A number for a place in a picture, so at most two decimals unless a format says otherwise.</summary>
        public void AppendFormatted(double number, string format = "0.##") => _html.Raw(number.ToString(format, CultureInfo.InvariantCulture));

    }
}
