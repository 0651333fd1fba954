using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Stillhunt.Cli.Files;

namespace Stillhunt.Cli.Commands;

/// <summary><c>--json [FILE]</c>: the machine-readable form, to standard output where no file is named.</summary>
internal sealed class JsonOption
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    private readonly FileOption<string?> _option;

    /// <param name="what">What it does, in words.</param>
    /// <param name="form">What a file may be overwritten.</param>
    public JsonOption(string what, OutputForm form) => _option = new FileOption<string?>("--json", FileUse.Written)
    {
        Form = form,
        Description = $"{what}; to standard output, and nothing else there, where no file, or -, is named.", HelpName = "FILE", Arity = ArgumentArity.ZeroOrOne,
    };

    public void AddTo(Command command) => command.Add(_option);

    /// <summary>Whether it was given, and the file that it names; null for standard output.</summary>
    public (bool Given, string? Path) Read(ParseResult parsed) => (parsed.GetResult(_option) is not null, parsed.GetValue(_option) is { } path and not "-" ? path : null);

    /// <summary>Writes the node if the option was given. True if standard output is taken by it.</summary>
    public bool Write(ParseResult parsed, Func<JsonNode> node)
    {
        if (WriteOut(parsed, node)) return true;
        if (Read(parsed).Path is { } path) OutputFile.Write(path, File(node));
        return false;
    }

    /// <summary>As <see cref="Write"/>, where a file is written by <see cref="OutputFile.WriteEach"/>, with others.</summary>
    public bool WriteOut(ParseResult parsed, Func<JsonNode> node)
    {
        if (Read(parsed) is not (true, null)) return false;
        Console.Out.Write(Text(node()));
        return true;
    }

    /// <summary>The node as the content of a file.</summary>
    public static Action<Stream> File(Func<JsonNode> node) => OutputFile.Text(to => to.Write(Text(node())));

    private static string Text(JsonNode node) => node.ToJsonString(Readable) + "\n";
}
