using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Stillhunt.Campaigns;
using Stillhunt.Cli.Files;
using Stillhunt.Ledger;
using Stillhunt.Profiles;
using Stillhunt.Reporting.Text;
using Stillhunt.Response;
using Stillhunt.Server;
using Stillhunt.Server.Decisions;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt policy</c>: check a policy, and see on the history whom it would have touched.</summary>
internal static class PolicyCommand
{
    public static Command Make(CancellationToken interrupted) => new TaughtCommand("policy",
        "Check a policy, and see whom it would have touched before it is enabled.",
        """
        Examples:
          stillhunt policy check policies/enforce.yaml
          stillhunt policy backtest policies/enforce.yaml --store stillhunt.db
        """)
    {
        Check(), Backtest(interrupted),
    };

    private static Command Check()
    {
        var file = new FileArgument<string>("FILE", FileUse.Read) { Description = "The policy, YAML." };
        var json = new JsonOption("Write the faults as JSON", OutputForm.Json("valid"));
        var command = new Command("check", "Read a policy and tell everything that is wrong with it, with lines. Exit code 2 if anything is.") { file };
        json.AddTo(command);
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file)!;
            var policy = PolicyFile.Load(path, out var faults);
            var taken = json.Write(parsed, () => new JsonObject
            {
                ["valid"] = policy is not null,
                ["faults"] = new JsonArray([.. faults.Select(fault => (JsonNode)new JsonObject { ["line"] = fault.Line, ["field"] = fault.Field, ["text"] = fault.Text })]),
            });
            if (policy is null)
            {
                if (!taken) throw YamlFaults.Tell(path, faults);
                return ExitCodes.Usage;
            }

            if (!taken) Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: mode {(policy.Enforce ? "enforce" : "shadow")}, {policy.CampaignRules.Count} rules about campaigns, {policy.AccessRules.Count} about access."));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Backtest(CancellationToken interrupted)
    {
        var file = new FileArgument<string>("FILE", FileUse.Read) { Description = "The policy, YAML." };
        var store = new StoreOption();
        var json = new JsonOption("Write the result as JSON", OutputForm.Json("days"));
        var leaveOut = new LeaveOutOption();
        var prevalence = new PrevalenceOption();
        var command = new Command("backtest",
            "Replay the traffic that a store keeps, day by day, and show whom the policy would have touched, by rule: without delay and hold-out, so the most that it can do. Detection runs once for each day.") { file };
        store.AddTo(command);
        json.AddTo(command);
        leaveOut.AddTo(command);
        prevalence.AddTo(command);
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file)!;
            var left = leaveOut.Read(parsed);
            var calibration = prevalence.Read(parsed);
            if (PolicyFile.Load(path, out var faults) is not { } policy) throw YamlFaults.Tell(path, faults);
            using var opened = store.Open(parsed);
            var hash = store.Key(parsed);
            var accounts = new AccountBook(opened.Accounts, opened.Decisions, TimeProvider.System);
            accounts.Load();
            var result = Interruption.Run(() => PolicyBacktest.Run(opened.Exchanges.Load(), accounts.Known(), opened.Campaigns.Load(), policy, hash, opened.Decisions.LoadReversals(), left, (day, number, of) => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"stillhunt: replaying {day}, day {number} of {of}")), calibration), interrupted);
            if (json.Write(parsed, () => Json(result))) return ExitCodes.Done;
            Print(result);
            return ExitCodes.Done;
        });
        return command;
    }

    private static JsonObject Json(BacktestResult result) => new()
    {
        ["days"] = result.DayCount,
        ["accounts"] = result.AccountCount,
        ["touched_count"] = result.TouchedCount,
        ["touched_verified_count"] = result.TouchedVerifiedCount,
        ["rules"] = new JsonArray([.. result.Rules.Select(rule => (JsonNode)new JsonObject
        {
            ["rule"] = rule.Rule, ["action"] = rule.Action.Id(), ["campaign_rule"] = rule.OfCampaign, ["account_count"] = rule.AccountCount, ["verified_count"] = rule.VerifiedCount,
            ["entitled_count"] = rule.EntitledCount, ["campaigns"] = new JsonArray([.. rule.Campaigns.Select(id => JsonValue.Create(id))]), ["passing_campaign_count"] = rule.PassingCampaignCount, ["first_day"] = rule.FirstDay, ["held_by_brake_count"] = rule.HeldByBrakeCount,
            ["accounts"] = new JsonArray([.. rule.Accounts.Select(id => JsonValue.Create(id))]),
        })]),
    };

    private static void Print(BacktestResult result)
    {
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.DayCount} days, {result.AccountCount} accounts. At most this would have been done (delay and hold-out leave out, the brake as shown):"));
        foreach (var rule in result.Rules)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{OutputText.Terminal(rule.Rule, 40),-30} {rule.Action.Id(),-18} {rule.AccountCount,7} accounts, {rule.VerifiedCount} verified, {rule.EntitledCount} entitled{(rule.FirstDay is { } day ? $", from {day}" : "")}{(rule.HeldByBrakeCount > 0 ? $"; the brake holds {rule.HeldByBrakeCount} for approval" : "")}"));
            if (rule.Campaigns.Count + rule.PassingCampaignCount > 0)
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    campaigns: {string.Join(' ', rule.Campaigns)}{(rule.PassingCampaignCount > 0 ? $"{(rule.Campaigns.Count > 0 ? ", " : "")}{rule.PassingCampaignCount} that only a part of the history shows" : "")}"));
        }

        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Together {result.TouchedCount} accounts, {result.TouchedVerifiedCount} of them verified, would have been touched by an action that a customer could notice."));
    }
}
