using System.CommandLine;

namespace Stillhunt.Cli.Files;

/// <summary>An option or argument that names files. <see cref="CommandFiles"/> looks at all of a command together, so whoever adds one needs to remember nothing.</summary>
internal interface IFileSymbol
{
    string Name { get; }

    FileUse Use { get; }

    /// <summary>What a file that is there already has to look like to be overwritten.</summary>
    OutputForm Form { get; }

    /// <summary>The files that this command line names, or the default.</summary>
    IEnumerable<string> Paths(ParseResult parsed);
}

/// <summary>An option that names files.</summary>
/// <typeparam name="T">A text or several.</typeparam>
internal sealed class FileOption<T>(string name, FileUse use) : Option<T>(name), IFileSymbol
{
    public FileUse Use => use;

    public OutputForm Form { get; init; } = OutputForm.NoLog;

    /// <summary>The file where the option is not given; null for none.</summary>
    public string? Otherwise { get; init; }

    public IEnumerable<string> Paths(ParseResult parsed) => FileValues.Of(parsed.GetValue(this), Otherwise);
}

/// <summary>An argument that names files.</summary>
/// <typeparam name="T">A text or several.</typeparam>
internal sealed class FileArgument<T>(string name, FileUse use) : Argument<T>(name), IFileSymbol
{
    public FileUse Use => use;

    public OutputForm Form { get; init; } = OutputForm.NoLog;

    public IEnumerable<string> Paths(ParseResult parsed) => FileValues.Of(parsed.GetValue(this), null);
}

internal static class FileValues
{
    public static IEnumerable<string> Of(object? value, string? otherwise) => value switch
    {
        string one => [one],
        IEnumerable<string> several => several,
        _ => otherwise is null ? [] : [otherwise],
    };
}
