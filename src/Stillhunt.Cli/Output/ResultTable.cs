using Spectre.Console;
using Stillhunt.Campaigns;
using Stillhunt.Reporting;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Cli.Output;

/// <summary>A scan's result as a person wants to see it first: the campaigns, then what is suspected, cleared and unknown.</summary>
internal static class ResultTable
{
    /// <summary>From this width on the reasons fit beside the figures; below it they stand under the table.</summary>
    private const int WideEnough = 130;

    private const int MostCampaigns = 50;
    private const int EvidenceLimit = 320;
    private const int MostSuspected = 10;

    public static void Print(IAnsiConsole console, ScanResult result)
    {
        console.WriteLine();
        console.WriteLine(Cells.Heading(Wording.Headline(result)));
        console.WriteLine(Cells.Soft($"In {Figures.Counted(result.Scanned.ExchangeCount, "exchange")} of {Figures.Counted(result.Scanned.AccountCount, "account")}, {Figures.Span(result.Scanned.From, result.Scanned.To)}."));
        if (result.Campaigns.Count > 0)
            PrintCampaigns(console, result.Campaigns);
        else
            console.WriteLine(Cells.Plain(Wording.NothingFound(result)));
        console.WriteLine();
        PrintSuspected(console, result.Suspected);
        PrintCleared(console, result.Cleared, result.ClearedOmittedCount);
        PrintPrevalence(console, result.Calibration);
        PrintScanned(console, result.Scanned);
    }

    private static void PrintCampaigns(IAnsiConsole console, IReadOnlyList<Campaign> campaigns)
    {
        var wide = console.Profile.Width >= WideEnough;
        var table = new Table().Border(TableBorder.Simple).Expand();
        if (!wide)
            table.Collapse();
        table.AddColumn(Cells.Column("Campaign"));
        table.AddColumn(Cells.NumberColumn("Confidence"));
        table.AddColumn(Cells.NumberColumn("Accounts"));
        table.AddColumn(Cells.NumberColumn(wide ? "Extracting of all" : "Extracting"));
        table.AddColumn(Cells.Column("Active").NoWrap());
        if (wide)
        {
            table.AddColumn(Cells.Column("Techniques"));
            table.AddColumn(Cells.Column("Strongest evidence"));
        }

        foreach (var campaign in campaigns.Take(MostCampaigns))
        {
            List<Text> row =
            [
                Cells.Id(campaign.Id),
                Cells.Number(Figures.Probability(campaign.Confidence)),
                Cells.Number(Figures.Count(campaign.Accounts.Count)),
                Cells.Number(wide ? $"{Figures.Count(campaign.ExtractingCount)} of {Figures.Count(campaign.ExchangeCount)}" : Figures.Count(campaign.ExtractingCount)),
                Cells.Plain(Figures.Span(campaign.First, campaign.Last)),
            ];
            if (wide)
                row.AddRange([Cells.Plain(Wording.TechniqueList(campaign, 2), 120), Cells.Plain(StrongestOf(campaign), EvidenceLimit)]);
            table.AddRow(row);
        }

        console.Write(table);
        if (!wide)
            PrintReasons(console, campaigns);
        if (campaigns.Count > MostCampaigns)
            console.WriteLine(Cells.Plain($"and {Figures.Counted(campaigns.Count - MostCampaigns, "more campaign")}; all are in campaigns.json."));
    }

    private static void PrintReasons(IAnsiConsole console, IReadOnlyList<Campaign> campaigns)
    {
        foreach (var campaign in campaigns.Take(MostCampaigns))
        {
            console.WriteLine(Cells.Id(campaign.Id));
            var grid = new Grid().AddColumn(new GridColumn().PadLeft(2).PadRight(2).NoWrap()).AddColumn();
            grid.AddRow(Cells.Soft("of all"), Cells.Plain($"{Figures.Count(campaign.ExtractingCount)} of {Figures.Counted(campaign.ExchangeCount, "exchange")} extract"));
            grid.AddRow(Cells.Soft("how"), Cells.Plain(Wording.TechniqueList(campaign)));
            grid.AddRow(Cells.Soft("strongest"), Cells.Plain(StrongestOf(campaign), EvidenceLimit));
            console.Write(grid);
        }
    }

    private static string StrongestOf(Campaign campaign) =>
        Wording.Strongest(campaign) is { } row ? $"{Figures.Bits(row.Bits)} bits: {row.Text}" : "none in favour";

