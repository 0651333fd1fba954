using System.CommandLine;

namespace Stillhunt.Cli.Commands;

/// <summary>The whole command line: arguments in, exit code out.</summary>
internal static class CommandLine
{
    public static int Run(string[] args)
    {
        using var interruption = new Interruption();
        return ExitCodes.Of(Make(interruption.Token).Parse(args));
    }

    private static RootCommand Make(CancellationToken interrupted) => new(
        $"""
        Finds the operators who distil a model through its own API, in the logs that you already have, and shows the evidence.

        First: stillhunt inspect LOG      what is recognised in the log, and what detection will lack
        Then:  stillhunt scan LOG... --report report.html --json campaigns.json
        Then:  stillhunt explain CAMPAIGN --result campaigns.json

        {ExitCodes.Meaning}
        Results go to standard output; progress, warnings and errors to standard error.
        """)
    {
        ScanCommand.Make(interrupted), ExplainCommand.Make(), MergeCommand.Make(interrupted), InspectCommand.Make(interrupted), FormatsCommand.Make(),
        TrainCommand.Make(interrupted), RangeCommands.Make(interrupted),
    };
}
