using System.CommandLine;

namespace Stillhunt.Cli.Commands;

/// <summary>The whole command line: arguments in, exit code out.</summary>
internal static class CommandLine
{
    public static int Run(string[] args)
    {
        using var interruption = new Interruption();
        // No response files: an account id may begin with an at sign.
        return ExitCodes.Of(Make(interruption.Token).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null }), args);
    }

    /// <summary>Not a RootCommand, which would take its name from the assembly.</summary>
    internal static TaughtCommand Make(CancellationToken interrupted) => new(
        "stillhunt",
        "Finds the operators who distil a model through its own API, in the logs that you already have, and shows the evidence.",
        $"""
        Begin with:
          stillhunt inspect LOG                 what is recognised in the log, and what detection will lack
          stillhunt scan LOG... --report report.html --json campaigns.json
          stillhunt explain CAMPAIGN --result campaigns.json

        Results go to standard output; progress, warnings and errors to standard error.
        {ExitCodes.Meaning}
        """)
    {
        TaughtCommand.HelpOption(), new VersionOption(),
        ScanCommand.Make(interrupted), ExplainCommand.Make(), MergeCommand.Make(interrupted), InspectCommand.Make(interrupted), FormatsCommand.Make(),
        ServeCommand.Make(interrupted), GatewayCommand.Make(interrupted), CanaryCommand.Make(), KeysCommand.Make(), PolicyCommand.Make(interrupted), CampaignCommand.Make(), AuditCommand.Make(), StoreCommand.Make(),
        ReportCommand.Make(), ShareCommands.Make(interrupted), TrainCommand.Make(interrupted), RangeCommands.Make(interrupted),
    };
}
