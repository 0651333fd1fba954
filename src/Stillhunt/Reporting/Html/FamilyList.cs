using Stillhunt.Campaigns;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Reporting.Html;

/// <summary>Prompt families: the words that stay, and the slots marked by more than colour.</summary>
internal static class FamilyList
{
    private const string Slot = "‹…›";

    public static void Write(HtmlWriter html, Campaign campaign, ReportBudget budget)
    {
        if (campaign.Families.Count == 0)
        {
            html.Write($"""<p class="note">No family of prompts was recognised: either no prompt text was logged or the prompts are too varied.</p>""");
            return;
        }

        html.Write($"""<ol class="families">""");
        foreach (var family in campaign.Families.OrderByDescending(f => f.ExchangeCount).Take(budget.Families))
        {
            html.Write($"""<li><p class="meta">Family <code>{OutputText.Terminal(family.Id, 48)}</code>, {Figures.Counted(family.ExchangeCount, "exchange")}</p><p class="skeleton" dir="auto">""");
            WriteSkeleton(html, VisibleText.Of(family.Skeleton, budget.SkeletonLength, keepLines: true));
            html.Write($"</p></li>");
        }

        html.Write($"</ol>");
        if (campaign.Families.Count > budget.Families)
        {
            var rest = campaign.Families.OrderByDescending(f => f.ExchangeCount).Skip(budget.Families).ToArray();
            html.Write($"""<p class="note">{Figures.Counted(rest.Length, "smaller family", "smaller families")} with {Figures.Counted(rest.Sum(f => f.ExchangeCount), "exchange")} in campaigns.json.</p>""");
        }
    }

    private static void WriteSkeleton(HtmlWriter html, string skeleton)
    {
        var from = 0;
        while (skeleton.IndexOf(Slot, from, StringComparison.Ordinal) is var at and >= 0)
        {
            html.Write($"""{skeleton[from..at]}<span class="slot" title="slot: changes from one exchange to the next">{Slot}</span>""");
            from = at + Slot.Length;
        }

        html.Write($"{skeleton[from..]}");
    }
}
