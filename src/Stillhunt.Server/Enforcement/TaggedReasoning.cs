using System.Text;
using System.Text.RegularExpressions;

namespace Stillhunt.Server.Enforcement;

/// <summary>
/// Reasoning that a model wrote into its answer between tags, as open models do. It is all that can be withheld where a gateway hands over texts alone; reasoning in fields
/// of its own is not among them.
/// </summary>
internal static partial class TaggedReasoning
{
    private const string Names = "(?:think|thinking|thought|thoughts|reasoning)";

    /// <summary>
    /// The text without it; the same instance where there is none. A tag that is never closed takes the rest with it. One that is closed and was not opened takes what stands
    /// before it: chat templates that open it themselves leave only its end in the answer.
    /// </summary>
    public static string Without(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var plain = new StringBuilder();
        var (from, depth) = (0, 0);
        foreach (Match tag in Tag().Matches(text))
        {
            var opens = text[tag.Index + 1] != '/';
            if (opens && depth == 0) plain.Append(text, from, tag.Index - from);
            else if (!opens && depth == 0) plain.Clear();
            depth = opens ? depth + 1 : Math.Max(0, depth - 1);
            from = tag.Index + tag.Length;
        }

        if (from == 0) return text;
        if (depth == 0) plain.Append(text, from, text.Length - from);
        return plain.ToString().TrimStart();
    }

    [GeneratedRegex("</?" + Names + @"\s*>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
