using Stillhunt.Campaigns;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Reporting.Html;

/// <summary>Groups that share much and were found honest, each with the reason.</summary>
internal static class ClearedSection
{
    private const int Most = 200;

    public static void Write(HtmlWriter html, IReadOnlyList<ClearedGroup> cleared)
    {
        html.Write($"""<section id="cleared"><h2>Considered and cleared</h2>""");
        if (cleared.Count == 0)
        {
            html.Write($"<p>No other group of accounts shared enough to be considered.</p></section>\n");
            return;
        }

        html.Write($"""<p>These {Figures.Counted(cleared.Count, "group")} share something that campaigns share too, and were found to be honest. Nothing needs to be done about them.</p><ul class="cards">""");
        foreach (var group in cleared.Take(Most))
        {
            html.Write($"""<li><h3>{Wording.Spoken(group.Lookalike)}</h3><p class="meta">{Figures.Counted(group.AccountCount, "account")}, {Figures.Counted(group.ExchangeCount, "exchange")}</p><p>{OutputText.Terminal(group.Text, 800)}</p>""");
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
        html.Write($"</section>\n");
    }
}
