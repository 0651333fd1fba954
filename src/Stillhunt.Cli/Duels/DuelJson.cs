using System.Text.Json.Nodes;
using Stillhunt.Proving;
using Stillhunt.Proving.Duels;

namespace Stillhunt.Cli.Duels;

/// <summary>Duels in the machine-readable form. Shares are of what the operator wanted; what there was none of is null.</summary>
internal static class DuelJson
{
    public static JsonObject Of(IReadOnlyList<PlayedDuel> played) => new() { ["schema"] = "stillhunt.duel/1", ["duels"] = List(played, Duel) };

    private static JsonObject Duel(PlayedDuel played)
    {
        var result = played.Result;
        var options = result.Options;
        return new JsonObject
        {
            ["policy"] = played.Policy, ["scenario"] = options.Range.Scenario, ["seed"] = options.Range.Seed, ["scale"] = options.Range.Scale, ["days"] = options.Range.Days, ["quiet_days"] = options.QuietDays,
            ["evasions"] = EvasionNames.Of(options.Range.Evasions), ["moves"] = MoveNames.Of(options.Moves), ["purse"] = options.Purse,
            ["exchange_count"] = result.ExchangeCount, ["account_count"] = result.AccountCount, ["detection_count"] = played.DetectionCount, ["campaign_count"] = played.Campaigns,
            ["leak"] = result.Leak, ["obtained_share"] = result.ObtainedShare,
            ["honest"] = new JsonObject
            {
                ["request_count"] = result.HonestRequests, ["met_per_10000"] = result.MetPerTenThousand, ["felt_per_10000"] = result.FeltPerTenThousand, ["suspended_account_count"] = result.HonestSuspended,
                ["by_rule"] = ByRule(result.HarmByRule.Select(pair => KeyValuePair.Create(pair.Rule, pair.Harm))),
                ["kinds"] = List(result.Honest, Honest),
            },
            ["cases"] = List(result.Cases, Case),
            ["events"] = new JsonObject(played.Events.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
            ["curve"] = List(result.Curve, moment => new JsonObject
            {
                ["hours"] = moment.Hours, ["obtained_share"] = result.Share(moment.Obtained), ["honest_request_count"] = moment.HonestRequests, ["honest_met_count"] = moment.HonestMet, ["honest_felt_count"] = moment.HonestFelt,
            }),
        };
    }

    private static JsonObject Case(CaseOutcome c) => new()
    {
        ["case"] = c.Case, ["wanted_count"] = c.Wanted, ["attempt_count"] = c.Attempts, ["refused_count"] = c.Refused, ["stripped_count"] = c.Stripped, ["obtained_count"] = c.Obtained,
        ["leak"] = new JsonObject { ["before_detection"] = c.LeakBeforeDetection, ["by_delay"] = c.LeakByDelay, ["by_brake"] = c.LeakByBrake, ["total"] = c.Leak },
        ["before_first_verdict"] = ByStanding(c.Before), ["after_first_verdict"] = ByStanding(c.After), ["obtained_share"] = c.ObtainedShare,
        ["hours_to_detection"] = c.HoursToDetection, ["hours_to_first_verdict"] = c.HoursToVerdict,
        ["account_count"] = c.AccountsUsed, ["burnt_account_count"] = c.AccountsBurnt, ["burnt_per_million"] = c.BurntPerMillion,
        ["moves"] = List(c.Moves, move => new JsonObject { ["at"] = Time(move.AtMs), ["move"] = move.Move }),
        ["displacement"] = List(c.Displaced, d => new JsonObject
        {
            ["action"] = d.Action, ["at"] = Time(d.AtMs), ["rate_after"] = d.Rate,
            ["by_origin"] = new JsonObject(Enum.GetValues<AccountOrigin>().Select(origin => KeyValuePair.Create(Id(origin.ToString()), (JsonNode?)d.ByOrigin[(int)origin]))),
        }),
    };

    private static JsonObject Honest(HonestOutcome h) => new()
    {
        ["kind"] = h.Kind, ["request_count"] = h.Requests, ["met_count"] = h.Met, ["felt_count"] = h.Felt, ["met_account_count"] = h.AccountsMet, ["suspended_account_count"] = h.AccountsSuspended,
        ["by_action"] = new JsonObject(h.ByAction.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))), ["by_rule"] = ByRule(h.ByRule),
    };

    private static JsonObject ByRule(IEnumerable<KeyValuePair<string, RuleHarm>> harm) =>
        new(harm.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)new JsonObject { ["met_count"] = pair.Value.Met, ["felt_count"] = pair.Value.Felt })));

    private static JsonObject ByStanding(IReadOnlyList<long> counts) =>
        new(Enum.GetValues<Standing>().Select(standing => KeyValuePair.Create(Id(standing.ToString()), (JsonNode?)counts[(int)standing])));

    /// <summary>"HeldByBrake" as <c>held_by_brake</c>.</summary>
    internal static string Id(string name) => string.Concat(name.Select((c, i) => char.IsAsciiLetterUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));

    private static string Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static JsonArray List<T>(IEnumerable<T> of, Func<T, JsonNode?> each) => [.. of.Select(each)];
}
