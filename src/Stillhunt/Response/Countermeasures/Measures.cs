using Stillhunt.Response.Canaries;

namespace Stillhunt.Response.Countermeasures;

/// <summary>What a client is shown of hidden reasoning.</summary>
public enum ReasoningView
{
    AsItIs,

    /// <summary>A sentence that says how much was left out stands in its place.</summary>
    Summarised,

    /// <summary>It is left out.</summary>
    Omitted,
}

/// <summary>
/// What is done to one account's requests and answers: the obligations of its verdict in the form in which bytes are rewritten. Nothing is done
/// (<see cref="IsEmpty"/>) unless an obligation says so.
/// </summary>
public sealed record Measures
{
    public static Measures None { get; } = new();

    /// <summary>Token probabilities are neither asked for nor given.</summary>
    public bool StripLogprobs { get; init; }

    /// <summary>One candidate an answer.</summary>
    public bool StripCandidates { get; init; }

    public bool StripSeed { get; init; }

    public ReasoningView Reasoning { get; init; }

    /// <summary>Tokens that this answer may have; null where nothing limits it.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Usage was asked for on the client's behalf and is kept from it: chat streams tell it only if asked.</summary>
    public bool HideUsage { get; init; }

    /// <summary>How the answer's prose is marked; null where it is not. It takes nothing away, so what can't be read passes as it came.</summary>
    public CanaryMark? Canary { get; init; }

    /// <summary>Nothing but marks.</summary>
    public bool OnlyMarks => Canary is not null && this with { Canary = null } == None;

    public bool IsEmpty => this == None;

    public bool ChangesRequests => StripLogprobs || StripCandidates || StripSeed || Reasoning != ReasoningView.AsItIs || OutputTokens is not null;

    public bool ChangesAnswers => StripLogprobs || StripCandidates || Reasoning != ReasoningView.AsItIs || HideUsage || Canary is not null;

    /// <summary>Of the obligations of an effective verdict. Caps are counted by whoever enforces them, and become <see cref="OutputTokens"/> for one request.</summary>
    public static Measures Of(IReadOnlyList<Obligation> obligations)
    {
        ArgumentNullException.ThrowIfNull(obligations);
        var measures = None;
        foreach (var obligation in obligations)
        {
            if (obligation.Action == ResponseAction.WithholdReasoning)
            {
                // Of two obligations the stronger.
                var view = obligation.Summarise ? ReasoningView.Summarised : ReasoningView.Omitted;
                measures = measures with { Reasoning = view > measures.Reasoning ? view : measures.Reasoning };
            }
            else if (obligation.Action == ResponseAction.Strip)
            {
                measures = measures with
                {
                    StripLogprobs = measures.StripLogprobs || obligation.Fields.Contains("logprobs"),
                    StripCandidates = measures.StripCandidates || obligation.Fields.Contains("n"),
                    StripSeed = measures.StripSeed || obligation.Fields.Contains("seed"),
                };
            }
        }

        return measures;
    }
}
