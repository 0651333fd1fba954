using Stillhunt.Proving.Chance;

namespace Stillhunt.Proving.World;

/// <summary>The request parameters that a client sends; null = not sent.</summary>
internal sealed record Settings(double? Temperature, double? TopP, int? MaxTokens, int? Choices, bool? Logprobs, bool? Thinking, bool? Stream)
{
    public static readonly Settings None = new(null, null, null, null, null, null, null);

    // One list for everybody: no value belongs to one side.
    private static readonly int[] Limits = [256, 512, 800, 1000, 1024, 1500, 2000, 2048, 3000, 4000, 4096, 6000, 8000, 8192, 16000, 16384, 20000, 32000, 64000];
    private static readonly double[] Temperatures = [0, 0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.7, 0.8, 0.9, 1, 1, 1];

    public static Settings ForChat(Dice dice) =>
        new(null, null, dice.Chance(0.3) ? 4096 : null, null, null, dice.Chance(0.35) ? true : null, true);

    public static Settings ForProgram(Dice dice) => new(
        dice.Chance(0.6) ? dice.Pick(Temperatures) : null,
        dice.Chance(0.15) ? dice.Pick<double>([0.9, 0.95, 0.99, 1]) : null,
        dice.Chance(0.85) ? Limits[Math.Min(dice.Below(Limits.Length), dice.Below(Limits.Length) + 4)] : null,
        dice.Chance(0.03) ? dice.Between(2, 5) : null,
        dice.Chance(0.03) ? true : null,
        dice.Chance(0.4) ? dice.Chance(0.75) : null,
        dice.Chance(0.6) ? dice.Chance(0.4) : null);

    public static Settings ForAgent(Dice dice) => new(
        dice.Chance(0.4) ? dice.Pick<double>([0, 0.2, 1, 1]) : null,
        null,
        dice.Pick<int>([8192, 16000, 16384, 20000, 32000, 32000, 64000]),
        null, null, dice.Chance(0.6) ? true : null, true);

    /// <summary>For work that needs room: the same limits as others use, the small ones left out.</summary>
    public static Settings ForLongOutput(Dice dice) => ForProgram(dice) with
    {
        MaxTokens = dice.Chance(0.9) ? Limits[9 + dice.Below(Limits.Length - 9)] : null,
        Thinking = dice.Chance(0.55) ? true : null,
    };
}
