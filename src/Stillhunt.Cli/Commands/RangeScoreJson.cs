using System.Text.Json.Nodes;
using Stillhunt.Proving;

namespace Stillhunt.Cli.Commands;

/// <summary>A score in the machine-readable form.</summary>
internal static class RangeScoreJson
{
    public static JsonObject Of(RangeReport report) => new()
    {
        ["schema"] = "stillhunt.score/1",
        ["cases"] = new JsonArray([.. report.Cases.Select(c => new JsonObject
        {
            ["case"] = c.Case, ["found"] = c.Found, ["pieces"] = c.Pieces, ["exchange_recall"] = c.ExchangeRecall, ["account_recall"] = c.AccountRecall,
            ["account_count"] = c.AccountCount, ["extracting_count"] = c.ExtractingCount,
        })]),
        ["exchange_recall"] = report.ExchangeRecall,
        ["account_precision"] = report.AccountPrecision,
        ["flagged_account_count"] = report.FlaggedAccounts,
        ["campaign_count"] = report.Campaigns,
        ["false_campaigns"] = Names(report.FalseCampaigns),
        ["touched"] = new JsonArray([.. report.Touched.Select(t => new JsonObject { ["kind"] = t.Kind, ["touched_count"] = t.Touched, ["account_count"] = t.AccountCount })]),
        ["unknown_accounts"] = Names(report.UnknownAccounts),
    };

    private static JsonArray Names(IEnumerable<string> names) => [.. names.Select(name => JsonValue.Create(name))];
}
