using System.CommandLine;
using Stillhunt.Cli.Files;
using Stillhunt.Proving;

namespace Stillhunt.Cli.Commands;

/// <summary>What <c>range make</c>, <c>run</c> and <c>duel</c> share: which traffic to make. An option that is not given leaves what the scenario or suite says.</summary>
/// <param name="writesFiles">Whether traffic is written, in a format that can be chosen; a duel is fought in memory.</param>
internal sealed class RangeOptionSet(bool writesFiles = true)
{
    private readonly Option<double?> _scale = new("--scale") { Description = "Share of each case's published size; 1 is what was reported. Below a case's floor the floor counts. Default 0.0003.", HelpName = "S" };
    private readonly Option<double?> _days = new("--days") { Description = "Days of traffic. Default 5.", HelpName = "D" };
    private readonly Option<int?> _honest = new("--honest") { Description = "Honest accounts. Default: as many as make three honest exchanges for each extracting one, at least 800.", HelpName = "N" };
    private readonly Option<string?> _evade = new("--evade")
    {
        Description = "What operators do to stay unseen, with commas: " + string.Join(", ", EvasionNames.Each.Select(EvasionNames.Of)) + "; or all.", HelpName = "NAME,...",
    };

    private readonly Option<string?> _format = new("--format") { Description = "native, litellm, bedrock or otlp; only native comes with an accounts file. Default native.", HelpName = "NAME" };
    private readonly FileOption<string?> _prompts = new("--prompts", FileUse.Read) { Description = "A folder of JSON Lines with real prompts, drawn from by operators and honest people alike.", HelpName = "DIR" };
    private readonly Option<bool> _zip = new("--gz") { Description = "Write traffic.jsonl.gz." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _scale, _days, _honest, _evade, _prompts }) command.Add(option);
        if (!writesFiles) return;
        command.Add(_format);
        command.Add(_zip);
    }

    /// <summary>The options with what the user said about them; evasions are added to those that are there.</summary>
    /// <exception cref="UsageException">A format is not known.</exception>
    /// <exception cref="RangeUsageException">A name is not known, or a number is out of its range.</exception>
    public RangeOptions Read(ParseResult parsed, RangeOptions options)
    {
        var read = options with
        {
            Scale = parsed.GetValue(_scale) ?? options.Scale, Days = parsed.GetValue(_days) ?? options.Days, HonestAccounts = parsed.GetValue(_honest) ?? options.HonestAccounts,
            Evasions = options.Evasions | EvasionNames.Read(parsed.GetValue(_evade) ?? ""), Format = writesFiles && parsed.GetValue(_format) is { } format ? FormatOf(format) : options.Format,
            PromptFolder = parsed.GetValue(_prompts) ?? options.PromptFolder, Compress = (writesFiles && parsed.GetValue(_zip)) || options.Compress,
        };
        read.Validate();
        return read;
    }

    private static TrafficFormat FormatOf(string name) => Enum.TryParse<TrafficFormat>(name, ignoreCase: true, out var format) && !int.TryParse(name, out _)
        ? format
        : throw new UsageException($"The range writes native, litellm, bedrock or otlp, not '{name}'.");
}
