using System.Globalization;
using Stillhunt.Campaigns;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Reporting;

/// <summary>
/// The account list to act on: one row per account of every flagged campaign that is likelier the operator's than not. RFC 4180 with CRLF;
/// text is quoted and disarmed for spreadsheets, so an id that starts like a formula carries an apostrophe here and its exact form in campaigns.json.
/// </summary>
public static class AccountCsv
{
    /// <summary>Membership below this is not acted on (DESIGN.md, section 7: flagged).</summary>
    internal const double LeastProbability = 0.5;

    public static void Write(TextWriter to, ScanResult result)
    {
        to.Write("campaign,confidence,account,source,end_user,key,probability,exchange_count,extracting_count\r\n");
        foreach (var campaign in result.Campaigns)
        {
            var (id, confidence) = (OutputText.Csv(campaign.Id), Number(campaign.Confidence));
            foreach (var account in campaign.Accounts)
            {
                if (account.Probability >= LeastProbability)
                    to.Write($"{id},{confidence},{Row(account)}\r\n");
            }
        }
    }

    /// <summary>Unknown is an empty field.</summary>
    private static string Row(CampaignAccount account) => string.Create(
        CultureInfo.InvariantCulture,
        $"{OutputText.Csv(account.Id)},{OutputText.Csv(account.Source)},{Optional(account.EndUser)},{Optional(account.Key)},{Number(account.Probability)},{account.ExchangeCount},{account.ExtractingCount}");

    private static string Optional(string? text) => text is null ? "" : OutputText.Csv(text);

    private static string Number(double number) => number.ToString("0.######", CultureInfo.InvariantCulture);
}
