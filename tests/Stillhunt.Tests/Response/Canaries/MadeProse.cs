using System.Text;
using System.Text.Json;
using Stillhunt.Response.Canaries;

namespace Stillhunt.Tests.Response.Canaries;

/// <summary>Invented answers with many places, and random ones.</summary>
internal static class MadeProse
{
    public static readonly CanaryKey Key = new("2026-01", Enumerable.Range(1, CanaryKey.Bytes).Select(i => (byte)i).ToArray());

    /// <summary>No place stands in it, and it is long enough for what follows to have places.</summary>
    public const string Start =
        "A river that leaves the hills carries sand, and the sand settles where the water slows down near the plain. Over many years the bed rises, the water looks for a lower way, "
        + "and the old bed dries out behind the new one, which the maps of the region show quite well in the end. ";

    public const string Answer = Start
        + "For example, the maps that were drawn by hand are often wrong about the lower course, and the printed ones are usually copies of those. Therefore, we look at the bank itself, which is rarely moved by people.\n\n"
        + "1. The sand at the bank is mainly quartz, and it moves quickly when the water is high after rain.\n"
        + "2. Keep to the upper path there, since it isn’t flooded as frequently as the lower one is in spring.\n\n"
        + "```python\nThe lower one is often = typically(\"someone\")  # it is often wrong about this\n```\n"
        + "As a result, the water finds a new way towards the sea despite the dam that everyone in the village trusts so much. "
        + "The mayor said \"it is often the same with every dam that someone builds here\" and left. It is important to note that the next one holds.\n\n"
        + "In contrast, the eastern arm of it is especially quiet, and together with the lake it keeps the water regardless of the season. Perhaps a walk along with a guide is worth it, apart from the cost.";

    public static string Raw(string text) => JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();

    public static string Text(string raw) => JsonSerializer.Deserialize<string>($"\"{raw}\"")!;

    /// <summary>What the choice makes of a text, pushed in these pieces.</summary>
    public static string Choose(CanaryChoice choice, params IEnumerable<string> raw)
    {
        var (text, to) = (new CanaryText(choice), new System.Buffers.ArrayBufferWriter<byte>());
        foreach (var piece in raw) text.Push(Encoding.UTF8.GetBytes(piece), to);
        text.End(to);
        return Encoding.UTF8.GetString(to.WrittenSpan);
    }

    public static string Marked(string raw, string campaign = "c-1", string request = "") => Choose(Choice(campaign, request), raw);

    public static CanaryChoice Choice(string campaign = "c-1", string request = "")
    {
        var mark = new CanaryMark(Key, campaign, Encoding.UTF8.GetBytes(request));
        return (in CanaryOpportunity found) => mark.ChooseAgain(found);
    }

    public static List<(string Pair, int Which, string Context)> Places(string raw)
    {
        var places = new List<(string, int, string)>();
        Choose((in CanaryOpportunity found) =>
        {
            places.Add((found.Pair.Id, found.Which, found.Context));
            return found.Which;
        }, raw);
        return places;
    }

    /// <summary>Words of pairs, words beside them, and all signs that matter, in any order.</summary>
    public static string Soup(Random random, int length)
    {
        string[] others = [" the ", " is ", " river ", " it's ", " so ", " a ", "The ", " We ", ", ", ". ", ".", "; ", ": ", "\n", "\n\n", "\\\"", "`", "```", "\n```\n", "~~~", "|", "- ", "1. ", "*", "**", "{", "[", "$", "<", "(", ") ", "'", "’", "\\u2019", "\\n", "“", "”", "é", "\\ud83d", "\\ude00", " 7 ", "_", "#", "=", "-", "    ", "\t", "x"];
        var text = new StringBuilder(random.Next(4) == 0 ? "" : Raw(Start));
        for (var i = 0; i < length; i++)
        {
            var pair = CanaryTable.Pairs[random.Next(CanaryTable.Pairs.Count)];
            var form = Encoding.ASCII.GetString(pair.Form(random.Next(2)));
            text.Append(random.Next(5) switch
            {
                0 => (pair.Opens ? ". " : " the ") + form + (pair.Opens ? ", " : " "),
                1 => " that one of them is quite " + form + " the",
                2 => form,
                3 => " word word word word word word word ",
                _ => others[random.Next(others.Length)].Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal),
            });
        }

        return text.ToString();
    }

    /// <summary>Cuts between characters and escapes, as a stream's pieces are cut.</summary>
    public static IEnumerable<string> Pieces(string raw, Func<int> length)
    {
        var cuts = new List<int> { 0 };
        for (var at = 0; at < raw.Length;)
        {
            at += raw[at] == '\\' ? raw[at + 1] == 'u' ? 6 : 2 : char.IsHighSurrogate(raw[at]) ? 2 : 1;
            cuts.Add(at);
        }

        for (var i = 0; i < cuts.Count - 1;)
        {
            var next = Math.Min(cuts.Count - 1, i + length());
            yield return raw[cuts[i]..cuts[next]];
            i = next;
        }
    }
}
