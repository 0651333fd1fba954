using Spectre.Console;
using Stillhunt.Ingest;
using Stillhunt.Reporting;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Cli.Output;

/// <summary>What the first records of a log show, as a person reads it.</summary>
internal static class InspectionTable
{
    private const int MostReasons = 8;

    /// <param name="options">How the log was read: what can be done about refused records depends on it.</param>
    public static void Print(IAnsiConsole console, LogInspection seen, LogScanOptions options)
    {
        console.WriteLine(Cells.Heading($"{OutputText.Terminal(seen.Path, 200)}: {Figures.Counted(seen.RecordCount, "record")} looked at, {Figures.Counted(seen.ExchangeCount, "exchange")} of {Figures.Counted(seen.AccountCount, "account")}"));
        foreach (var format in seen.Formats)
            console.WriteLine(Cells.Plain($"format: {format.Name}, {Figures.Percent(format.Share)} of the records"));
        if (seen.AccountRule is not null)
            console.WriteLine(Cells.Plain($"account: {seen.AccountRule}{(seen.AccountExample is null ? "" : $"; the first is {OutputText.Terminal(seen.AccountExample, OutputText.IdLimit)}")}"));
        if (seen.ExchangeCount > 0)
            PrintFields(console, seen);
        foreach (var refused in seen.Rejections.Take(MostReasons))
            console.WriteLine(Cells.Plain(Refusal.Describe(refused.Reason, refused.Field, Figures.Counted(refused.RecordCount, "record"), refused.First, options)));
        if (seen.Rejections.Count > MostReasons)
            console.WriteLine(Cells.Plain($"and {Figures.Counted(seen.Rejections.Count - MostReasons, "more reason")}; --json lists all."));
        PrintCounts(console, "Of the wrong type, dropped", seen.DroppedFields);
        if (!seen.OneIdentityDominates)
            return;
        console.WriteLine();
        console.WriteLine(Cells.Plain(
            $"Warning: {Figures.Percent(seen.LargestAccountShare)} of the exchanges are of one account, {OutputText.Terminal(seen.LargestAccount, OutputText.IdLimit)}. "
            + "If that is a gateway and not a customer, name the customer's field with --account-field."));
    }

    private static void PrintFields(IAnsiConsole console, LogInspection seen)
    {
        console.WriteLine();
        var known = seen.Fields.Where(field => field.Share > 0).Select(field => field.Share >= 0.9995 ? field.Name : $"{field.Name} ({Figures.Percent(field.Share)})");
        console.WriteLine(Cells.Plain("Fields: " + string.Join(", ", known)));
        if (seen.Missing.Count == 0)
            return;
        console.WriteLine(Cells.Plain("Missing, so the evidence that needs them is unknown:"));
        foreach (var name in seen.Missing)
            console.WriteLine(Cells.Soft($"  {name}: {Glossary.Absence(name)}"));
        foreach (var mapped in seen.EmptyMappings)
            console.WriteLine(Cells.Plain($"Warning: the mapping says that {mapped.Field} stands in '{OutputText.Terminal(mapped.Path, 200)}', and none of these records holds anything there. Is the name spelt as in the log?"));
    }

    private static void PrintCounts(IAnsiConsole console, string what, IReadOnlyDictionary<string, long> counts)
    {
        if (counts.Count > 0)
            console.WriteLine(Cells.Plain($"{what}: {string.Join(", ", counts.OrderByDescending(pair => pair.Value).Take(8).Select(pair => $"{Figures.Count(pair.Value)} {OutputText.Terminal(pair.Key, 60)}"))}"));
    }
}
