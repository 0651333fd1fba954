using System.Globalization;

namespace Stillhunt.Ledger;

/// <summary>Why an account was taken into a campaign before any detection saw it.</summary>
public sealed record Recognition
{
    /// <summary>Exchanges of the account since the first that matched, that one included; one for each conversation.</summary>
    public required long ExchangeCount { get; init; }

    /// <summary>Those of them that showed a sign of the campaign.</summary>
    public required long MatchedCount { get; init; }

    /// <summary>What the exchange that decided showed, as the end of a sentence. It may hold text of the log.</summary>
    public required string Sign { get; init; }

    /// <summary>As a sentence, for a verdict's reasons.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Recognised as it came in: of the first {ExchangeCount} exchanges {MatchedCount} show what the campaign is known by; the last of them {Sign}.");
}
