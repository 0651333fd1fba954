using Spectre.Console;

namespace Stillhunt.Tests.Reporting;

/// <summary>A console of a given width that writes to a string.</summary>
internal static class Consoles
{
    public static string Print(int width, Action<IAnsiConsole> print, bool colours = false)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        print(console);
        return writer.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
