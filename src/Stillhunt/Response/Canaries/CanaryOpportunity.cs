namespace Stillhunt.Response.Canaries;

/// <summary>A place in an answer where either form of a pair can stand.</summary>
internal readonly ref struct CanaryOpportunity
{
    public required CanaryPair Pair { get; init; }

    /// <summary>The form that stands there: 0 or 1.</summary>
    public required int Which { get; init; }

    /// <summary>The word beside it, in lower case: behind a pair that opens a sentence, before any other. It is never a word that a key may change.</summary>
    public required string Context { get; init; }

    /// <summary>The words before it, itself and the word behind it, as they stand there: by this a passage that repeats the request is known.</summary>
    public required ReadOnlySpan<byte> Passage { get; init; }
}

/// <summary>Says which form is to stand: 0 or 1.</summary>
internal delegate int CanaryChoice(in CanaryOpportunity found);
