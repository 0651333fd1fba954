using Stillhunt.Campaigns;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Reporting.Html;

/// <summary>What a campaign obtained. Unknown is "not logged", never a zero.</summary>
internal static class ExposurePanel
{
    private const int Most = 12;

    public static void Write(HtmlWriter html, Campaign campaign)
    {
        var exposure = campaign.Exposure;
        html.Write($"""<dl class="tiles">""");
        Tile(html, "Answers obtained", Figures.Count(Wording.Answers(exposure)));
        Tile(html, "Output tokens", Figures.Tokens(exposure.OutputTokens));
        Tile(html, "Reasoning tokens", Figures.Tokens(exposure.ReasoningTokens));
        html.Write($"""</dl><div class="pair">""");
        WriteTable(html, "By capability", "Capability", exposure.ByCapability, spoken: true);
        WriteTable(html, "By model", "Model", exposure.ByModel, spoken: false);
        html.Write($"""</div><p class="note">Answers are extracting exchanges that were answered; refused ones are not counted. One answer can serve several capabilities.</p>""");
    }

    private static void Tile(HtmlWriter html, string name, string figure) =>
        html.Write($"<div><dt>{name}</dt><dd>{figure}</dd></div>");

    private static void WriteTable(HtmlWriter html, string heading, string column, IReadOnlyDictionary<string, long> counts, bool spoken)
    {
        html.Write($"<div><h4>{heading}</h4>");
        if (counts.Count == 0)
        {
            html.Write($"""<p class="note">not logged</p></div>""");
            return;
        }

        html.Write($"""<div class="scroll"><table><thead><tr><th scope="col">{column}</th><th scope="col" class="num">Answers</th></tr></thead><tbody>""");
        foreach (var (id, count) in counts.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal).Take(Most))
            html.Write($"""<tr><td>{(spoken ? Wording.Spoken(id) : OutputText.Terminal(id, 60))}<td class="num">{count}""");
        html.Write($"</tbody></table></div>");
        if (counts.Count > Most)
            html.Write($"""<p class="note">and {counts.Count - Most} more</p>""");
        html.Write($"</div>");
    }
}
