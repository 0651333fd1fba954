using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using System.Text.Json;
using System.Text.Unicode;

namespace Stillhunt.Cli.Commands;

/// <summary><c>--json [FILE]</c>: the machine-readable form, to standard output where no file is named.</summary>
internal sealed class JsonOption
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    private readonly Option<string?> _option;

    public JsonOption(string what) => _option = new Option<string?>("--json")
    {
        Description = $"{what}; to standard output, and nothing else there, where no file, or -, is named.", HelpName = "FILE", Arity = ArgumentArity.ZeroOrOne,
    };

    public void AddTo(Command command) => command.Add(_option);

    /// <summary>Whether it was given, and the file that it names; null for standard output.</summary>
    public (bool Given, string? Path) Read(ParseResult parsed) => (parsed.GetResult(_option) is not null, parsed.GetValue(_option) is { } path and not "-" ? path : null);

    /// <summary>Writes the node if the option was given. True if standard output is taken by it.</summary>
    public bool Write(ParseResult parsed, Func<JsonNode> node)
    {
        var (given, path) = Read(parsed);
        if (!given) return false;
        var text = node().ToJsonString(Readable) + "\n";
        if (path is null)
        {
            Console.Out.Write(text);
            return true;
        }

        OutputFile.WriteText(path, to => to.Write(text));
        return false;
    }
}
