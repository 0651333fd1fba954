namespace Stillhunt.Proving.Duels;

/// <summary>How an operator came to an account.</summary>
public enum AccountOrigin
{
    /// <summary>It was there when the campaign began.</summary>
    First,

    /// <summary>In the place of one that was lost.</summary>
    Replacement,

    /// <summary>Of the second pool.</summary>
    SecondPool,

    /// <summary>Opened to try what is caught.</summary>
    Probe,
}
