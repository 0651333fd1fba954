using Spectre.Console;
using Stillhunt.Campaigns;
using Stillhunt.Reporting;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Cli.Output;

/// <summary>A campaign's evidence with a sum that can be checked by hand, its families, accounts and exposure.</summary>
internal static class CampaignExplanation
{
    private const int MostAccounts = 10;
    private const int MostFamilies = 5;

    public static void Print(IAnsiConsole console, Campaign campaign, bool flagged)
    {
        console.WriteLine();
        console.WriteLine(Cells.Heading($"Campaign {OutputText.Terminal(campaign.Id, OutputText.IdLimit)}{(flagged ? "" : " (suspected)")}"));
        console.WriteLine(Cells.Plain(Wording.Summary(campaign)));
        PrintEvidence(console, campaign);
        PrintFamilies(console, campaign);
        PrintExposure(console, campaign.Exposure);
        PrintAccounts(console, campaign);
    }

    private static void PrintEvidence(IAnsiConsole console, Campaign campaign)
    {
        var table = new Table().Border(TableBorder.Simple).Expand().ShowFooters();
        var sum = campaign.Evidence.Sum(row => row.Bits);
        table.AddColumn(Cells.Column("Evidence").Footer(new Text("Sum of the rows")));
        table.AddColumn(Cells.NumberColumn("Bits").Footer(new Text(Figures.Bits(sum))));
        table.AddColumn(Cells.NumberColumn("Sum so far"));
        double before = 0;
        // Rows measured on the same exchanges name the same ones: once is enough.
        var shown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in campaign.Evidence)
        {
            before += row.Bits;
            var unseen = row.Examples.Take(2).Where(shown.Add).ToList();
            var examples = unseen.Count == 0 ? "" : $" (see {string.Join(", ", unseen.Select(e => OutputText.Terminal(e, 48)))})";
            table.AddRow(Cells.Plain($"{Glossary.Block(row.Block)}: {OutputText.Terminal(row.Text, 600)}{examples}"), Cells.Number(Figures.Bits(row.Bits)), Cells.Number(Figures.Bits(before)));
        }

        console.Write(table);
        console.WriteLine(Cells.Plain($"Confidence = 1 / (1 + 2^{Figures.Bits(-sum)}) = {Figures.Probability(campaign.Confidence)}; odds of {Wording.Odds(sum)}."));
        if (!EvidenceSum.Agrees(campaign))
            console.WriteLine(Cells.Heading($"Warning: the rows do not add up. The result states {Figures.Bits(campaign.Bits)} bits and {Figures.Probability(campaign.Confidence)}."));
    }

    private static void PrintFamilies(IAnsiConsole console, Campaign campaign)
    {
        if (campaign.Families.Count == 0)
            return;
        console.WriteLine();
        console.WriteLine(Cells.Heading("Prompt families (‹…› is a slot)"));
        foreach (var family in campaign.Families.OrderByDescending(f => f.ExchangeCount).Take(MostFamilies))
        {
            console.WriteLine(Cells.Soft($"{OutputText.Terminal(family.Id, 48)}, {Figures.Counted(family.ExchangeCount, "exchange")}"));
            console.Write(new Padder(Cells.Plain(family.Skeleton, 800), new Padding(2, 0, 0, 0)));
        }

        if (campaign.Families.Count > MostFamilies)
            console.WriteLine(Cells.Soft($"and {Figures.Counted(campaign.Families.Count - MostFamilies, "smaller family", "smaller families")}"));
    }

    private static void PrintExposure(IAnsiConsole console, Exposure exposure)
    {
        console.WriteLine();
        console.WriteLine(Cells.Heading("Exposure"));
        console.WriteLine(Cells.Plain($"{Figures.Counted(Wording.Answers(exposure), "answer")}; output tokens {Figures.Tokens(exposure.OutputTokens)}; reasoning tokens {Figures.Tokens(exposure.ReasoningTokens)}"));
        PrintCounts(console, "by capability", exposure.ByCapability);
        PrintCounts(console, "by model", exposure.ByModel);
    }

    private static void PrintCounts(IAnsiConsole console, string name, IReadOnlyDictionary<string, long> counts)
    {
        var parts = counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Take(8).Select(c => $"{OutputText.Terminal(c.Key, 60)} {Figures.Count(c.Value)}");
        console.WriteLine(Cells.Plain($"{name}: {(counts.Count == 0 ? "not logged" : string.Join(", ", parts))}"));
    }

    private static void PrintAccounts(IAnsiConsole console, Campaign campaign)
    {
        console.WriteLine();
        console.WriteLine(Cells.Heading(Figures.Counted(campaign.Accounts.Count, "account")));
        var table = new Table().Border(TableBorder.Simple);
        var withUsers = campaign.Accounts.Any(account => account.EndUser is not null);
        table.AddColumn(Cells.Column("Account"));
        if (withUsers) table.AddColumn(Cells.Column("End user"));
        table.AddColumn(Cells.Column("Source"));
        table.AddColumn(Cells.NumberColumn("Probability")).AddColumn(Cells.NumberColumn("Extracting")).AddColumn(Cells.NumberColumn("All"));
        foreach (var account in campaign.Accounts.OrderByDescending(a => a.Probability).ThenByDescending(a => a.ExtractingCount).Take(MostAccounts))
        {
            List<Spectre.Console.Rendering.IRenderable> row = [Cells.Plain(account.Id, OutputText.IdLimit)];
            if (withUsers) row.Add(Cells.Plain(account.EndUser ?? "–", OutputText.IdLimit));
            row.Add(Cells.Plain(account.Source, 40));
            row.Add(Cells.Number(Figures.Probability(account.Probability)));
            row.Add(Cells.Number(Figures.Count(account.ExtractingCount)));
            row.Add(Cells.Number(Figures.Count(account.ExchangeCount)));
            table.AddRow(row);
        }

        console.Write(table);
        if (campaign.Accounts.Count > MostAccounts)
            console.WriteLine(Cells.Soft($"and {Figures.Count(campaign.Accounts.Count - MostAccounts)} more in campaigns.json"));
    }
}
