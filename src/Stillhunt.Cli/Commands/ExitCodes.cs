using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using Stillhunt.Cli.Files;
using Stillhunt.Proving;
using Stillhunt.Reporting.Text;
using Stillhunt.Server;

namespace Stillhunt.Cli.Commands;

/// <summary>What the process returns. Faults of input become one plain sentence on standard error.</summary>
internal static partial class ExitCodes
{
    public const int Done = 0, NoInput = 1, Usage = 2, Partly = 3, Interrupted = 130;

    public const string Meaning =
        """
        Exit codes:
          0    done
          1    the input could not be used: nothing was scanned, a file could not be read or written, or nothing has that id
          2    the command line, a mapping file or a scenario is wrong
          3    done, but some files or shards were missing, or could not be read to their end; or a server did not take all objects
          130  interrupted
        """;

    /// <param name="arguments">What was parsed.</param>
    public static int Of(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        // First: the parser's own sentence about an empty text says less.
        if ((EmptyValues.Of(parsed, arguments) is { Count: > 0 } empty ? empty : [.. parsed.Errors.Select(error => Plainly(error.Message))]) is { Count: > 0 } faults)
        {
            foreach (var fault in faults) Error(fault);
            Error($"Try: stillhunt {PathOf(parsed.CommandResult)}--help");
            return Usage;
        }

        try
        {
            // Not where help is asked for.
            if (parsed.Action is { } action && action == parsed.CommandResult.Command.Action) CommandFiles.Check(parsed);
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception fault) when (fault is UsageException or RangeUsageException or ServeRefusedException)
        {
            Error(fault.Message);
            return Usage;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException or InvalidOperationException or FormatException or JsonException)
        {
            Error(fault.Message);
            return NoInput;
        }
        catch (OperationCanceledException)
        {
            Error("Interrupted; no result was written.");
            return Interrupted;
        }
    }

    /// <summary>The parser's sentence without the framework's names of types.</summary>
    private static string Plainly(string message) => TypeName().Replace(message, match => match.Groups[1].Value is "Double" or "Single" or "Decimal" ? "a number" : "a whole number");

    [GeneratedRegex(@"expected type 'System\.(Int16|Int32|Int64|UInt16|UInt32|UInt64|Double|Single|Decimal)'")]
    private static partial Regex TypeName();

    /// <summary>One line on standard error, free of control characters.</summary>
    public static void Error(string message) => Console.Error.WriteLine("stillhunt: " + OutputText.Terminal(message, 2000));

    private static string PathOf(System.CommandLine.Parsing.CommandResult command) =>
        command.Parent is System.CommandLine.Parsing.CommandResult parent ? $"{PathOf(parent)}{command.Command.Name} " : "";
}
