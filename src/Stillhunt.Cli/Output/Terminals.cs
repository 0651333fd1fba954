using System.Globalization;
using Spectre.Console;

namespace Stillhunt.Cli.Output;

/// <summary>Standard output and standard error as consoles. Colours and movement only where a person looks on: a file or a pipe gets plain text.</summary>
internal static class Terminals
{
    /// <summary>Columns where there is no terminal to ask, and COLUMNS says nothing: room for the reasons beside the figures.</summary>
    private const int RedirectedWidth = 140;

    private static IAnsiConsole? _output, _error;

    public static IAnsiConsole Output => _output ??= Make(Console.Out, Console.IsOutputRedirected);

    public static IAnsiConsole Error => _error ??= Make(Console.Error, Console.IsErrorRedirected);

    private static IAnsiConsole Make(TextWriter to, bool redirected)
    {
        var plain = redirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(to),
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected)
            console.Profile.Width = int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var width) && width is >= 40 and <= 1000 ? width : RedirectedWidth;
        return console;
    }
}
