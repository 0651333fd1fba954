using Stillhunt.Campaigns;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Reporting.Html;

/// <summary>The accounts of a campaign: the surest ones open, the rest folded, and all ids in a block that one click selects.</summary>
internal static class AccountTable
{
    private const int IdLength = 64;

    public static void Write(HtmlWriter html, Campaign campaign, ReportBudget budget)
    {
        var accounts = Ordered(campaign.Accounts);
        var withKeys = accounts.Exists(a => a.Key is not null);
        var withUsers = accounts.Exists(a => a.EndUser is not null);
        WriteRows(html, accounts, 0, Math.Min(accounts.Count, budget.OpenAccounts), withKeys, withUsers);
        var end = Math.Min(accounts.Count, budget.TotalAccounts);
        if (end > budget.OpenAccounts)
        {
            html.Write($"""<details><summary>{(end == accounts.Count ? "The other" : "Another")} {Figures.Counted(end - budget.OpenAccounts, "account")}</summary>""");
            WriteRows(html, accounts, budget.OpenAccounts, end, withKeys, withUsers);
            html.Write($"</details>");
        }

        var shown = Math.Max(end, Math.Min(accounts.Count, budget.OpenAccounts));
        if (shown < accounts.Count)
            html.Write($"""<p class="note">{Figures.Counted(accounts.Count - shown, "more account")} stand in the CSV list and in campaigns.json.</p>""");
    }

    /// <summary>One id a line. Ids that are cut or hold unusual characters are marked, because such a line can't be pasted.</summary>
    public static void WriteList(HtmlWriter html, Campaign campaign, ReportBudget budget)
    {
        var accounts = Ordered(campaign.Accounts).FindAll(account => account.Probability >= AccountCsv.LeastProbability);
        // The list is made to be pasted where accounts are acted on.
        var users = accounts.RemoveAll(account => account.EndUser is not null);
        var start = html.Length;
        int listed = 0, altered = 0;
        html.Write($"""<pre class="ids" tabindex="0" aria-label="Account ids, one a line">""");
        foreach (var account in accounts)
        {
            if (html.Length - start > budget.ListedCharacters)
                break;
            var shown = OutputText.Terminal(account.Id, 200);
            if (shown != account.Id)
            {
                altered++;
                continue;
            }

            html.Write($"{shown}\n");
            listed++;
        }

        html.Write($"</pre>");
        if (users > 0)
            html.Write($"""<p class="note">{Figures.Counted(users, "end user")} of accounts that are not the operator's left out here: the table and the CSV list name them.</p>""");
        if (altered > 0)
            html.Write($"""<p class="note">{Figures.Counted(altered, "id")} with invisible characters or of unusual length left out here; take them from campaigns.json.</p>""");
        if (listed + altered < accounts.Count)
            html.Write($"""<p class="note">{Figures.Counted(accounts.Count - listed - altered, "more account")} in the CSV list and in campaigns.json.</p>""");
    }

    private static List<CampaignAccount> Ordered(IReadOnlyList<CampaignAccount> accounts) =>
        [.. accounts.OrderByDescending(a => a.Probability).ThenByDescending(a => a.ExtractingCount).ThenBy(a => a.Id, StringComparer.Ordinal)];

    private static void WriteRows(HtmlWriter html, List<CampaignAccount> accounts, int from, int to, bool withKeys, bool withUsers)
    {
        html.Write($"""<div class="scroll" tabindex="0" role="region" aria-label="Accounts"><table><thead><tr><th scope="col">Account</th><th scope="col">Source</th>""");
        if (withUsers)
            html.Write($"""<th scope="col">End user</th>""");
        if (withKeys)
            html.Write($"""<th scope="col">Key</th>""");
        html.Write($"""<th scope="col" class="num">Probability</th><th scope="col" class="num">Extracting</th><th scope="col" class="num">All exchanges</th></tr></thead><tbody>""");
        html.Write($"\n");
        for (var i = from; i < to; i++)
        {
            var account = accounts[i];
            html.Write($"<tr><td><code>{OutputText.Terminal(account.Id, IdLength)}</code><td>{OutputText.Terminal(account.Source, 40)}");
            if (withUsers)
                html.Write($"<td>{OutputText.Terminal(account.EndUser ?? "–", IdLength)}");
            if (withKeys)
                html.Write($"<td>{OutputText.Terminal(account.Key ?? "–", IdLength)}");
            html.Write($"""<td class="num">{Figures.Probability(account.Probability)}<td class="num">{account.ExtractingCount}<td class="num">{account.ExchangeCount}""");
            html.Write($"\n");
        }

        html.Write($"</tbody></table></div>");
    }
}
