namespace Stillhunt.Fingerprinting;

/// <summary>What about a concept a feature says.</summary>
internal enum TextFeatureKind
{
    /// <summary>The concept stands somewhere.</summary>
    Single,

    /// <summary>Two concepts stand in one sentence.</summary>
    Together,

    /// <summary>Two concepts stand in neighbouring sentences.</summary>
    Adjacent,

    /// <summary>The concept stands in the system prompt.</summary>
    InSystem,

    /// <summary>The concept stands in one of the last two sentences of the user turn: instructions frame what they wrap.</summary>
    AtEnd,

    /// <summary>The concept stands in a tool definition.</summary>
    InTools,

    /// <summary>A <see cref="PromptShape"/>.</summary>
    Shape,
}

/// <summary>What is known of a prompt beside its sentences.</summary>
internal enum PromptShape
{
    HasSystem, HasTools, HasToolTurn, HasAssistantTurn, Short, Long,
}

/// <summary>A feature of a prompt as one small integer, so that weights are a table; pairs are stored in rising order.</summary>
internal readonly record struct TextFeature(int Key)
{
    private const int Kinds = 7;

    /// <summary>How many keys there are.</summary>
    public const int KeyCount = Kinds * ConceptSet.Capacity * ConceptSet.Capacity;

    public TextFeature(TextFeatureKind kind, int first, int second = 0)
        : this(((int)kind * ConceptSet.Capacity + Math.Min(first, second)) * ConceptSet.Capacity + Math.Max(first, second))
    {
    }

    public TextFeatureKind Kind => (TextFeatureKind)(Key / (ConceptSet.Capacity * ConceptSet.Capacity));

    /// <summary>The concept, or the second of two.</summary>
    public int Second => Key % ConceptSet.Capacity;

    public int First => Key / ConceptSet.Capacity % ConceptSet.Capacity;

    /// <summary>The name in a weights file: a, a+b, a~b, a@system, a@end, a@tools, #shape.</summary>
    public string NameIn(ConceptLexicon lexicon) => Kind switch
    {
        TextFeatureKind.Together => lexicon.IdOf(First) + '+' + lexicon.IdOf(Second),
        TextFeatureKind.Adjacent => lexicon.IdOf(First) + '~' + lexicon.IdOf(Second),
        TextFeatureKind.InSystem => lexicon.IdOf(Second) + "@system",
        TextFeatureKind.AtEnd => lexicon.IdOf(Second) + "@end",
        TextFeatureKind.InTools => lexicon.IdOf(Second) + "@tools",
        TextFeatureKind.Shape => "shape:" + (PromptShape)Second,
        _ => lexicon.IdOf(Second),
    };

    /// <summary>The feature of a name, or null where the lexicon lacks a concept of it.</summary>
    public static TextFeature? Parse(string name, ConceptLexicon lexicon)
    {
        if (name.StartsWith("shape:", StringComparison.Ordinal))
            return Enum.TryParse<PromptShape>(name.AsSpan(6), out var shape) ? new TextFeature(TextFeatureKind.Shape, (int)shape) : null;
        var at = name.IndexOfAny(['+', '~', '@']);
        if (at < 0) return lexicon.TryNumberOf(name, out var only) ? new TextFeature(TextFeatureKind.Single, only) : null;
        if (!lexicon.TryNumberOf(name[..at], out var first)) return null;
        var rest = name[(at + 1)..];
        if (name[at] == '@')
        {
            return rest switch
            {
                "system" => new TextFeature(TextFeatureKind.InSystem, first),
                "end" => new TextFeature(TextFeatureKind.AtEnd, first),
                "tools" => new TextFeature(TextFeatureKind.InTools, first),
                _ => null,
            };
        }

        if (!lexicon.TryNumberOf(rest, out var second)) return null;
        return new TextFeature(name[at] == '+' ? TextFeatureKind.Together : TextFeatureKind.Adjacent, first, second);
    }
}
