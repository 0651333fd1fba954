namespace Stillhunt.Proving.Text;

/// <summary>A piece of a grammar: fixed text, pieces in a row, one of several, or a slot that the speaker fills.</summary>
internal abstract class Phrase
{
    public abstract void Write(TextBuffer to, Fill fill);

    public string Say(Fill fill)
    {
        var to = fill.Scratch;
        var start = to.Length;
        Write(to, fill);
        var text = to.StringFrom(start);
        to.CutTo(start);
        return text;
    }
}

internal sealed class Literal(string text) : Phrase
{
    public string Text { get; } = text;

    public override void Write(TextBuffer to, Fill fill) => to.Append(Text);
}

internal sealed class Sequence(Phrase[] parts) : Phrase
{
    public Phrase[] Parts { get; } = parts;

    public override void Write(TextBuffer to, Fill fill)
    {
        foreach (var part in Parts) part.Write(to, fill);
    }
}

/// <summary>One of several; a pool of content (topics, tasks) is <see cref="Open"/> and no voice narrows it.</summary>
internal sealed class Choice(string name, bool open) : Phrase
{
    public string Name { get; } = name;

    public bool Open { get; } = open;

    public Phrase[] Options { get; set; } = [];

    public override void Write(TextBuffer to, Fill fill) => Options[fill.Dice.Below(Options.Length)].Write(to, fill);
}

internal sealed class SlotPhrase(Slot slot) : Phrase
{
    public Slot Slot { get; } = slot;

    public override void Write(TextBuffer to, Fill fill) => fill.Write(Slot, to);
}
