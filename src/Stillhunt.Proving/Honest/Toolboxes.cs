using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Text;

namespace Stillhunt.Proving.Honest;

/// <summary>Tool sets: those that come with well-known clients, and those that somebody wrote.</summary>
internal static class Toolboxes
{
    private static readonly string[][] Common =
    [
        [Tool("bash", "command"), Tool("read", "path"), Tool("edit", "path"), Tool("grep", "pattern")],
        [Tool("shell", "cmd"), Tool("apply_patch", "patch"), Tool("view_image", "path")],
        [Tool("run_terminal", "line"), Tool("open_file", "file"), Tool("write_file", "file"), Tool("list_dir", "dir"), Tool("find_text", "query")],
        [Tool("computer", "action"), Tool("screenshot", "display"), Tool("bash", "command")],
        [Tool("web_search", "query"), Tool("fetch_page", "url"), Tool("note", "text")],
    ];

    public static string[] Popular(Dice dice) => Common[dice.Popular(Common.Length, 0.8)];

    public static string[] Own(Dice dice)
    {
        var text = new TextBuffer();
        var tools = new string[dice.Between(1, 6)];
        for (var i = 0; i < tools.Length; i++)
        {
            text.Clear();
            MadeCode.Identifier(text, dice);
            tools[i] = Tool(text.StringFrom(0), dice.Pick<string>(["id", "query", "body", "path", "from"]));
        }

        return tools;
    }

    // A tool stands in the traffic as its schema's JSON text.
    private static string Tool(string name, string argument) =>
        $$$"""{"name":"{{{name}}}","input_schema":{"type":"object","properties":{"{{{argument}}}":{"type":"string"}},"required":["{{{argument}}}"]}}""";
}
