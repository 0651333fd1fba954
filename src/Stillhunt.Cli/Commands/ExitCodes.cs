using System.CommandLine;
using Spectre.Console;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Cli.Commands;

/// <summary>What the process returns. Faults of input become one plain sentence on standard error.</summary>
internal static class ExitCodes
{
    public const int Done = 0, NoInput = 1, Usage = 2, Partly = 3, Interrupted = 130;

    public static int Of(ParseResult parsed)
    {
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) Error(error.Message);
            Error("Try: stillhunt " + (parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ") + "--help");
            return Usage;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException or InvalidOperationException or System.Text.Json.JsonException)
        {
            Error(fault.Message);
            return NoInput;
        }
        catch (OperationCanceledException)
        {
            Error("Interrupted; nothing was written.");
            return Interrupted;
        }
    }

    /// <summary>One line on standard error, free of control characters.</summary>
    public static void Error(string message) => Console.Error.WriteLine("stillhunt: " + OutputText.Terminal(message, 2000));

    public static IAnsiConsole StandardError { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
}
