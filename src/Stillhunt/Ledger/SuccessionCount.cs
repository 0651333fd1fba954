using Stillhunt.Profiles;

namespace Stillhunt.Ledger;

/// <summary>An account that sent a known campaign's prompts.</summary>
public readonly record struct SuccessionKey(string Campaign, AccountId Account);

/// <summary>What an account was when it first sent a campaign's prompts.</summary>
public enum SuccessionStanding
{
    /// <summary>Detection had not seen it: perhaps a replacement.</summary>
    Fresh,

    /// <summary>The campaign's own.</summary>
    Member,

    /// <summary>There before, and not the campaign's.</summary>
    Other,
}

/// <summary>What it sent from then on.</summary>
/// <param name="ExchangeCount">One for each conversation.</param>
/// <param name="MatchedCount">Those that hold enough of the campaign's phrases.</param>
/// <param name="Counted">Whether they were enough for it to count.</param>
public readonly record struct SuccessionCount(SuccessionStanding Standing, long ExchangeCount, long MatchedCount, bool Counted);
