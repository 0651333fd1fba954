using System.CommandLine;
using Stillhunt.Proving;

namespace Stillhunt.Cli.Commands;

/// <summary>What <c>range make</c> and <c>range run</c> share: which traffic to make.</summary>
internal sealed class RangeOptionSet
{
    private static readonly RangeOptions Defaults = new();

    private readonly Argument<string> _scenario = new("SCENARIO") { Description = "A name that 'stillhunt range list' shows.", DefaultValueFactory = _ => Defaults.Scenario };
    private readonly Option<double> _scale = new("--scale") { Description = "Share of each case's published size; 1 is what was reported. Below a case's floor the floor counts.", DefaultValueFactory = _ => Defaults.Scale, HelpName = "S" };
    private readonly Option<long> _seed = new("--seed") { Description = "Seed of every random choice: the same options give the same bytes.", DefaultValueFactory = _ => Defaults.Seed, HelpName = "N" };
    private readonly Option<double> _days = new("--days") { Description = "Days of traffic.", DefaultValueFactory = _ => Defaults.Days, HelpName = "D" };
    private readonly Option<int?> _honest = new("--honest") { Description = "Honest accounts. Default: as many as make three honest exchanges for each extracting one, at least 800.", HelpName = "N" };
    private readonly Option<string> _evade = new("--evade")
    {
        Description = "What operators do to stay unseen, with commas: " + string.Join(", ", EvasionNames.Each.Select(EvasionNames.Of)) + "; or all.", DefaultValueFactory = _ => "", HelpName = "NAME,...",
    };

    private readonly Option<string> _format = new("--format") { Description = "native, litellm, bedrock or otlp; only native comes with an accounts file.", DefaultValueFactory = _ => "native", HelpName = "NAME" };
    private readonly Option<string?> _prompts = new("--prompts") { Description = "A folder of JSON Lines with real prompts, drawn from by operators and honest people alike.", HelpName = "DIR" };
    private readonly Option<string> _truth = new("--truth") { Description = "What the truth lists: accounts, or exchanges (also each extracting exchange).", DefaultValueFactory = _ => "accounts", HelpName = "accounts|exchanges" };
    private readonly Option<bool> _zip = new("--gz") { Description = "Write traffic.jsonl.gz." };

    public void AddTo(Command command)
    {
        command.Add(_scenario);
        foreach (var option in new Option[] { _scale, _seed, _days, _honest, _evade, _format, _prompts, _truth, _zip }) command.Add(option);
    }

    /// <exception cref="UsageException">A name is not known.</exception>
    /// <exception cref="RangeUsageException">A number is out of its range.</exception>
    public RangeOptions Read(ParseResult parsed)
    {
        var truth = parsed.GetValue(_truth);
        if (truth is not ("accounts" or "exchanges")) throw new UsageException($"--truth takes accounts or exchanges, not '{truth}'.");
        var format = parsed.GetValue(_format);
        if (!Enum.TryParse<TrafficFormat>(format, ignoreCase: true, out var written) || int.TryParse(format, out _))
            throw new UsageException($"The range writes native, litellm, bedrock or otlp, not '{format}'.");
        var options = new RangeOptions
        {
            Scenario = parsed.GetValue(_scenario)!, Scale = parsed.GetValue(_scale), Seed = parsed.GetValue(_seed), Days = parsed.GetValue(_days),
            HonestAccounts = parsed.GetValue(_honest), Evasions = EvasionNames.Read(parsed.GetValue(_evade)!), Format = written,
            PromptFolder = parsed.GetValue(_prompts), TruthExchanges = truth == "exchanges", Compress = parsed.GetValue(_zip),
        };
        options.Validate();
        return options;
    }
}
