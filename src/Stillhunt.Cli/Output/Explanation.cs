using Spectre.Console;
using Stillhunt.Campaigns;
using Stillhunt.Reporting;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Cli.Output;

/// <summary><c>stillhunt explain</c>: why a campaign or an account is where it is.</summary>
internal static class Explanation
{
    /// <summary>False, with a message and near ids, if nothing has the id.</summary>
    /// <param name="errors">Takes that message; null for the same console.</param>
    public static bool Print(IAnsiConsole console, ScanResult result, string campaignOrAccountId, IAnsiConsole? errors = null)
    {
        foreach (var (campaigns, flagged) in new[] { (result.Campaigns, true), (result.Suspected, false) })
        {
            if (campaigns.FirstOrDefault(c => c.Id == campaignOrAccountId) is { } campaign)
            {
                CampaignExplanation.Print(console, campaign, flagged);
                return true;
            }
        }

        if (AccountExplanation.Print(console, result, campaignOrAccountId))
            return true;
        PrintUnknown(errors ?? console, result, campaignOrAccountId);
        return false;
    }

    private static void PrintUnknown(IAnsiConsole console, ScanResult result, string id)
    {
        console.WriteLine(Cells.Plain($"No campaign and no account of a campaign or cleared group has the id \"{Shown(id)}\"."));
        console.WriteLine(Cells.Soft(Wording.Unlisted(result)));
        var near = NearIds.Of(result, id);
        if (near.Count == 0)
            return;
        console.WriteLine(Cells.Plain("Similar ids:"));
        foreach (var candidate in near)
            console.WriteLine(Cells.Plain("  " + Shown(candidate)));
    }

    private static string Shown(string id) => OutputText.Terminal(id, OutputText.IdLimit);
}
