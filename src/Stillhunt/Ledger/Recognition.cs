using System.Globalization;

namespace Stillhunt.Ledger;

/// <summary>Why an account was taken into a campaign before any detection saw it.</summary>
public sealed record Recognition
{
    /// <summary>Exchanges of the account since the first that matched, that one included.</summary>
    public required long ExchangeCount { get; init; }

    /// <summary>Those of them that hold enough of the campaign's phrases.</summary>
    public required long MatchedCount { get; init; }

    /// <summary>Different phrases of the campaign that make a match.</summary>
    public required int LeastPhrases { get; init; }

    /// <summary>Some of those in the exchange that decided; every word of them is public or used by at least three unlinked owners.</summary>
    public required IReadOnlyList<string> Phrases { get; init; }

    /// <summary>Accounts of the campaign that send such prompts.</summary>
    public required int MemberCount { get; init; }

    /// <summary>Accounts that send them and are not the campaign's.</summary>
    public required int OtherCount { get; init; }

    /// <summary>As a sentence, for a verdict's reasons.</summary>
    /// <param name="campaign">Id of the campaign.</param>
    public string Text(string campaign) => string.Create(CultureInfo.InvariantCulture,
        $"Recognised as it came in: {MatchedCount} of {ExchangeCount} exchanges hold {LeastPhrases} or more of the phrases that {campaign} is known by ({string.Join(", ", Phrases.Select(phrase => $"“{phrase}”"))}); of {MemberCount + OtherCount} accounts that send such prompts {MemberCount} are the campaign's.");
}
