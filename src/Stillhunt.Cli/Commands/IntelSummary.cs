using System.Globalization;
using Stillhunt.Campaigns;
using Stillhunt.Reporting;

namespace Stillhunt.Cli.Commands;

/// <summary>What became of the indicators of others, in a few lines on standard error; all of it stands in campaigns.json.</summary>
internal static class IntelSummary
{
    private const int MostAccounts = 5;

    public static void Tell(IntelResult intel)
    {
        var used = intel.Indicators.Count(indicator => indicator.Status == "used");
        var rest = intel.Indicators.Where(indicator => indicator.Status != "used").GroupBy(indicator => indicator.Status, StringComparer.Ordinal).OrderByDescending(group => group.Count())
            .Select(group => $"{group.Count().ToString("N0", CultureInfo.InvariantCulture)} {group.Key}").ToList();
        ExitCodes.Error($"intelligence: {Figures.Counted(intel.Indicators.Count, "indicator")}, {Figures.Count(used)} used{(rest.Count == 0 ? "" : "; not used: " + string.Join(", ", rest))}.");
        foreach (var rejected in intel.Indicators.Where(indicator => indicator.Status is "too-common" or "hits-trusted").Take(MostAccounts))
            ExitCodes.Error($"intelligence: {rejected.Kind} of {rejected.Source}, {rejected.Id}: {rejected.Text}");
        ExitCodes.Error($"intelligence: {Figures.Counted(intel.Accounts.Count, "account")} matched. A match raises suspicion and convicts nobody.");
        foreach (var account in intel.Accounts.Take(MostAccounts))
            ExitCodes.Error($"  {account.Id}: {Figures.Bits(account.Bits)} bits, {Figures.Counted(account.ExchangeCount, "exchange")} since {account.First}, by {string.Join(" and ", account.Senders)}");
    }
}
