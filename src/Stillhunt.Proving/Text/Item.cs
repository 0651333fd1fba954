using Stillhunt.Proving.Chance;

namespace Stillhunt.Proving.Text;

/// <summary>The kinds of work that anyone may bring to a model, honest or not: one generator serves both sides.</summary>
internal enum ItemKind : byte
{
    Question, Maths, Code, Writing, Data, Sensitive, Business, Agent, Image, Translate,
}

/// <summary>Writes one item: the same seed gives the same text, so that an item can be sent again, by anyone.</summary>
internal sealed class ItemText(PromptShelf shelf)
{
    private static readonly string[] Sections = [.. Enum.GetNames<ItemKind>().Select(n => n.ToLowerInvariant())];
    private readonly Dice _dice = new(0);
    private ulong _written;

    /// <summary>Whether items are remembered by the hash of their text; default false.</summary>
    public bool IsWatched { get; set; }

    /// <summary>The share of items drawn from real prompts where a folder of them was named.</summary>
    private const double ShelfShare = 0.5;

    private const double PastedShare = 0.15;
    private static readonly string[] Pasted = ["answer", "answer", "context", "tooled", "business", "trace", "critic", "data"];

    /// <summary>The same items with a memory of its own.</summary>
    public ItemText ForAnotherLane() => new(shelf);

    public void Write(TextBuffer to, Fill fill, ItemKind kind, ulong seed)
    {
        var (dice, start) = (fill.Dice, to.Length);
        _dice.Reset(seed);
        fill.Dice = _dice;
        if (shelf.Prompts.Length > 0 && fill.Tongue.Code == "en" && kind is not (ItemKind.Business or ItemKind.Agent or ItemKind.Image)
            && _dice.Chance(ShelfShare))
        {
            to.Append(_dice.Pick(shelf.Prompts));
        }
        else
        {
            fill.Tongue.Section(Sections[(int)kind]).Write(to, fill);
            var more = kind switch { ItemKind.Code or ItemKind.Business or ItemKind.Translate => 0.2, ItemKind.Maths => 0.15, _ => 0.45 };
            while (_dice.Chance(more))
            {
                if (!fill.Tongue.Dense) to.Space(start);
                fill.Tongue.Section(_dice.Chance(0.75) ? "context" : "question").Write(to, fill);
                more *= 0.5;
            }
        }

        if (_dice.Chance(PastedShare)) Paste(to, fill, _dice);
        if (IsWatched && _written == 0) _written = Dice.Hash(to.From(start));
        fill.Dice = dice;
    }

    // Some of what people ask comes with something pasted below: a letter, a log, notes, somebody's answer.
    private static void Paste(TextBuffer to, Fill fill, Dice dice)
    {
        var section = fill.Tongue.Section(dice.Pick(Pasted), "answer");
        var length = Math.Min(6000, (int)dice.LogNormal(650, 0.9));
        to.Append(dice.Chance(0.5) ? "\n\n" : "\n");
        var start = to.Length;
        var lines = dice.Chance(0.4);
        while (to.Length - start < length)
        {
            if (lines && to.Length > start) to.Append('\n');
            else if (!fill.Tongue.Dense) to.Space(start);
            section.Write(to, fill);
        }
    }

    /// <summary>The first item that was written since the last call, by the hash of its text; 0 = none.</summary>
    public ulong TakeWritten()
    {
        var written = _written;
        _written = 0;
        return written;
    }

    public string Say(Fill fill, ItemKind kind, ulong seed)
    {
        var to = fill.Scratch;
        var start = to.Length;
        Write(to, fill, kind, seed);
        var text = to.StringFrom(start);
        to.CutTo(start);
        return text;
    }

    /// <summary>What a model may have answered, or thought: sentences of a section, a few or many.</summary>
    public string Sentences(Fill fill, string section, int count, ulong seed)
    {
        var (dice, to) = (fill.Dice, fill.Scratch);
        var start = to.Length;
        _dice.Reset(seed);
        fill.Dice = _dice;
        for (var i = 0; i < count; i++)
        {
            if (!fill.Tongue.Dense) to.Space(start);
            fill.Tongue.Section(section, "answer").Write(to, fill);
        }

        fill.Dice = dice;
        var text = to.StringFrom(start);
        to.CutTo(start);
        return text;
    }
}
