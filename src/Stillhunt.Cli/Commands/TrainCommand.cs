using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Stillhunt.Training;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt train</c>: labelled prompts -> the text classifier's weights and their evaluation.</summary>
internal static class TrainCommand
{
    public static Command Make(CancellationToken interrupted)
    {
        var data = new Argument<string[]>("DATA") { Description = "Folders of JSON Lines with \"prompt\" or \"text\", \"techniques\" and, if known, \"capabilities\", \"language\", \"source\" (docs/data.md).", Arity = ArgumentArity.OneOrMore };
        var weights = new Option<string?>("--out") { Description = "Write the weights. Built in by replacing src/Stillhunt/Fingerprinting/TextWeights.json.", HelpName = "FILE" };
        var report = new Option<string?>("--report") { Description = "Write the evaluation as Markdown; to standard output where neither this nor --json is given.", HelpName = "FILE" };
        var seed = new Option<ulong>("--seed") { Description = "Seed of every random choice.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var quick = new Option<bool>("--no-evaluation") { Description = "Only learn; thresholds stay as learned." };
        var json = new JsonOption("Write the evaluation's main figures as JSON");
        var command = new TaughtCommand("train",
            "Learn the text classifier's weights from labelled prompts, and measure them by leaving out whole sources. The same data and seed give the same bytes.",
            """
            Example:
              stillhunt train training/ --out TextWeights.json --report evaluation.md
            """)
        { data, weights, report, seed, quick };
        json.AddTo(command);
        command.SetAction(parsed =>
        {
            var folders = parsed.GetValue(data)!;
            OutputFile.Check(parsed.GetValue(weights), "--out", []);
            OutputFile.Check(parsed.GetValue(report), "--report", []);
            Console.Error.WriteLine(parsed.GetValue(quick) ? "Learning" : "Learning and evaluating; this takes some minutes");
            var options = new TrainingOptions { Seed = parsed.GetValue(seed), Evaluate = !parsed.GetValue(quick) };
            var result = Interruption.Run(() => Trainer.Train(folders, options), interrupted);
            if (parsed.GetValue(weights) is { } to) OutputFile.WriteText(to, writer => writer.Write(result.Weights));
            if (parsed.GetValue(report) is { } markdown) OutputFile.WriteText(markdown, writer => writer.Write(result.Markdown));
            if (!json.Write(parsed, () => result.Report ?? new JsonObject()) && parsed.GetValue(report) is null && !json.Read(parsed).Given) Console.Out.Write(result.Markdown);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Learned from {result.LearnedCount:N0} prompts made of {result.ExampleCount:N0} examples{(parsed.GetValue(weights) is { } path ? "; the weights are in " + path : "; --out FILE writes the weights")}."));
            return ExitCodes.Done;
        });
        return command;
    }
}
