using System.Globalization;
using Spectre.Console;
using Stillhunt.Proving;
using Stillhunt.Proving.Suites;
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
        var suites = Plain("Suite", "What it runs");
        foreach (var suite in RangeSuite.All.Where(s => s.Entries.Count > 1 || s.Seeds > 1)) suites.AddRow(Cells.Id(suite.Id), Cells.Plain(suite.Text));
        console.Write(suites);
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
            : $"Found {report.Found.Hits} of {Figures.Counted(report.Found.Of, "planted case")} (95 %: {Range(report.Found)}); recall over all extracting exchanges {Share(report.ExchangeRecall)}."));
        console.WriteLine(Cells.Plain(
            $"{Figures.Counted(report.FlaggedAccounts, "account")} flagged in {Figures.Counted(report.Campaigns, "campaign")}; of them the operators' own {Share(report.AccountPrecision)}; {Figures.Counted(report.FalseCampaigns.Count, "false campaign")}."));
        var touched = report.Touched.Where(t => t.Touched > 0).ToArray();
        console.WriteLine(Cells.Plain(touched.Length == 0
            ? $"Honest accounts flagged: none of {Figures.Count(report.Touched.Sum(t => t.AccountCount))}."
            : "Honest accounts flagged: " + string.Join(", ", touched.Select(t => $"{t.Kind} {t.Touched} of {t.AccountCount}")) + "."));
        PrintLosses(console, report.Reliability);
    }

    /// <summary>A suite: a row for each mixture; then what went wrong, and how far single fields reach.</summary>
    public static void PrintReport(IAnsiConsole console, SuiteReport report)
    {
        if (report.Runs.Count == 1) PrintScore(console, report.Runs[0].Score);
        else PrintMixtures(console, report);
        PrintRules(console, report);
        PrintRecurrence(console, report);
        if (report.Runs.Count > 1) PrintLosses(console, report.Reliability);
    }

    private static void PrintLosses(IAnsiConsole console, Reliability reliability)
    {
        foreach (var loss in reliability.LogLosses)
        {
            console.WriteLine(Cells.Plain(string.Create(CultureInfo.InvariantCulture,
                $"Log loss of account probabilities, were {loss.Prevalence:P0} of the accounts extracting: {loss.Bits:0.0000} bits an account (saying {loss.Prevalence:P0} of each: {loss.BitsOfAGuess:0.0000}).")));
        }
    }

    private static void PrintMixtures(IAnsiConsole console, SuiteReport report)
    {
        var table = Plain("Mixture").AddColumn(Cells.NumberColumn("Runs")).AddColumn(Cells.NumberColumn("Found (95 %)")).AddColumn(Cells.NumberColumn("Pieces"))
            .AddColumn(Cells.NumberColumn("Recall, worst run")).AddColumn(Cells.NumberColumn("Worst case")).AddColumn(Cells.NumberColumn("Precision")).AddColumn(Cells.NumberColumn("False")).AddColumn(Cells.NumberColumn("Honest flagged"));
        foreach (var m in report.Mixtures.Count > 1 ? report.Mixtures.Append(report.Overall) : report.Mixtures)
        {
            table.AddRow(Cells.Id(m.Label), Cells.Number(Figures.Count(m.Runs)), Cells.Number(Rate(m.Found)), Cells.Number(Figures.Count(m.MostPieces)), Cells.Number(Share(m.WorstRecall)),
                Cells.Number(Share(m.WorstCaseRecall)), Cells.Number(Share(m.Precision.Share)), Cells.Number(Figures.Count(m.FalseCampaigns)), Cells.Number($"{Figures.Count(m.HonestFlagged.Hits)} of {Figures.Count(m.HonestFlagged.Of)}"));
        }

        console.Write(table);
        var missed = report.Cases.Where(c => c.Found.Hits < c.Found.Of).Select(c => $"{c.Case} {c.Found.Hits} of {c.Found.Of}").ToArray();
        if (missed.Length > 0) console.WriteLine(Cells.Plain("Cases not always found: " + string.Join(", ", missed) + "."));
        var quiet = report.Overall.RunsWithFalseCampaign;
        console.WriteLine(Cells.Plain($"Runs with a false campaign: {Rate(quiet)}."));
        var touched = report.Touched.Where(t => t.Touched.Hits > 0).OrderByDescending(t => t.Touched.Hits).Select(t => $"{t.Kind} {Figures.Count(t.Touched.Hits)} of {Figures.Count(t.Touched.Of)}").ToArray();
        if (touched.Length > 0) console.WriteLine(Cells.Plain("Honest accounts flagged: " + string.Join(", ", touched) + "."));
    }

    private static void PrintRules(IAnsiConsole console, SuiteReport report)
    {
        if (report.Overall.AccountRecall.Of == 0) return;
        const int Shown = 10;
        var table = Plain("Accounts by", "As").AddColumn(Cells.NumberColumn("Precision")).AddColumn(Cells.NumberColumn("Recall")).AddColumn(Cells.NumberColumn("F1"));
        var own = new RuleScore("the result scored", "", report.Overall.AccountRecall.Hits, report.Overall.Precision.Of, report.Overall.AccountRecall.Of);
        foreach (var rule in report.Rules.Take(Shown).Prepend(own))
            table.AddRow(Cells.Plain(rule.Rule), Cells.Plain(rule.Kind), Cells.Number(Share(rule.Precision)), Cells.Number(Share(rule.Recall)), Cells.Number(Share(rule.F1)));
        console.Write(table);
        console.WriteLine(Cells.Plain("Each rule has one field and the threshold that is best with the truth in hand: the most that it can reach."));
    }

    private static void PrintRecurrence(IAnsiConsole console, SuiteReport report)
    {
        var campaigns = Sum(report.Recurrence.Where(r => r.Extracts).Select(r => r.WithinKind));
        var honest = Sum(report.Recurrence.Where(r => !r.Extracts && !r.Kind.EndsWith(')')).Select(r => r.WithHonest));
        if (honest.Of > 0)
            console.WriteLine(Cells.Plain($"Items that another account sent as well: {(campaigns.Of > 0 ? $"{Figures.Percent(campaigns.Share)} in campaigns, " : "")}{Figures.Percent(honest.Share)} between honest accounts."));

        static Proportion Sum(IEnumerable<Proportion> parts) => parts.Aggregate(default(Proportion), (sum, part) => sum + part);
    }

    /// <summary>"38 of 40 (0.83 to 0.99)"; small rates with more digits.</summary>
    public static string Rate(Proportion rate) => rate.Of == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{rate.Hits:N0} of {rate.Of:N0} ({Range(rate)})");

    private static string Range(Proportion rate) => rate.High < 0.02
        ? string.Create(CultureInfo.InvariantCulture, $"{rate.Low:0.0000} to {rate.High:0.0000}")
        : string.Create(CultureInfo.InvariantCulture, $"{rate.Low:0.00} to {rate.High:0.00}");

    private static Table Plain(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns) table.AddColumn(Cells.Column(column));
        return table;
    }

    private static string Share(double? share) => share is { } known && !double.IsNaN(known) ? known.ToString("0.000", CultureInfo.InvariantCulture) : "none";
}
