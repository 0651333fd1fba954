using Stillhunt.Proving.Chance;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Work;

/// <summary>What the provider does with a request: how long the answer is, how it ends, and how long it takes.</summary>
internal static class Answer
{
    public const double TokensPerSecond = 75;

    /// <summary>Answers the draft with a long-tailed length around <paramref name="median"/> tokens.</summary>
    public static void Give(Draft draft, Dice dice, double median, double sigma = 0.75, double refusal = 0.004)
    {
        var tokens = (int)Math.Clamp(dice.LogNormal(median, sigma), 4, 60_000);
        if (draft.Settings.Thinking == true)
        {
            var reasoning = (int)Math.Clamp(dice.LogNormal(Math.Max(120, median * 0.9), 0.9), 24, 30_000);
            draft.ReasoningTokens = reasoning;
            tokens += reasoning;
        }

        var choices = draft.Settings.Choices ?? 1;
        tokens *= choices;
        draft.Stop = draft.Tools is not null && dice.Chance(0.6) ? "tool_use" : "end_turn";
        if (draft.Settings.MaxTokens is { } limit && tokens > limit * choices)
        {
            tokens = limit * choices;
            draft.Stop = "max_tokens";
            if (draft.ReasoningTokens > limit) draft.ReasoningTokens = limit;
        }

        if (dice.Chance(refusal))
        {
            tokens = dice.Between(12, 90);
            draft.ReasoningTokens = draft.ReasoningTokens is null ? null : dice.Between(8, tokens);
            draft.Stop = "refusal";
        }

        draft.OutputTokens = tokens;
    }

    public static void Refuse(Draft draft, int status)
    {
        draft.Status = status;
        draft.OutputTokens = 0;
        draft.ReasoningTokens = null;
        draft.Stop = null;
    }

    public static long LatencyMs(Draft draft, Dice dice) =>
        (long)(dice.LogNormal(700, 0.5) + 1000.0 * draft.OutputTokens / TokensPerSecond);
}
