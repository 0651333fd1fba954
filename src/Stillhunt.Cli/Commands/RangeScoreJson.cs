using System.Text.Json.Nodes;
using Stillhunt.Proving;
using Stillhunt.Proving.Suites;

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
        ["found"] = Rate(report.Found),
        ["exchange_recall"] = report.ExchangeRecall,
        ["account_recall"] = Rate(report.AccountRecall),
        ["account_precision"] = report.AccountPrecision,
        ["flagged_account_count"] = report.FlaggedAccounts,
        ["campaign_count"] = report.Campaigns,
        ["false_campaigns"] = Names(report.FalseCampaigns),
        ["touched"] = new JsonArray([.. report.Touched.Select(t => new JsonObject { ["kind"] = t.Kind, ["touched_count"] = t.Touched, ["account_count"] = t.AccountCount })]),
        ["honest_flagged"] = Rate(report.HonestFlagged),
        ["unknown_accounts"] = Names(report.UnknownAccounts),
        ["reliability"] = Reliability(report.Reliability),
    };

    public static JsonObject Reliability(Reliability reliability) => new()
    {
        ["bins"] = new JsonArray([.. reliability.Bins.Select(b => new JsonObject { ["from"] = b.From, ["to"] = b.To, ["said"] = Number(b.Said), ["extracting"] = Rate(b.Extracting) })]),
        ["log_loss"] = new JsonArray([.. reliability.LogLosses.Select(l => new JsonObject { ["prevalence"] = l.Prevalence, ["bits"] = l.Bits, ["bits_of_a_guess"] = l.BitsOfAGuess })]),
    };

    public static JsonObject Rate(Proportion rate) => new() { ["hits"] = rate.Hits, ["of"] = rate.Of, ["share"] = Number(rate.Share), ["low"] = rate.Low, ["high"] = rate.High };

    public static JsonValue? Number(double number) => double.IsNaN(number) ? null : JsonValue.Create(number);

    private static JsonArray Names(IEnumerable<string> names) => [.. names.Select(name => JsonValue.Create(name))];
}
