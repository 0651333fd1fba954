using System.Text.Json;
using Stillhunt.Fingerprinting;

namespace Stillhunt.Training;

/// <summary>
/// Reads prompts with labels: our own text, public sets (a folder a set, with data.jsonl), and any other folder of JSON lines with "text" or "prompt"
/// and "techniques".
/// </summary>
internal static class TrainingFolders
{
    public static List<TrainingExample> Read(IEnumerable<string> folders)
    {
        var examples = new List<TrainingExample>();
        foreach (var folder in folders)
        {
            if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"There is no folder {folder}.");
            ReadFolder(folder, examples);
        }

        return examples;
    }

    private static void ReadFolder(string folder, List<TrainingExample> examples)
    {
        var set = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        if (!TrainingSets.Reads(set)) return;
        foreach (var file in Directory.GetFiles(folder, "*.jsonl").Order(StringComparer.Ordinal)) ReadFile(file, set, examples);
        foreach (var inner in Directory.GetDirectories(folder).Order(StringComparer.Ordinal)) ReadFolder(inner, examples);
    }

    private static void ReadFile(string file, string set, List<TrainingExample> examples)
    {
        var read = new List<TrainingExample>();
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            if (line.Length == 0) continue;
            try
            {
                using var document = JsonDocument.Parse(line);
                if (ToExample(new TrainingRow(document.RootElement), set) is { } example) read.Add(example);
            }
            catch (JsonException fault)
            {
                throw new FormatException($"{file}, line {number}: this is no JSON.", fault);
            }
            catch (FormatException fault)
            {
                throw new FormatException($"{file}, line {number}: {fault.Message}", fault);
            }
        }

        examples.AddRange(Thin(read, TrainingSets.MostRowsOf(set)));
    }

    private static TrainingExample? ToExample(TrainingRow row, string set)
    {
        if (row.Prompt is not { Length: > 0 } prompt) return null;
        if (TrainingSets.TryLabel(set, row, out var labels))
        {
            return new TrainingExample(set, row["lang"] ?? "en", row.System, prompt, labels, Own: false, TrainingSets.Ships(set, row))
            {
                Tools = row.Strings("tools"),
            };
        }

        if (!row.Has("techniques")) return null;
        var source = row["source"] ?? set;
        return new TrainingExample(source, row["language"] ?? "en", row.System, prompt, Labels(row), source.StartsWith("own-", StringComparison.Ordinal))
        {
            Tools = row.Strings("tools"),
        };
    }

    private static TrainingLabels Labels(TrainingRow row)
    {
        uint present = 0;
        foreach (var id in row.Strings("techniques"))
        {
            var technique = Array.FindIndex(Enum.GetValues<Technique>(), t => t.Id() == id);
            if (technique < 0) throw new FormatException($"There is no technique {id}.");
            if (technique < TechniqueIds.LearnedCount) present |= 1u << technique;
        }

        if (!row.Has("capabilities")) return new TrainingLabels(present, TrainingLabels.AllTechniques);
        foreach (var id in row.Strings("capabilities"))
        {
            var capability = Array.FindIndex(Enum.GetValues<Capability>(), c => c.Id() == id);
            if (capability < 0) throw new FormatException($"There is no capability {id}.");
            present |= 1u << (TechniqueIds.LearnedCount + capability);
        }

        return new TrainingLabels(present, TrainingLabels.AllOutputs);
    }

    /// <summary>Every n-th row, so that a set in an order of its own is sampled evenly.</summary>
    private static IEnumerable<TrainingExample> Thin(List<TrainingExample> rows, int most) =>
        rows.Count <= most ? rows : Enumerable.Range(0, most).Select(i => rows[(int)((long)i * rows.Count / most)]);
}
