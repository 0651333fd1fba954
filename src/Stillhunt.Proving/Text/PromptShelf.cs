using System.Globalization;
using System.Text.Json;

namespace Stillhunt.Proving.Text;

/// <summary>
/// Real prompts from a folder of JSONL that the user names. Sets of attack templates (a folder or file name that begins with
/// "tpl"), traces, infrastructure lists and labelled traffic are left out: what is here serves honest people and work items alike.
/// </summary>
internal sealed class PromptShelf
{
    private const int ShortestPrompt = 16;
    private const int LongestPrompt = 3000;
    private const int MostPrompts = 60_000;
    private static readonly string[] Left = ["tpl", "trace", "infra", "other_author"];
    private static readonly string[] Fields = ["prompt", "text", "content"];

    /// <summary>What is taken of a folder.</summary>
    public static string Usable { get; } = string.Create(CultureInfo.InvariantCulture,
        $"what is taken are files *.jsonl with {string.Join(", ", Fields)} of {ShortestPrompt} to {LongestPrompt} characters, without files and folders whose name begins with {string.Join(", ", Left)}.");

    public string[] Prompts { get; }

    private PromptShelf(string[] prompts) => Prompts = prompts;

    public static PromptShelf Read(string? folder)
    {
        if (folder is null) return new PromptShelf([]);
        var prompts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var prompt in In(folder))
        {
            if (prompts.Count >= MostPrompts) break;
            prompts.Add(prompt);
        }

        return new PromptShelf([.. prompts.Order(StringComparer.Ordinal)]);
    }

    /// <summary>Whether there is any at all; stops at the first.</summary>
    public static bool HoldsAny(string folder) => In(folder).Any();

    private static IEnumerable<string> In(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var names = Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar);
            if (names.Any(n => Left.Any(l => n.StartsWith(l, StringComparison.OrdinalIgnoreCase)))) continue;
            foreach (var line in File.ReadLines(file))
            {
                if (PromptOf(line) is { Length: >= ShortestPrompt and <= LongestPrompt } prompt) yield return prompt;
            }
        }
    }

    // A folder that the user names may hold anything; a line that is no prompt is no fault.
    private static string? PromptOf(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return null;
            foreach (var field in Fields)
            {
                if (json.RootElement.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String)
                    return value.GetString()?.Trim();
            }

            return null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The second where a text holds half a character, as collected prompts do.
            return null;
        }
    }
}
