using Stillhunt.Campaigns;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Reporting.Html;

/// <summary>One campaign, from the sentence to the list to act on.</summary>
internal static class CampaignSection
{
    public static void Write(HtmlWriter html, Campaign campaign, int number, ReportBudget budget)
    {
        html.Write($"""<section class="campaign" id="c{number}"><header><h3><span class="nr">Campaign {number}</span> <code>{OutputText.Terminal(campaign.Id, OutputText.IdLimit)}</code></h3>""");
        html.Write($"""<p class="lead">{Wording.Summary(campaign)}</p>""");
        html.Write($"""<dl class="tiles"><div><dt>Confidence</dt><dd>{Figures.Probability(campaign.Confidence)}</dd></div><div><dt>Evidence</dt><dd>{Figures.Bits(campaign.Bits)} bits</dd></div><div><dt>Accounts</dt><dd>{campaign.Accounts.Count}</dd></div><div><dt>Extracting exchanges</dt><dd>{campaign.ExtractingCount}</dd></div><div><dt>Active</dt><dd>{Figures.Span(campaign.First, campaign.Last)}</dd></div></dl></header>""");

        html.Write($"<h4>Timeline</h4>");
        WriteTimeline(html, campaign);
        html.Write($"<h4>Evidence</h4>");
        EvidenceTable.Write(html, campaign);
        html.Write($"<h4>How the accounts hang together</h4>");
        ConnectionPicture.Write(html, campaign, budget);
        html.Write($"<h4>Prompt families</h4>");
        FamilyList.Write(html, campaign, budget);
        html.Write($"""<div class="pair">""");
        ShareBars.Write(html, "Techniques", campaign.Techniques, "technique", "None was recognised.");
        ShareBars.Write(html, "Capabilities", campaign.Capabilities, "capability", "None was recognised.");
        html.Write($"</div>");
        if (campaign.Models.Count > 1)
            ShareBars.Write(html, "Models", campaign.Models, "model", "Not logged.");
        html.Write($"""<h4>Exposure: what was obtained</h4>""");
        ExposurePanel.Write(html, campaign);
        html.Write($"<h4>Accounts</h4>");
        AccountTable.Write(html, campaign, budget);
        html.Write($"""<h4>Account list to act on</h4><p class="note">Click once into the list to select all of it.</p>""");
        AccountTable.WriteList(html, campaign, budget);
        html.Write($"""<p class="back"><a href="#campaigns">Back to the list of campaigns</a></p></section>""");
        html.Write($"\n");
    }

    /// <summary>A suspected one: the sentence, what speaks for it and against, and who.</summary>
    public static void WriteSuspected(HtmlWriter html, Campaign campaign, int number, ReportBudget budget)
    {
        html.Write($"""<details class="suspected" id="s{number}"><summary><b>{Figures.Probability(campaign.Confidence)}</b> <code>{OutputText.Terminal(campaign.Id, OutputText.IdLimit)}</code> <span class="meta">{Figures.Counted(campaign.Accounts.Count, "account")}, {Figures.Counted(campaign.ExtractingCount, "exchange")}</span></summary>""");
        html.Write($"<p>{Wording.Summary(campaign)}</p>");
        EvidenceTable.Write(html, campaign);
        AccountTable.Write(html, campaign, budget with { OpenAccounts = 10, TotalAccounts = Math.Min(budget.TotalAccounts, 200) });
        html.Write($"</details>\n");
    }

    private static void WriteTimeline(HtmlWriter html, Campaign campaign)
    {
        var bins = DayBins.Over(campaign.Days.Select(day => day.Day));
        if (bins is null)
        {
            html.Write($"""<p class="note">The result holds no counts by day for this campaign.</p>""");
            return;
        }

        var exchanges = new double[bins.Count];
        var accounts = new double[bins.Count];
        foreach (var day in campaign.Days)
        {
            if (bins.IndexOf(day.Day) is var bin and >= 0)
            {
                exchanges[bin] += day.ExtractingCount;
                accounts[bin] = Math.Max(accounts[bin], day.AccountCount);
            }
        }

        html.Write($"""<div class="pair">""");
        BarFigure.Write(html, bins, $"Extracting exchanges per {bins.Unit}", exchanges, v => Figures.Count((long)v), "extracting");
        BarFigure.Write(html, bins, bins.DaysPerBin == 1 ? "Active accounts per day" : $"Active accounts on the busiest day of each {bins.Unit}", accounts, v => Figures.Count((long)v), "volume");
        html.Write($"</div>");
    }
}
