using System.Globalization;
using System.Text;
using Stillhunt.Fingerprinting;

namespace Stillhunt.Training;

/// <summary>Writes learned weights in the form that <see cref="TextWeights"/> reads: one feature a line, in order of name.</summary>
internal static class TextWeightsFile
{
    public static string Write(TextLearner learner, ReadOnlySpan<float> thresholds, float prune, ConceptLexicon lexicon)
    {
        var text = new StringBuilder();
        text.Append("{\"schema\":\"").Append(TextWeights.Schema).Append("\",\n\"unit\":").Append(TextWeights.Unit.ToString(CultureInfo.InvariantCulture));
        text.Append(",\n\"outputs\":[");
        for (var i = 0; i < TextWeights.Outputs; i++)
        {
            if (i > 0) text.Append(',');
            text.Append('"').Append(i < TechniqueIds.LearnedCount ? ((Technique)i).Id() : ((Capability)(i - TechniqueIds.LearnedCount)).Id()).Append('"');
        }

        var bias = learner.Row(0).ToArray();
        for (var i = 0; i < bias.Length; i++) bias[i] -= thresholds[i];
        text.Append("],\n\"bias\":");
        AppendRow(text, bias);
        text.Append(",\n\"features\":{");
        var lines = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var row = 1; row <= learner.Keys.Count; row++)
        {
            if (MaxOf(learner.Row(row)) >= prune) lines.Add(new TextFeature(learner.Keys[row - 1]).NameIn(lexicon), row);
        }

        var first = true;
        foreach (var (name, row) in lines)
        {
            text.Append(first ? "\n\"" : ",\n\"").Append(name).Append("\":");
            AppendRow(text, learner.Row(row));
            first = false;
        }

        return text.Append("\n}}\n").ToString();
    }

    private static float MaxOf(ReadOnlySpan<float> row)
    {
        var max = 0f;
        foreach (var weight in row[..TextWeights.Outputs]) max = Math.Max(max, Math.Abs(weight));
        return max;
    }

    private static void AppendRow(StringBuilder text, ReadOnlySpan<float> row)
    {
        text.Append('[');
        for (var i = 0; i < TextWeights.Outputs; i++)
        {
            if (i > 0) text.Append(',');
            text.Append(((int)MathF.Round(row[i] / TextWeights.Unit)).ToString(CultureInfo.InvariantCulture));
        }

        text.Append(']');
    }
}
