using Stillhunt.Campaigns;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Reporting.Html;

/// <summary>Groups that did not reach the evidence, or that hold an entitlement, each with the reason.</summary>
internal static class ClearedSection
{
    private const int Most = 200;

    public static void Write(HtmlWriter html, ScanResult result)
    {
        var cleared = result.Cleared;
        html.Write($"""<section id="cleared"><h2>Considered and cleared</h2>""");
        if (cleared.Count == 0)
        {
            html.Write($"<p>No other group of accounts shared enough to be considered.</p></section>\n");
            return;
        }

        html.Write($"""<p>{(cleared.Count == 1 ? "This group shares" : $"These {Figures.Count(cleared.Count)} groups share")} something that campaigns share too, and did not reach the evidence that a suspicion needs, or {(cleared.Count == 1 ? "holds" : "hold")} an entitlement. Each is named for the honest thing that it looks like most; nobody has looked into it. {Wording.Unlisted(result)}</p><ul class="cards">""");
        foreach (var group in cleared.Take(Most))
        {
            html.Write($"""<li><h3>{Glossary.Lookalike(group.Lookalike)}</h3><p class="meta">{Figures.Counted(group.AccountCount, "account")}, {Figures.Counted(group.ExchangeCount, "exchange")}</p><p>{OutputText.Terminal(group.Text, 800)}</p>""");
            if (group.Accounts.Count > 0)
            {
                html.Write($"""<p class="examples">For example """);
                for (var i = 0; i < Math.Min(3, group.Accounts.Count); i++)
                    html.Write($"""{(i > 0 ? ", " : "")}<code>{OutputText.Terminal(group.Accounts[i], 48)}</code>""");
                html.Write($"</p>");
            }

            html.Write($"</li>");
        }

        html.Write($"</ul>");
        if (cleared.Count > Most)
            html.Write($"""<p class="note">{Figures.Counted(cleared.Count - Most, "more group")} in campaigns.json.</p>""");
        if (result.ClearedOmittedCount > 0)
            html.Write($"""<p class="note">{Figures.Counted(result.ClearedOmittedCount, "more group")} {(result.ClearedOmittedCount == 1 ? "is" : "are")} not listed.</p>""");
        html.Write($"</section>\n");
    }
}
