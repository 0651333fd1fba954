using System.Runtime.Intrinsics;

namespace Stillhunt.Fingerprinting;

/// <summary>One number an output, as three vectors.</summary>
internal readonly record struct WeightRow(Vector256<float> First, Vector256<float> Second, Vector256<float> Third)
{
    public float this[int output] => output < 8 ? First[output] : output < 16 ? Second[output - 8] : Third[output - 16];

    public static WeightRow Of(TextWeights weights, int row)
    {
        var vectors = weights.Row(row);
        return new(vectors[0], vectors[1], vectors[2]);
    }

    public static WeightRow operator +(WeightRow a, WeightRow b) => new(a.First + b.First, a.Second + b.Second, a.Third + b.Third);

    public static WeightRow operator -(WeightRow a, WeightRow b) => new(a.First - b.First, a.Second - b.Second, a.Third - b.Third);

    public static WeightRow Max(WeightRow a, WeightRow b) =>
        new(Vector256.Max(a.First, b.First), Vector256.Max(a.Second, b.Second), Vector256.Max(a.Third, b.Third));
}
