namespace Stillhunt.Proving.Duels;

/// <summary>What a request asks for beside its text, and what an answer may lack.</summary>
[Flags]
public enum AnswerParts
{
    None = 0,

    /// <summary>Token probabilities.</summary>
    Logprobs = 1,

    /// <summary>More than one candidate.</summary>
    Candidates = 2,

    /// <summary>The model's hidden reasoning.</summary>
    Reasoning = 4,
}

/// <summary>How a defender stands to an account. It is for the report alone: no operator sees it.</summary>
public enum Standing
{
    /// <summary>Nothing is known against the account.</summary>
    Unseen,

    /// <summary>It is ascribed to a campaign, and the rule that holds does nothing a customer would notice.</summary>
    Watched,

    /// <summary>The policy only says what it would do.</summary>
    Shadow,

    /// <summary>It waits for its random time.</summary>
    Delayed,

    /// <summary>Too many were touched within the hour.</summary>
    HeldByBrake,

    /// <summary>The rule asks for a person.</summary>
    AwaitsPerson,

    /// <summary>It is of the share that is left alone on purpose, or a person decided so.</summary>
    LeftAlone,

    /// <summary>A verdict is carried out.</summary>
    Effective,
}

/// <summary>A request as a gateway sees it.</summary>
/// <param name="Region">Country of the address, or null.</param>
/// <param name="OutputTokens">Of the answer, if it is given: what a gateway counts once it was.</param>
public readonly record struct DuelRequest(string Account, long TimeMs, string? Region, string Model, string Tier, AnswerParts Asks, int OutputTokens);

/// <param name="RefusedWith">HTTP status; null where it is answered.</param>
/// <param name="Withheld">What the answer lacks, whether it was asked for or not.</param>
/// <param name="Action">Id of the action in force: <c>observe</c>, <c>flag</c>, <c>strip</c> and so on.</param>
/// <param name="Touches">Whether a customer could notice that action.</param>
public readonly record struct DuelReply(int? RefusedWith, AnswerParts Withheld, string Action, bool Touches, Standing Standing)
{
    /// <summary>Name of the rule behind the action; null where none is in force.</summary>
    public string? Rule { get; init; }
}

/// <summary>Whoever defends. It is given what a provider has, and nothing of the truth; one call at a time.</summary>
public interface IDefender
{
    /// <summary>Accounts that signed up or closed since the last call: an accounts file, CSV with its header.</summary>
    void Register(string accounts);

    /// <summary>A request before it is answered.</summary>
    DuelReply Meet(in DuelRequest request);

    /// <summary>The log of one step of time, refused requests included: native exchanges, one a line, in the order of time. From here on it is <paramref name="untilMs"/>.</summary>
    void Take(ReadOnlyMemory<byte> log, long untilMs);
}
