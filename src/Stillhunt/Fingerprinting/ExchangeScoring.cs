namespace Stillhunt.Fingerprinting;

/// <summary>Where a score becomes a label.</summary>
public static class ExchangeScoring
{
    /// <summary>Even odds, in 1/255 steps.</summary>
    public const byte Even = 128;
}
