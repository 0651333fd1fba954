using System.CommandLine;
using Stillhunt.Cli.Commands;

var root = new RootCommand(
    """
    Finds the operators who distil a model through its own API, in the logs that you already have, and shows the evidence.

    Start with: stillhunt inspect LOG    then: stillhunt scan LOG... --report report.html

    Exit codes: 0 done; 1 the input could not be used (nothing was scanned, or nothing has that id); 2 the command line is wrong;
    3 done, but some files could not be read to their end; 130 interrupted.
    """)
{
    ScanCommand.Make(), ExplainCommand.Make(), MergeCommand.Make(), FormatsCommand.Make(), InspectCommand.Make(), TrainCommand.Make(), RangeForward.Make(),
};
return ExitCodes.Of(root.Parse(args));
