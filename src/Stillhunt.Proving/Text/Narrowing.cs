using Stillhunt.Proving.Chance;

namespace Stillhunt.Proving.Text;

/// <summary>How much of a grammar one author uses: how many sentences at a position, how many words at a choice.</summary>
internal readonly record struct Spread(int Sentences, int Words)
{
    /// <summary>One text for all requests.</summary>
    public static readonly Spread Fixed = new(1, 1);

    /// <summary>A few fixed sentences a position that recombine.</summary>
    public static readonly Spread Recombining = new(4, 1);

    /// <summary>Several sentences and several words in each.</summary>
    public static readonly Spread Paraphrasing = new(6, 3);

    public static readonly Spread Free = new(1000, 1000);
}

/// <summary>
/// One author's share of a grammar. A section that occurs at several places is narrowed once, so that an author's
/// choice of words is the same everywhere.
/// </summary>
internal sealed class Narrowing(Dice dice, Spread spread)
{
    private readonly Dictionary<Phrase, Phrase> _done = new(ReferenceEqualityComparer.Instance);

    /// <summary>A position of sentences: keeps <see cref="Spread.Sentences"/> of them.</summary>
    public Choice Position(Choice section) => Narrow(section, spread.Sentences);

    private Phrase Narrow(Phrase phrase)
    {
        if (_done.TryGetValue(phrase, out var done)) return done;
        Phrase narrowed = phrase switch
        {
            Choice { Open: true } open => open,
            Choice choice => Narrow(choice, spread.Words),
            Sequence sequence => new Sequence([.. sequence.Parts.Select(Narrow)]),
            // One text for all requests: a number or a reference in it is always the same as well.
            SlotPhrase { Slot: >= Slot.Topic } made when spread == Spread.Fixed => new Literal(made.Say(new Fill { Dice = dice })),
            _ => phrase,
        };
        _done[phrase] = narrowed;
        return narrowed;
    }

    private Choice Narrow(Choice choice, int keep)
    {
        if (choice.Open) return choice;
        var options = choice.Options.ToList();
        if (options.Count > keep)
        {
            dice.Shuffle(options);
            options.RemoveRange(keep, options.Count - keep);
        }

        return new Choice(choice.Name, open: false) { Options = [.. options.Select(Narrow)] };
    }
}
