using Stillhunt.Cli.Commands;

return CommandLine.Run(args);
