using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine;

namespace Stillhunt.Cli.Commands;

/// <summary>A command whose help ends with more than a list of options: examples, and what the exit codes mean.</summary>
internal sealed class TaughtCommand(string name, string description, string lesson) : Command(name, description)
{
    public string Lesson { get; } = lesson;

    /// <summary>The help option for the root, which all commands below it inherit.</summary>
    public static HelpOption HelpOption()
    {
        var option = new HelpOption();
        option.Action = new Help((HelpAction)option.Action!);
        return option;
    }

    private sealed class Help(HelpAction plain) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = plain.Invoke(parseResult);
            if (parseResult.CommandResult.Command is TaughtCommand taught)
            {
                var output = parseResult.InvocationConfiguration.Output;
                output.WriteLine(taught.Lesson);
                output.WriteLine();
            }

            return code;
        }
    }
}
