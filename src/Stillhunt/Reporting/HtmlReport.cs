using Stillhunt.Campaigns;
using Stillhunt.Reporting.Html;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Reporting;

/// <summary>
/// <c>report.html</c>: one file without script, network or outside parts, for an analyst who must defend a finding. The content security
/// policy forbids what the encoding should already have made impossible.
/// </summary>
public static class HtmlReport
{
    /// <summary>The same result and context give the same bytes.</summary>
    public static void Write(TextWriter to, ScanResult result, ReportContext context)
    {
        var html = new HtmlWriter(to);
        var budget = ReportBudget.For(result);
        html.Write($"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">""");
        html.Write($"""<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer"><meta name="robots" content="noindex"><title>{context.Title}: {Wording.Headline(result)}</title>""");
        html.WriteStyle();
        html.Write($"</head><body><main>\n");
        HeadSection.Write(html, result, context);
        WriteContents(html, result);
        WriteCampaignList(html, result.Campaigns);
        AccessSection.Write(html, result.Access);
        WriteCampaigns(html, result.Campaigns, budget);
        WriteSuspected(html, result.Suspected, budget);
        ClearedSection.Write(html, result);
        MethodSection.Write(html, result, context);
        html.Write($"</main></body></html>\n");
    }

    private static void WriteContents(HtmlWriter html, ScanResult result)
    {
        html.Write($"""<nav aria-label="Contents"><ul><li><a href="#scanned">What was looked at</a></li><li><a href="#campaigns">Campaigns ({result.Campaigns.Count})</a></li><li><a href="#access">Access over the days</a></li><li><a href="#suspected">Suspected ({result.Suspected.Count})</a></li><li><a href="#cleared">Cleared ({result.Cleared.Count})</a></li><li><a href="#method">Method and limits</a></li><li><a href="#glossary">Glossary</a></li><li><a href="#reproduce">Reproduce</a></li></ul></nav>""");
        html.Write($"\n");
    }

    private static void WriteCampaignList(HtmlWriter html, IReadOnlyList<Campaign> campaigns)
    {
        html.Write($"""<section id="campaigns"><h2>Campaigns</h2>""");
        if (campaigns.Count == 0)
        {
            html.Write($"<p>None.</p></section>\n");
            return;
        }

        html.Write($"""<div class="scroll" tabindex="0" role="region" aria-label="Campaigns"><table class="overview"><thead><tr><th scope="col">Campaign</th><th scope="col" class="num">Confidence</th><th scope="col" class="num">Accounts</th><th scope="col" class="num">Extracting</th><th scope="col" class="active">Active</th><th scope="col" class="wide">Strongest evidence</th></tr></thead><tbody>""");
        for (var i = 0; i < campaigns.Count; i++)
        {
            var campaign = campaigns[i];
            html.Write($"""<tr><td><a href="#c{i + 1}">{i + 1}. <code>{OutputText.Terminal(campaign.Id, 32)}</code></a><td class="num">{Figures.Probability(campaign.Confidence)}<td class="num">{campaign.Accounts.Count}<td class="num">{campaign.ExtractingCount}<td class="nowrap active">{Figures.Span(campaign.First, campaign.Last)}<td class="wide">{OutputText.Terminal(Wording.Strongest(campaign)?.Text ?? "–", 320)}""");
            html.Write($"\n");
        }

        html.Write($"</tbody></table></div></section>\n");
    }

    private static void WriteCampaigns(HtmlWriter html, IReadOnlyList<Campaign> campaigns, ReportBudget budget)
    {
        if (campaigns.Count > 0)
            html.Write($"<h2>The campaigns one by one</h2>\n");
        for (var i = 0; i < campaigns.Count; i++)
            CampaignSection.Write(html, campaigns[i], i + 1, budget);
    }

    private static void WriteSuspected(HtmlWriter html, IReadOnlyList<Campaign> suspected, ReportBudget budget)
    {
        html.Write($"""<section id="suspected"><h2>Suspected</h2>""");
        if (suspected.Count == 0)
            html.Write($"<p>No group of accounts stands between cleared and found.</p>");
        else
            html.Write($"<p>The evidence for {(suspected.Count == 1 ? "this group" : "these groups")} leaves the confidence below one half. That is a reason to watch, not to act.</p>");
        for (var i = 0; i < suspected.Count; i++)
            CampaignSection.WriteSuspected(html, suspected[i], i + 1, budget);
        html.Write($"</section>\n");
    }
}
