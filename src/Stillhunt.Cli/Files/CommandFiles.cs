using System.CommandLine;
using System.CommandLine.Parsing;
using Stillhunt.Cli.Commands;
using Stillhunt.Ingest;
using Stillhunt.Server;

namespace Stillhunt.Cli.Files;

/// <summary>
/// All files that a command line reads and writes, looked at together before any work: what is written must be nothing that is read and nothing else that is written, must be possible to write, and overwrites no file of another kind.
/// </summary>
internal static class CommandFiles
{
    /// <exception cref="UsageException">With what to do instead.</exception>
    public static void Check(ParseResult parsed)
    {
        var symbols = new List<IFileSymbol>();
        for (var at = parsed.CommandResult; at is not null; at = at.Parent as CommandResult) symbols.AddRange(at.Command.Options.OfType<IFileSymbol>().Concat(at.Command.Arguments.OfType<IFileSymbol>()));
        var written = symbols.Where(IsWritten).SelectMany(symbol => symbol.Paths(parsed).Where(path => path != LogFile.StandardInput).Select(path => (Symbol: symbol, Path: path, Real: RealPath.Of(path)))).ToList();
        foreach (var (symbol, path, _) in written)
        {
            if (path.StartsWith("--", StringComparison.Ordinal)) throw new UsageException($"{path} is no option of this command, and {symbol.Name} would write to a file of that name; if that is meant, name it ./{path}.");
            if (symbol.Use == FileUse.Kept && FileKind.IsSpecial(path)) throw new UsageException($"{symbol.Name} {path} is a pipe or a device, and what is written there is read again; name a file.");
            OutputFile.Check(path, symbol.Name, symbol.Form);
        }

        var regular = written.Where(output => !OutputFile.IsDevice(output.Path)).ToList();
        if (regular.Count == 0) return;

        var outputs = new Dictionary<string, (IFileSymbol Symbol, string Path)>(StringComparer.Ordinal);
        foreach (var (symbol, path, real) in regular)
        {
            if (!outputs.TryAdd(real, (symbol, path)))
                throw new UsageException($"{outputs[real].Symbol.Name} {outputs[real].Path} and {symbol.Name} {path} name one file, and one would overwrite the other.");
        }

        foreach (var symbol in symbols.Where(symbol => !IsWritten(symbol)))
        {
            foreach (var path in Read(symbol, parsed))
            {
                if (!outputs.TryGetValue(RealPath.Of(path), out var output) || (symbol.Use == FileUse.ReadFirst && output.Symbol.Use == FileUse.Written)) continue;
                throw new UsageException($"{output.Symbol.Name} {output.Path} names a file that is read{(path == output.Path ? "" : $", {path}")}, and would overwrite it.");
            }
        }
    }

    private static bool IsWritten(IFileSymbol symbol) => symbol.Use is FileUse.Written or FileUse.Kept;

    private static IEnumerable<string> Read(IFileSymbol symbol, ParseResult parsed)
    {
        foreach (var named in symbol.Paths(parsed))
        {
            if (named == LogFile.StandardInput)
            {
                // Where the shell opened a file for it, the link leads there.
                yield return "/dev/stdin";
            }
            else if (symbol.Use is FileUse.Logs or FileUse.Sources)
            {
                var input = symbol.Use == FileUse.Logs ? new LogInput(named) : LogFiles.ParseSource(named);
                if (input is null) continue;
                foreach (var file in LogFiles.Find([input], withCsv: true).Files) yield return file.Path;
            }
            else if (Directory.Exists(named))
            {
                foreach (var file in Directory.EnumerateFiles(named, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })) yield return file;
            }
            else
            {
                yield return named;
            }
        }
    }
}
