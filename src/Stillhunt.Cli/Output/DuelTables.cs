using System.Globalization;
using Spectre.Console;
using Stillhunt.Cli.Duels;
using Stillhunt.Proving.Duels;
using Stillhunt.Reporting;

namespace Stillhunt.Cli.Output;

/// <summary>Duels as a person reads them.</summary>
internal static class DuelTables
{
    public static void Print(IAnsiConsole console, IReadOnlyList<PlayedDuel> played)
    {
        foreach (var duel in played) PrintDuel(console, duel);
        if (played.Count < 2) return;
        var table = Numbers("Policy and seed", "Leak", "Obtained", "Honest met", "felt", "suspended");
        foreach (var duel in played)
        {
            table.AddRow(Cells.Id($"{duel.Policy} {duel.Result.Options.Range.Seed}"), Share(duel.Result.Leak), Share(duel.Result.ObtainedShare), Figure(duel.Result.MetPerTenThousand), Figure(duel.Result.FeltPerTenThousand),
                Cells.Number(Figures.Count(duel.Result.HonestSuspended)));
        }

        console.Write(table);
        console.WriteLine(Cells.Plain("Honest met and felt: of 10,000 honest requests."));
    }

    private static void PrintDuel(IAnsiConsole console, PlayedDuel duel)
    {
        var result = duel.Result;
        console.WriteLine(Cells.Heading(string.Create(CultureInfo.InvariantCulture,
            $"{duel.Policy}, {result.Options.Range.Scenario}, seed {result.Options.Range.Seed}: {result.ExchangeCount:N0} exchanges, {result.AccountCount:N0} accounts, {duel.DetectionCount} detections, {duel.Took.TotalSeconds:0} s")));
        var table = Numbers("Case", "Wanted", "Leak", "unseen", "delay", "brake", "Obtained", "Hours", "Accounts", "Burnt", "a million");
        foreach (var c in result.Cases)
        {
            table.AddRow(Cells.Id(c.Case), Cells.Number(Figures.Count(c.Wanted)), Share(c.Leak), Share(c.LeakBeforeDetection), Share(c.LeakByDelay), Share(c.LeakByBrake), Share(c.ObtainedShare),
                Figure(c.HoursToVerdict), Cells.Number(Figures.Count(c.AccountsUsed)), Cells.Number(Figures.Count(c.AccountsBurnt)), Figure(c.BurntPerMillion, "N0"));
        }

        if (result.Cases.Count > 0) console.Write(table);
        foreach (var c in result.Cases)
        {
            foreach (var d in c.Displaced) console.WriteLine(Cells.Plain(Sentence(c, d)));
            if (c.Moves.Count > 0) console.WriteLine(Cells.Plain($"{c.Case} answered with: {string.Join("; ", c.Moves.Select(move => move.Move))}."));
        }

        console.WriteLine(Cells.Plain(HonestSentence(result)));
        var met = result.Honest.Where(h => h.Met > 0).OrderByDescending(h => h.Met).ToList();
        if (met.Count == 0) return;
        console.WriteLine(Cells.Plain(RuleSentence(result)));
        var kinds = Numbers("Honest kind", "Requests", "Met", "Felt", "Accounts met", "Suspended");
        foreach (var h in met)
        {
            kinds.AddRow(Cells.Id(h.Kind), Cells.Number(Figures.Count(h.Requests)), Cells.Number(Figures.Count(h.Met)), Cells.Number(Figures.Count(h.Felt)), Cells.Number(Figures.Count(h.AccountsMet)),
                Cells.Number(Figures.Count(h.AccountsSuspended)));
        }

        console.Write(kinds);
    }

    /// <summary>What became of the campaign's takings after an action first cost it anything.</summary>
    public static string Sentence(CaseOutcome c, Displacement d)
    {
        var origins = Enum.GetValues<AccountOrigin>().Where(origin => d.ByOrigin[(int)origin] > 0)
            .Select(origin => string.Create(CultureInfo.InvariantCulture, $"over {Named(origin)} {Figures.Percent(d.ByOrigin[(int)origin])}"));
        var rate = d.Rate is { } known ? $"{Figures.Percent(known)} of its rate before" : "what it obtained, with nothing before to compare it with";
        return $"{c.Case}, 12 hours after the first {d.Action}: {rate}{(d.ByOrigin.Sum() > 0 ? "; of that " + string.Join(", ", origins) : "")}.";
    }

    public static string HonestSentence(DuelResult result) => string.Create(CultureInfo.InvariantCulture,
        $"Of {result.HonestRequests:N0} honest requests {result.Honest.Sum(h => h.Met):N0} were of accounts under an action ({result.MetPerTenThousand:0.00} of 10,000) and {result.Honest.Sum(h => h.Felt):N0} were refused or answered with less ({result.FeltPerTenThousand:0.00}); {result.HonestSuspended} honest accounts suspended.");

    /// <summary>Which rules of the policy honest customers met.</summary>
    public static string RuleSentence(DuelResult result) => result.HarmByRule.Count == 0 ? "No rule met an honest customer."
        : "By the policy's rule: " + string.Join("; ", result.HarmByRule.Select(pair => $"{pair.Rule} met {Figures.Count(pair.Harm.Met)} honest requests and was felt by {Figures.Count(pair.Harm.Felt)}")) + ".";

    private static string Named(AccountOrigin origin) => origin switch
    {
        AccountOrigin.First => "its first accounts", AccountOrigin.Replacement => "replacements", AccountOrigin.SecondPool => "the second pool", _ => "probes",
    };

    private static Table Numbers(string first, params string[] others)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(Cells.Column(first));
        foreach (var column in others) table.AddColumn(Cells.NumberColumn(column));
        return table;
    }

    private static Text Share(double share) => Cells.Number(share.ToString("0.000", CultureInfo.InvariantCulture));

    private static Text Figure(double? figure, string format = "0.00") => Cells.Number(figure?.ToString(format, CultureInfo.InvariantCulture) ?? "none");
}