    /// <summary>One line a kind, in plain words; the groups themselves, with reasons and accounts, are in the report.</summary>
    private static void PrintCleared(IAnsiConsole console, IReadOnlyList<ClearedGroup> cleared, long omitted)
    {
        if (cleared.Count == 0)
            return;
        console.WriteLine(Cells.Plain("Considered and cleared, so no findings (the reasons are in the report and in campaigns.json; an account can stand in several groups):"));
        var grid = new Grid().AddColumn(new GridColumn().PadLeft(2).PadRight(2)).AddColumn(new GridColumn().NoWrap().RightAligned()).AddColumn(new GridColumn().NoWrap().RightAligned());
        foreach (var kind in Wording.ClearedKinds(cleared))
            grid.AddRow(Cells.Plain(Glossary.Lookalike(kind.Lookalike), 80), Cells.Plain(Figures.Counted(kind.GroupCount, "group")), Cells.Plain(Figures.Counted(kind.AccountCount, "account")));
        if (omitted > 0)
            grid.AddRow(Cells.Soft("smaller ones, not listed anywhere"), Cells.Soft(Figures.Counted(omitted, "group")), Cells.Soft(""));
        console.Write(grid);
    }

    private static void PrintSuspected(IAnsiConsole console, IReadOnlyList<Campaign> suspected)
    {
        if (suspected.Count == 0)
            return;
        console.WriteLine(Cells.Plain($"Suspected: {Figures.Counted(suspected.Count, "group")} with a confidence below one half. Watch, do not act."));
        foreach (var campaign in suspected.Take(MostSuspected))
            console.WriteLine(Cells.Soft($"  {OutputText.Terminal(campaign.Id, OutputText.IdLimit)}: {Figures.Probability(campaign.Confidence)}, {Figures.Counted(campaign.Accounts.Count, "account")}, {Figures.Counted(campaign.ExtractingCount, "exchange")}"));
        if (suspected.Count > MostSuspected)
            console.WriteLine(Cells.Soft($"  and {Figures.Count(suspected.Count - MostSuspected)} more in campaigns.json"));
    }

    /// <summary>What the confidences rest on, where there are any groups to have one.</summary>
    private static void PrintPrevalence(IAnsiConsole console, CalibrationSummary? calibration)
    {
        if (calibration is not { GroupCount: > 0 } c)
            return;
        console.WriteLine(Cells.Soft(string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{Figures.Counted(c.GroupCount, "group")} weighed, found or not; confidences hold where one in {1 / c.Prevalence:#,0.##} such groups is an operator's{(c.Prevalence < c.ReferencePrevalence ? ", as you stated" : " (--prevalence states another share)")}.")));
    }

    private static void PrintScanned(IAnsiConsole console, ScannedSummary scanned)
    {
        foreach (var loss in Wording.Losses(scanned, name => OutputText.Terminal(name, 160))) console.WriteLine(Cells.Plain(loss));
        if (scanned.Rejected.Count > 0)
        {
            var reasons = scanned.Rejected.OrderByDescending(r => r.Value).Take(6).Select(r => $"{Figures.Count(r.Value)} {OutputText.Terminal(r.Key, 60)}");
            console.WriteLine(Cells.Plain($"Refused: {Wording.Listed(reasons)}."));
        }

        if (scanned.DuplicateCount > 0)
            console.WriteLine(Cells.Plain($"Passed over: {Figures.Counted(scanned.DuplicateCount, "record")} with the id of an earlier one."));
        if (scanned.DroppedFields.Count > 0)
        {
            var fields = scanned.DroppedFields.OrderByDescending(field => field.Value).ThenBy(field => field.Key, StringComparer.Ordinal).Take(6).Select(field => $"{OutputText.Terminal(field.Key, 60)} of {Figures.Counted(field.Value, "record")}");
            console.WriteLine(Cells.Plain($"Of the wrong type and left unread: {Wording.Listed(fields)}{(scanned.DroppedFields.Count > 6 ? $" and {Figures.Counted(scanned.DroppedFields.Count - 6, "more field")}" : "")}."));
        }

        if (scanned.LeftOut is { } leftOut)
            console.WriteLine(Cells.Plain($"Left out on request: {Wording.Listed(leftOut.Select(kind => OutputText.Terminal(kind, 40)))}."));
        foreach (var shortcut in Wording.Shortcuts(scanned)) console.WriteLine(Cells.Plain(shortcut));
        if (scanned.Missing.Count == 0)
            return;
        console.WriteLine(Cells.Plain("No record held these, so the evidence that needs them is unknown:"));
        foreach (var field in scanned.Missing.Take(20))
            console.WriteLine(Cells.Soft($"  {OutputText.Terminal(field, 60)}: {Glossary.Absence(field)}"));
    }
}
