using Stillhunt.Campaigns;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Reporting;

/// <summary>A short summary of all campaigns to paste into a ticket. Ids are code spans, so that no ticket system links or mentions anyone.</summary>
public static class MarkdownSummary
{
    private const int MostCampaigns = 50;
    private const int MostRows = 5;
    private const int MostAccounts = 5;

    public static void Write(TextWriter to, ScanResult result)
    {
        var scanned = result.Scanned;
        to.Write($"# {OutputText.Markdown(Wording.Headline(result))}\n\n");
        to.Write($"Looked at {Figures.Counted(scanned.ExchangeCount, "exchange")} of {Figures.Counted(scanned.AccountCount, "account")}, {OutputText.Markdown(Figures.Span(scanned.From, scanned.To))}; "
            + $"{Figures.Counted(scanned.Rejected.Values.Sum(), "record")} refused.\n");
        foreach (var loss in Wording.Losses(scanned, name => OutputText.MarkdownCode(name, 160))) to.Write($"{loss}\n");
        if (scanned.Missing.Count > 0)
            to.Write($"No record held {Wording.Listed(scanned.Missing.Take(20).Select(field => OutputText.MarkdownCode(field, 40)))}, so that evidence is unknown.\n");
        if (scanned.LeftOut is { } leftOut)
            to.Write($"Left out on request: {Wording.Listed(leftOut.Select(kind => OutputText.MarkdownCode(kind, 40)))}.\n");

        foreach (var shortcut in Wording.Shortcuts(scanned)) to.Write($"{shortcut}\n");

        if (result.Campaigns.Count == 0)
            to.Write($"\n{Wording.NothingFound(result)}\n");
        for (var i = 0; i < Math.Min(result.Campaigns.Count, MostCampaigns); i++)
            WriteCampaign(to, result.Campaigns[i], i + 1);
        if (result.Campaigns.Count > MostCampaigns)
            to.Write($"\n{Figures.Counted(result.Campaigns.Count - MostCampaigns, "more campaign")} in the report.\n");

        if (result.Suspected.Count > 0)
            to.Write($"\n{Figures.Counted(result.Suspected.Count, "more group")} suspected with a confidence below one half: watch, do not act.\n");
        if (result.Cleared.Count > 0)
            to.Write($"\nCleared: {Wording.ClearedList(result.Cleared, kind => OutputText.Markdown(Wording.Spoken(kind)))}.\n");
    }

    private static void WriteCampaign(TextWriter to, Campaign campaign, int number)
    {
        // No log text in headings: some dialects read attributes and anchors out of them.
        to.Write($"\n## Campaign {Figures.Count(number)}: confidence {Figures.Probability(campaign.Confidence)}\n\n");
        to.Write($"{OutputText.MarkdownCode(campaign.Id)}: {OutputText.Markdown(Wording.Summary(campaign))}\n\n");
        foreach (var row in campaign.Evidence.Where(row => row.Block is not ("prior" or "calibration" or Calibration.Block)).OrderByDescending(row => row.Bits).Take(MostRows))
            to.Write($"- {Figures.Bits(row.Bits)} bits: {OutputText.Markdown(row.Text, 300)}\n");
        to.Write($"- All {Figures.Counted(campaign.Evidence.Count, "row")}, prior, caps and measured reliability included: {Figures.Bits(campaign.Bits)} bits\n");
        to.Write($"- Obtained: {Figures.Counted(Wording.Answers(campaign.Exposure), "answer")}; output tokens {Figures.Tokens(campaign.Exposure.OutputTokens)}; reasoning tokens {Figures.Tokens(campaign.Exposure.ReasoningTokens)}\n");
        var listed = campaign.Accounts.Where(account => account.Probability >= AccountCsv.LeastProbability).ToList();
        var first = listed.OrderByDescending(a => a.Probability).ThenByDescending(a => a.ExtractingCount).Take(MostAccounts).Select(a => a.EndUser is null ? OutputText.MarkdownCode(a.Id, 64) : $"end user {OutputText.MarkdownCode(a.EndUser, 64)} of {OutputText.MarkdownCode(a.Id, 64)}");
        to.Write($"- Accounts: {(listed.Count == 0 ? "none of them by itself more likely the operator's than not" : Wording.Listed(first))}{(listed.Count > MostAccounts ? $" and {Figures.Count(listed.Count - MostAccounts)} more in the CSV list" : "")}\n");
    }
}
