using System.Globalization;
using Spectre.Console;
using Stillhunt.Proving;
using Stillhunt.Reporting;

namespace Stillhunt.Cli.Output;

/// <summary>The range's scenarios, mixtures and scores as a person reads them.</summary>
internal static class RangeTables
{
    public static void PrintScenarios(IAnsiConsole console)
    {
        var table = Plain("Scenario", "What it holds");
        foreach (var scenario in RangeScenario.All) table.AddRow(Cells.Id(scenario.Id), Cells.Plain(scenario.Text));
        console.Write(table);
        console.WriteLine(Cells.Plain("Evasions: " + string.Join(", ", EvasionNames.Each.Select(EvasionNames.Of))));
    }

    public static void PrintMixture(IAnsiConsole console, RangeRun run)
    {
        var table = Plain("Kind").AddColumn(Cells.NumberColumn("Accounts")).AddColumn(Cells.NumberColumn("Exchanges")).AddColumn(Cells.NumberColumn("Extracting"));
        foreach (var (kind, accounts, exchanges, extracting) in run.ByKind()) Row(kind, accounts, exchanges, extracting);
        Row("all", run.AccountCount, run.ExchangeCount, run.ExtractingCount);
        console.Write(table);

        void Row(string kind, long accounts, long exchanges, long extracting) =>
            table.AddRow(Cells.Plain(kind), Cells.Number(Figures.Count(accounts)), Cells.Number(Figures.Count(exchanges)), Cells.Number(Figures.Count(extracting)));
    }

    public static void PrintScore(IAnsiConsole console, RangeReport report)
    {
        var table = Plain("Planted case", "Found").AddColumn(Cells.NumberColumn("Pieces")).AddColumn(Cells.NumberColumn("Exchange recall"))
            .AddColumn(Cells.NumberColumn("Account recall")).AddColumn(Cells.NumberColumn("Accounts"));
        foreach (var c in report.Cases)
        {
            table.AddRow(Cells.Id(c.Case), Cells.Plain(c.Found ? "yes" : "no"), Cells.Number(Figures.Count(c.Pieces)), Cells.Number(Share(c.ExchangeRecall)),
                Cells.Number(Share(c.AccountRecall)), Cells.Number(Figures.Count(c.AccountCount)));
        }

        if (report.Cases.Count > 0) console.Write(table);
        console.WriteLine(Cells.Plain(report.Cases.Count == 0
            ? "No campaign was planted."
            : $"Found {report.Cases.Count(c => c.Found)} of {Figures.Counted(report.Cases.Count, "planted case")}; recall over all extracting exchanges {Share(report.ExchangeRecall)}."));
        console.WriteLine(Cells.Plain(
            $"{Figures.Counted(report.FlaggedAccounts, "account")} flagged in {Figures.Counted(report.Campaigns, "campaign")}; of them the operators' own {Share(report.AccountPrecision)}; {Figures.Counted(report.FalseCampaigns.Count, "false campaign")}."));
        var touched = report.Touched.Where(t => t.Touched > 0).ToArray();
        console.WriteLine(Cells.Plain(touched.Length == 0
            ? $"Honest accounts flagged: none of {Figures.Count(report.Touched.Sum(t => t.AccountCount))}."
            : "Honest accounts flagged: " + string.Join(", ", touched.Select(t => $"{t.Kind} {t.Touched} of {t.AccountCount}")) + "."));
    }

    private static Table Plain(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns) table.AddColumn(Cells.Column(column));
        return table;
    }

    private static string Share(double? share) => share is { } known ? known.ToString("0.000", CultureInfo.InvariantCulture) : "none";
}
