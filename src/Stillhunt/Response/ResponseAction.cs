namespace Stillhunt.Response;

/// <summary>What to do about an account, gentlest first: a later one is stronger.</summary>
public enum ResponseAction
{
    /// <summary>Nothing but watching.</summary>
    Observe,

    /// <summary>Tell the people who look after abuse.</summary>
    Flag,

    /// <summary>Answer with forms of words that the campaign is known by in a later model; nothing else differs.</summary>
    Canary,

    /// <summary>Answer without token probabilities, further candidates, or seeds.</summary>
    Strip,

    /// <summary>Answer without hidden reasoning, or with a summary of it.</summary>
    WithholdReasoning,

    /// <summary>Limit requests or tokens.</summary>
    Cap,

    /// <summary>Ask for a step-up check of identity before further requests.</summary>
    Verify,

    /// <summary>Hold requests until a person has looked.</summary>
    Hold,

    Suspend,
}

/// <summary>The published ids of actions.</summary>
public static class ResponseActionIds
{
    private static readonly string[] Ids = ["observe", "flag", "canary", "strip", "withhold-reasoning", "cap", "verify", "hold", "suspend"];

    public static IReadOnlyList<string> All => Ids;

    public static string Id(this ResponseAction action) => Ids[(int)action];

    public static ResponseAction? Find(string? id) => Array.IndexOf(Ids, id) is var at and >= 0 ? (ResponseAction)at : null;

    /// <summary>Whether a customer would notice.</summary>
    public static bool Touches(this ResponseAction action) => action > ResponseAction.Flag;
}

/// <summary>An action with what it needs to be carried out.</summary>
public sealed record Obligation(ResponseAction Action)
{
    /// <summary>Of a cap.</summary>
    public long? RequestsPerHour { get; init; }

    /// <inheritdoc cref="RequestsPerHour"/>
    public long? TokensPerDay { get; init; }

    /// <summary>What to strip: <c>logprobs</c>, <c>n</c>, <c>seed</c>.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>Reasoning is summarised rather than left out.</summary>
    public bool Summarise { get; init; }
}
