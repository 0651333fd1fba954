using Stillhunt.Profiles;

namespace Stillhunt.Server.Store;

/// <summary>Prompts in full, where the operator asked for them; empty where not.</summary>
public interface IPromptStore
{
    /// <summary>The newest prompts of an account, newest first.</summary>
    IReadOnlyList<KeptPrompt> Of(AccountId account, int most);

    /// <summary>Forgets prompts that were taken in before a time; says how many.</summary>
    int ForgetBefore(long takenMs);

    /// <summary>Forgets the prompts of one account; says how many.</summary>
    int Delete(AccountId account);
}

/// <param name="TimeMs">Of the exchange, milliseconds since 1970 UTC.</param>
/// <param name="TakenMs">When it came in, by which it expires.</param>
/// <param name="ExchangeId">As the log names it, or null.</param>
/// <param name="Parts">Role and text, in order.</param>
public sealed record KeptPrompt(AccountId Account, long TimeMs, long TakenMs, string? ExchangeId, IReadOnlyList<PromptPart> Parts);

public sealed record PromptPart(string Role, string Text);
