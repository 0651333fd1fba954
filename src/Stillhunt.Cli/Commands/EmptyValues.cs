using System.CommandLine;
using System.CommandLine.Parsing;

namespace Stillhunt.Cli.Commands;

/// <summary>An empty text is no file, no name and no number. It is what a variable of the shell leaves that was never set.</summary>
internal static class EmptyValues
{
    private const string WasEmpty = ", and what was given is empty. Was a variable of the shell not set?";

    /// <summary>A sentence for each option or argument that was given one.</summary>
    /// <param name="arguments">As they were given: of <c>--json=</c> the parser keeps no empty text.</param>
    public static IReadOnlyList<string> Of(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        var found = new List<string>();
        for (var at = parsed.CommandResult; at is not null; at = at.Parent as CommandResult)
        {
            // A command's tokens are those of its arguments.
            foreach (var given in at.Children.Where(child => child is not CommandResult && child.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value))))
                found.Add($"{Name(given)}{WasEmpty}");
            found.AddRange(at.Command.Options.Where(option => arguments.Contains(option.Name + "=")).Select(option => $"{Name(option)}{WasEmpty}"));
        }

        return found;
    }

    private static string Name(Option option) => $"{option.Name} takes {option.HelpName ?? "a value"}";

    private static string Name(SymbolResult given) => given is OptionResult option
        ? Name(option.Option)
        : $"The command takes {((ArgumentResult)given).Argument.Name}";
}
