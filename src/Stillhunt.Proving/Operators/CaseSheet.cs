namespace Stillhunt.Proving.Operators;

/// <summary>
/// A documented case: its published size (scale 1) and the least size at which it still looks like itself. Numbers are as alleged by the
/// provider named; accounts that no source gives are the range's own assumption.
/// </summary>
internal sealed record CaseSheet(string Id, string Text, double Exchanges, double Accounts, int LeastExchanges, int LeastAccounts)
{
    public static readonly CaseSheet[] Documented =
    [
        // 24,000 accounts in all for the first three, not split by the source: split here by exchanges.
        new("reward-model", "As alleged by Anthropic, February 2026 (DeepSeek): 150,000 exchanges; reasoning, rubric grading, rewrites; synchronised, shared payments.", 150_000, 220, 3_200, 44),
        new("many-doors", "As alleged by Anthropic, February 2026 (Moonshot AI): 3.4 million exchanges over hundreds of accounts and several pathways; agentic, coding, vision.", 3_400_000, 600, 3_600, 48),
        new("pivot", "As alleged by Anthropic, February 2026 (MiniMax): 13 million exchanges; agentic coding; half of the traffic on a new model within a day.", 13_000_000, 19_000, 3_600, 60),
        new("language-lock", "As reported by Google, February 2026: 100,000 prompts that bind the language of the thinking to the user's.", 100_000, 400, 2_800, 44),
        new("drizzle", "As alleged by OpenAI, July 2026: 16,000 requests in two days from 4,000 users; hidden reasoning, replayed handles.", 16_000, 4_000, 520, 120),
        new("two-pools", "As alleged by Anthropic, September 2026 (Alibaba), at a tenth: 15 million exchanges, two pools of accounts, the second takes over after a ban.", 15_100_000, 850, 3_800, 84),
        new("few-heavy", "As alleged by Anthropic, September 2026 (Zhipu): 3.4 million exchanges over 273 accounts; traces cleaned, graded.", 3_400_000, 273, 3_600, 12),
        new("fake-client", "As reported by Factory, October 2025: 20,000 new organisations in three days that claim a client which they are not. Exchanges are an assumption.", 600_000, 20_000, 2_600, 110),
    ];

    /// <summary>Reported without numbers, or to be expected: sizes are the range's own.</summary>
    public static readonly CaseSheet[] Awkward =
    [
        new("app-copier", "An operator who copies an honest app's system prompt, tools, client and parameters. Sizes are an assumption.", 400_000, 900, 2_400, 36),
        new("relay", "An operator who relays its own users' requests and keeps the answers, as reported of resellers. Sizes are an assumption.", 900_000, 700, 2_800, 32),
        new("session-replay", "An operator who sends stored agent sessions again, cut at each step. Sizes are an assumption.", 700_000, 500, 2_600, 32),
        new("shared-pool", "Two operators on one pool of accounts. Sizes are an assumption.", 600_000, 500, 3_200, 36),
        new("reseller-tenant", "A reseller with one distilling tenant among three hundred honest ones, all on the reseller's accounts. Sizes are an assumption.", 200_000, 24, 1_800, 12),
        new("technique-search", "An operator who tries many wordings, meets many refusals, and stays with what works. Sizes are an assumption.", 120_000, 300, 1_800, 30),
    ];

    public static readonly CaseSheet[] All = [.. Documented, .. Awkward];

    public int ExchangesAt(double scale) => (int)Math.Max(LeastExchanges, Exchanges * scale);

    public int AccountsAt(double scale) => (int)Math.Max(LeastAccounts, Accounts * scale);
}
