using Spectre.Console;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Cli.Output;

/// <summary>Log text for the console: made visible, then a plain text object, so that neither the terminal nor Spectre's markup reads it.</summary>
internal static class Cells
{
    public static Text Plain(string? text, int limit = OutputText.SentenceLimit) => new(OutputText.Terminal(text, limit));

    public static Text Id(string? text) => new(OutputText.Terminal(text, OutputText.IdLimit), new Style(decoration: Decoration.Bold));

    public static Text Number(string figure) => new Text(figure).RightJustified();

    public static Text Soft(string? text, int limit = OutputText.SentenceLimit) => new(OutputText.Terminal(text, limit), new Style(Color.Grey));

    public static Text Heading(string text) => new(OutputText.Terminal(text), new Style(decoration: Decoration.Bold));

    public static void WriteLine(this IAnsiConsole console, Text text)
    {
        console.Write(text);
        console.WriteLine();
    }

    public static TableColumn Column(string name) => new(new Text(name, new Style(decoration: Decoration.Bold)));

    public static TableColumn NumberColumn(string name) => Column(name).RightAligned().NoWrap();
}
