using Spectre.Console;
using Stillhunt.Campaigns;
using Stillhunt.Reporting;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Cli.Output;

/// <summary>Which campaign an account is in, how surely, and what it shares with the others; or the group that it was cleared with.</summary>
internal static class AccountExplanation
{
    private const int MostShared = 12;

    /// <summary>False if the result doesn't mention the account.</summary>
    public static bool Print(IAnsiConsole console, ScanResult result, string id)
    {
        var found = false;
        foreach (var campaign in result.Campaigns.Concat(result.Suspected))
        {
            for (var i = 0; i < campaign.Accounts.Count; i++)
            {
                // The same id can come from several sources, and an account can be in a flagged campaign and suspected of another.
                if (campaign.Accounts[i].Id != id && campaign.Accounts[i].EndUser != id)
                    continue;
                found = true;
                PrintMember(console, campaign, i, result.Campaigns.Contains(campaign));
            }
        }

        foreach (var group in result.Cleared.Where(group => group.Accounts.Contains(id)))
        {
            found = true;
            console.WriteLine();
            console.WriteLine(Cells.Heading($"Account {Shown(id)}: cleared as {OutputText.Terminal(Glossary.Lookalike(group.Lookalike), 80)}"));
            console.WriteLine(Cells.Plain($"One of {Figures.Counted(group.AccountCount, "account")} with {Figures.Counted(group.ExchangeCount, "exchange")}. {OutputText.Terminal(group.Text, 800)}"));
        }

        return found;
    }

    private static void PrintMember(IAnsiConsole console, Campaign campaign, int position, bool flagged)
    {
        var account = campaign.Accounts[position];
        console.WriteLine();
        console.WriteLine(Cells.Heading($"Account {Shown(account.Id)} (source {OutputText.Terminal(account.Source, 40)})"));
        console.WriteLine(Cells.Plain(
            $"In {(flagged ? "campaign" : "suspected campaign")} {Shown(campaign.Id)} (confidence {Figures.Probability(campaign.Confidence)}). "
            + $"The {(account.EndUser is null ? "account" : $"end user {Shown(account.EndUser)}, and not the account,")} is the operator's with a probability of {Figures.Probability(account.Probability)}; "
            + $"{Figures.Count(account.ExtractingCount)} of its {Figures.Counted(account.ExchangeCount, "exchange")} belong to the campaign."));
        if (account.MeansBits is { } means)
            console.WriteLine(Cells.Plain($"Its registration, network and client {(means > 0 ? "fit those of the other accounts" : "are not those of the other accounts")}: {Figures.Bits(means)} bits to what its wording says."));
        if (account.EndUser is not null || account.Key is not null)
            console.WriteLine(Cells.Soft($"End user: {Shown(account.EndUser ?? "unknown")}; key: {Shown(account.Key ?? "unknown")}"));
        PrintShared(console, campaign, position);
        console.WriteLine(Cells.Soft($"The evidence: stillhunt explain {Shown(campaign.Id)}"));
    }

    private static void PrintShared(IAnsiConsole console, Campaign campaign, int position)
    {
        var shared = campaign.Shared.Where(value => value.Accounts.Contains(position)).OrderBy(value => value.AccountCount).ToArray();
        if (shared.Length == 0)
        {
            console.WriteLine(Cells.Plain(campaign.Accounts.Count switch
            {
                1 => "It is the only account, so it shares nothing: its own work carries the evidence.",
                > Wording.MostListedAccounts => $"The result names only the first {Wording.MostListedAccounts} accounts of each shared value, and this one is not among them.",
                _ => "The result lists no value that it shares with the other accounts.",
            }));
            return;
        }

        console.WriteLine(Cells.Plain("What it shares with other accounts of the campaign:"));
        foreach (var value in shared.Take(MostShared))
            console.WriteLine(Cells.Plain($"  {OutputText.Terminal(value.Kind, 40)}: {OutputText.Terminal(value.Label, 120)} (with {Figures.Counted(Math.Max(0, value.AccountCount - 1), "other")})"));
        if (shared.Length > MostShared)
            console.WriteLine(Cells.Soft($"  and {Figures.Counted(shared.Length - MostShared, "more value")}"));
    }

    private static string Shown(string id) => OutputText.Terminal(id, OutputText.IdLimit);
}
