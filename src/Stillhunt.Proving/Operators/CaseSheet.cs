namespace Stillhunt.Proving.Operators;

/// <summary>
/// A documented case: its published size (scale 1) and the least size at which it still looks like itself. Numbers are as alleged by the
/// provider named; accounts that no source gives are the range's own assumption.
/// </summary>
internal sealed record CaseSheet(string Id, string Text, double Exchanges, double Accounts, int LeastExchanges, int LeastAccounts)
{
    public static readonly CaseSheet[] All =
    [
        // 24,000 accounts in all for the first three, not split by the source: split here by exchanges.
        new("reward-model", "As alleged by Anthropic, February 2026 (DeepSeek): 150,000 exchanges; reasoning, rubric grading, rewrites; synchronised, shared payments.", 150_000, 220, 3_200, 44),
        new("many-doors", "As alleged by Anthropic, February 2026 (Moonshot AI): 3.4 million exchanges over hundreds of accounts and several pathways; agentic, coding, vision.", 3_400_000, 600, 3_600, 48),
        new("pivot", "As alleged by Anthropic, February 2026 (MiniMax): 13 million exchanges; agentic coding; half of the traffic on a new model within a day.", 13_000_000, 19_000, 3_600, 60),
        new("language-lock", "As reported by Google, February 2026: 100,000 prompts that bind the language of the thinking to the user's.", 100_000, 400, 2_800, 44),
        new("drizzle", "As alleged by OpenAI, July 2026: 16,000 requests in two days from 4,000 users; hidden reasoning, replayed handles.", 16_000, 4_000, 520, 120),
        new("two-pools", "As alleged by Anthropic, September 2026 (Alibaba), at a tenth: 15 million exchanges, two pools of accounts, the second takes over after a ban.", 15_100_000, 850, 3_800, 84),
        new("few-heavy", "As alleged by Anthropic, September 2026 (Zhipu): 3.4 million exchanges over 273 accounts; traces cleaned, graded.", 3_400_000, 273, 3_600, 9),
        new("fake-client", "As reported by Factory, October 2025: 20,000 new organisations in three days that claim a client which they are not. Exchanges are an assumption.", 600_000, 20_000, 2_600, 110),
    ];

    public int ExchangesAt(double scale) => (int)Math.Max(LeastExchanges, Exchanges * scale);

    public int AccountsAt(double scale) => (int)Math.Max(LeastAccounts, Accounts * scale);
}
