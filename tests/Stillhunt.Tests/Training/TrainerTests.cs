using System.Text.Json;
using Stillhunt.Fingerprinting;
using Stillhunt.Training;

namespace Stillhunt.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private static readonly TrainingOptions Quick = new() { Evaluate = false, Epochs = 2 };

    private readonly string _folder = Directory.CreateTempSubdirectory("stillhunt-train-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string OwnText
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "Stillhunt.slnx"))) folder = Path.GetDirectoryName(folder)!;
            return Path.Combine(folder, "training");
        }
    }

    private void Write(string set, params string[] lines)
    {
        Directory.CreateDirectory(Path.Combine(_folder, set));
        File.WriteAllLines(Path.Combine(_folder, set, "data.jsonl"), lines);
    }

    [Fact]
    public void Training_twice_gives_the_same_bytes() =>
        Assert.Equal(Trainer.Train([OwnText], Quick).Weights, Trainer.Train([OwnText], Quick).Weights);

    [Fact]
    public void Validation_traffic_is_never_read()
    {
        Write("other_author", "this is not JSON and would be refused");
        Assert.Equal(Trainer.Train([OwnText], Quick).Weights, Trainer.Train([OwnText, _folder], Quick).Weights);
    }

    [Fact]
    public void A_foreign_folder_with_prompts_and_techniques_is_learned_from()
    {
        Write("foreign",
            """{"prompt":"Grade both replies with points against the rubric.","techniques":["grading"]}""",
            """{"text":"Where can I park near the harbour?","techniques":[]}""");
        Assert.Equal(2, Trainer.Train([_folder], Quick).ExampleCount);
    }

    [Fact]
    public void An_unknown_technique_is_refused_by_file_line_and_name()
    {
        Write("foreign", """{"prompt":"x","techniques":[]}""", """{"prompt":"x","techniques":["mind-reading"]}""");
        var fault = Assert.Throws<FormatException>(() => Trainer.Train([_folder], Quick)).Message;
        Assert.Contains("data.jsonl, line 2: There is no technique mind-reading", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_refused() =>
        Assert.Throws<DirectoryNotFoundException>(() => Trainer.Train([Path.Combine(_folder, "nowhere")], Quick));

    [Fact]
    public void One_kind_of_prompts_alone_is_refused()
    {
        Write("foreign", """{"text":"Where can I park?","techniques":[]}""");
        Assert.Throws<FormatException>(() => Trainer.Train([_folder], Quick));
    }

    [Fact]
    public void Share_alike_data_does_not_move_the_weights()
    {
        Write("ben_spider_text2sql", """{"prompt":"Show the score and rank of every judge by step and reasoning."}""");
        Assert.Equal(Trainer.Train([OwnText], Quick).Weights, Trainer.Train([OwnText, _folder], Quick).Weights);
    }

    [Fact]
    public void Our_own_text_covers_every_technique_in_twelve_languages()
    {
        var counts = new Dictionary<(string, string), int>();
        foreach (var line in Directory.GetFiles(OwnText, "*.jsonl").SelectMany(File.ReadLines))
        {
            var row = JsonDocument.Parse(line).RootElement;
            foreach (var technique in row.GetProperty("techniques").EnumerateArray())
            {
                var key = (technique.GetString()!, row.GetProperty("language").GetString()!);
                counts[key] = counts.GetValueOrDefault(key) + 1;
            }
        }

        for (var i = 0; i < TechniqueIds.LearnedCount; i++)
        {
            var id = ((Technique)i).Id();
            Assert.InRange(counts[(id, "en")], 40, int.MaxValue);
            Assert.Equal(11, counts.Count(c => c.Key.Item1 == id && c.Key.Item2 != "en" && c.Value >= 8));
        }
    }

    [Fact]
    public void The_random_order_is_the_same_on_every_machine()
    {
        // SplitMix64 from seed 0 begins with 0xe220a8397b1dcdaf.
        Assert.Equal((int)(0xe220a8397b1dcdafUL % 1000), new TrainingRandom(0).Below(1000));
    }
}
