using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Stillhunt.Cli.Files;
using Stillhunt.Training;

namespace Stillhunt.Cli.Commands;

/// <summary><c>stillhunt train</c>: labelled prompts -> the text classifier's weights and their evaluation.</summary>
internal static class TrainCommand
{
    public static Command Make(CancellationToken interrupted)
    {
        var data = new FileArgument<string[]>("DATA", FileUse.Read) { Description = "Folders of JSON Lines with \"prompt\" or \"text\", \"techniques\" and, if known, \"capabilities\", \"language\", \"source\" (docs/data.md).", Arity = ArgumentArity.OneOrMore };
        var weights = new FileOption<string?>("--out", FileUse.Written) { Form = OutputForm.Any, Description = "Write the weights. Built in by replacing src/Stillhunt/Fingerprinting/TextWeights.json.", HelpName = "FILE" };
        var report = new FileOption<string?>("--report", FileUse.Written) { Description = "Write the evaluation as Markdown; to standard output where neither this nor --json is given.", HelpName = "FILE" };
        var seed = new Option<ulong>("--seed") { Description = "Seed of every random choice.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var quick = new Option<bool>("--no-evaluation") { Description = "Only learn; thresholds stay as learned." };
        var json = new JsonOption("Write the evaluation's main figures as JSON", OutputForm.Json("schema"));
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
            Console.Error.WriteLine(parsed.GetValue(quick) ? "Learning" : "Learning and evaluating; this takes some minutes");
            var options = new TrainingOptions { Seed = parsed.GetValue(seed), Evaluate = !parsed.GetValue(quick) };
            var result = Interruption.Run(() => Trainer.Train(folders, options), interrupted);
            JsonNode Figures() => result.Report ?? new JsonObject();
            var written = OutputFile.WriteEach(
                (parsed.GetValue(weights), OutputFile.Text(writer => writer.Write(result.Weights))), (parsed.GetValue(report), OutputFile.Text(writer => writer.Write(result.Markdown))), (json.Read(parsed).Path, JsonOption.File(Figures)));
            if (!json.WriteOut(parsed, Figures) && parsed.GetValue(report) is null && !json.Read(parsed).Given) Console.Out.Write(result.Markdown);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Learned from {result.LearnedCount:N0} prompts made of {result.ExampleCount:N0} examples{(parsed.GetValue(weights) is null ? "; --out FILE writes the weights" : "")}."));
            return written ? ExitCodes.Done : ExitCodes.NoInput;
        });
        return command;
    }
}
