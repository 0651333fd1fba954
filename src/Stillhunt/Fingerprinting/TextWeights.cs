using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace Stillhunt.Fingerprinting;

/// <summary>
/// Linear weights from features to the learned techniques and the capabilities, in log-odds. A row holds the nine techniques,
/// then the twelve capabilities, then padding to three vectors of eight.
/// </summary>
internal sealed class TextWeights
{
    public const string Schema = "stillhunt.text-weights/1";
    public const int Outputs = TechniqueIds.LearnedCount + CapabilityTotal;
    public const int VectorsPerRow = 3;
    public const int RowLength = VectorsPerRow * 8;

    /// <summary>A weight in the file counts this much: fine enough that no probability moves by a hundredth.</summary>
    public const float Unit = 1 / 32f;

    private const int CapabilityTotal = 12;

    private readonly short[] _rows = new short[TextFeature.KeyCount];
    private readonly ConceptSet[] _together = new ConceptSet[ConceptSet.Capacity];
    private readonly ConceptSet[] _adjacent = new ConceptSet[ConceptSet.Capacity];
    private readonly float[] _weights;

    public TextWeights(ConceptLexicon lexicon, ReadOnlySpan<float> bias, IReadOnlyList<(TextFeature Feature, float[] Weights)> features)
    {
        Lexicon = lexicon;
        _weights = new float[(features.Count + 1) * RowLength];
        bias.CopyTo(_weights);
        for (var i = 0; i < features.Count; i++)
        {
            var (feature, weights) = features[i];
            _rows[feature.Key] = (short)(i + 1);
            weights.CopyTo(_weights, (i + 1) * RowLength);
            var partners = feature.Kind == TextFeatureKind.Together ? _together : feature.Kind == TextFeatureKind.Adjacent ? _adjacent : null;
            if (partners is null) continue;
            partners[feature.First] |= ConceptSet.Of(feature.Second);
            // Neighbours are looked up from either side.
            if (feature.Kind == TextFeatureKind.Adjacent) partners[feature.Second] |= ConceptSet.Of(feature.First);
        }
    }

    public ConceptLexicon Lexicon { get; }

    /// <summary>How many rows there are; row 0 is the bias.</summary>
    public int RowCount => _weights.Length / RowLength;

    /// <summary>The feature's row, or 0.</summary>
    public int RowOf(TextFeature feature) => _rows[feature.Key];

    public ReadOnlySpan<Vector256<float>> Row(int row) =>
        MemoryMarshal.Cast<float, Vector256<float>>(_weights.AsSpan(row * RowLength, RowLength));

    public float this[int row, int output] => _weights[row * RowLength + output];

    /// <summary>The concepts that have a weight together with this one, in one sentence (the greater of a pair only).</summary>
    public ConceptSet TogetherWith(int concept) => _together[concept];

    /// <summary>The concepts that have a weight in a sentence beside this one's.</summary>
    public ConceptSet AdjacentTo(int concept) => _adjacent[concept];

    /// <summary>Reads a weights file. Features of concepts that the lexicon has no more are left out.</summary>
    public static TextWeights Read(Stream utf8, ConceptLexicon lexicon)
    {
        using var document = JsonDocument.Parse(utf8);
        var root = document.RootElement;
        if (root.GetProperty("schema").GetString() != Schema) throw new FormatException($"The weights are not of schema {Schema}.");
        var features = new List<(TextFeature, float[])>();
        foreach (var property in root.GetProperty("features").EnumerateObject())
        {
            if (TextFeature.Parse(property.Name, lexicon) is { } feature) features.Add((feature, Floats(property.Value)));
        }

        return new TextWeights(lexicon, Floats(root.GetProperty("bias")), features);
    }

    private static float[] Floats(JsonElement array)
    {
        var values = new float[RowLength];
        var i = 0;
        foreach (var value in array.EnumerateArray()) values[i++] = value.GetInt32() * Unit;
        return values;
    }
}
