using System.Text.Json.Nodes;
using Stillhunt.Proving;
using Stillhunt.Proving.Suites;
using static Stillhunt.Cli.Commands.RangeScoreJson;

namespace Stillhunt.Cli.Commands;

/// <summary>A suite's report in the machine-readable form. What nothing is known of is null.</summary>
internal static class RangeReportJson
{
    public static JsonObject Of(SuiteReport report) => new()
    {
        ["schema"] = "stillhunt.range-report/1",
        ["suite"] = report.Suite,
        ["overall"] = Mixture(report.Overall),
        ["mixtures"] = List(report.Mixtures, Mixture),
        ["cases"] = List(report.Cases, c => new JsonObject { ["case"] = c.Case, ["found"] = Rate(c.Found), ["mean_exchange_recall"] = Number(c.MeanRecall) }),
        ["touched"] = List(report.Touched, t => new JsonObject { ["kind"] = t.Kind, ["flagged"] = Rate(t.Touched), ["run_count"] = t.RunsTouched }),
        ["reliability"] = RangeScoreJson.Reliability(report.Reliability),
        ["detection"] = List(report.Curves, c => new JsonObject
        {
            ["by"] = c.By, ["bins"] = List(c.Bins, b => new JsonObject { ["from"] = b.From, ["to"] = b.To >= 1e9 ? null : b.To, ["found"] = Rate(b.Found), ["mean_exchange_recall"] = Number(b.MeanRecall) }),
        }),
        ["rules"] = List(report.Rules, r => new JsonObject
        {
            ["rule"] = r.Rule, ["kind"] = r.Kind, ["precision"] = Number(r.Precision), ["recall"] = Number(r.Recall), ["f1"] = Number(r.F1), ["flagged_account_count"] = r.Flagged, ["extracting_account_count"] = r.Extracting,
        }),
        ["recurrence"] = List(report.Recurrence, r => new JsonObject
        {
            ["kind"] = r.Kind, ["extracts"] = r.Extracts, ["exchange_count"] = r.ExchangeCount, ["within_kind"] = Number(r.WithinKind.Share), ["with_honest"] = Number(r.WithHonest.Share),
        }),
        ["runs"] = List(report.Runs, Run),
    };

    private static JsonObject Mixture(MixtureSummary m) => new()
    {
        ["label"] = m.Label, ["run_count"] = m.Runs, ["found"] = Rate(m.Found), ["most_pieces"] = m.MostPieces, ["worst_exchange_recall"] = Number(m.WorstRecall),
        ["mean_exchange_recall"] = Number(m.MeanRecall), ["worst_case_exchange_recall"] = Number(m.WorstCaseRecall), ["account_precision"] = Rate(m.Precision), ["account_recall"] = Rate(m.AccountRecall),
        ["false_campaign_count"] = m.FalseCampaigns, ["runs_with_false_campaign"] = Rate(m.RunsWithFalseCampaign), ["honest_flagged"] = Rate(m.HonestFlagged),
    };

    private static JsonObject Run(SuiteRun run) => new()
    {
        ["label"] = run.Label, ["scenario"] = run.Options.Scenario, ["seed"] = run.Options.Seed, ["scale"] = run.Options.Scale, ["days"] = run.Options.Days, ["honest"] = run.Options.HonestAccounts,
        ["evasions"] = EvasionNames.Of(run.Options.Evasions), ["format"] = run.Options.Format.ToString().ToLowerInvariant(),
        ["exchange_count"] = run.ExchangeCount, ["account_count"] = run.AccountCount, ["score"] = RangeScoreJson.Of(run.Score),
    };

    private static JsonArray List<T>(IEnumerable<T> of, Func<T, JsonNode?> each) => [.. of.Select(each)];
}
