using Stillhunt.Proving.Chance;

namespace Stillhunt.Proving.Text;

/// <summary>Where an author puts the instructions and the item.</summary>
internal enum Layout
{
    AllInTurn, InstructionsAsSystem, Split,
}

/// <summary>One author's way to ask for one thing: a layout, the sentences kept at each position, tags and labels of its own.</summary>
internal sealed class Voice
{
    private static readonly string[] Labels = ["TASK", "Input", "Case", "Material", "Subject", "ITEM", "Source", "Query", "Entry", "Payload", "Prompt", "Record", "Vorlage", "Sujet", "题目", "輸入"];
    private static readonly string[] Tags = ["scratch", "work", "notes", "pensar", "steps", "inner", "draft", "trail", "w", "ctx", "proc", "memo", "why", "path", "solve", "r1", "expl"];
    private static readonly string[] EndTags = ["final", "out", "result", "verdict", "ans", "end", "reply", "o", "fin", "score", "value", "close", "say"];

    // A position holds up to three sentences, and now and then one more.
    private const int MostSentences = 4;

    private readonly Choice _system;
    private readonly Choice _lead;
    private readonly Choice _demand;
    private readonly Choice _rule;
    private readonly Choice _shape;
    private readonly Choice _frame;
    private readonly Choice _close;
    private readonly Layout _layout;
    private readonly bool _itemFirst;
    private readonly bool _fixed;
    private readonly int _demands;
    private readonly int _rules;
    private readonly bool _shapes;
    private readonly bool _closes;
    private readonly string _gap;
    private readonly string _tag;
    private readonly string _tag2;
    private readonly string _label;
    private readonly string _label2;

    public Voice(string technique, string language, Dice dice, Spread spread, Layout? layout = null)
    {
        var name = $"{technique}.{language}";
        var grammar = Grammar.Load(Grammar.Exists(name) ? name : technique + ".en");
        var narrowing = new Narrowing(dice, spread);
        _system = narrowing.Position(grammar["system"]);
        _lead = narrowing.Position(grammar["lead"]);
        _demand = narrowing.Position(grammar["demand"]);
        _rule = narrowing.Position(grammar["rule"]);
        _shape = new Narrowing(dice, new Spread(1, 1)).Position(grammar["shape"]);
        _frame = new Narrowing(dice, new Spread(spread.Sentences > 3 ? 2 : 1, 1)).Position(grammar["frame"]);
        _close = narrowing.Position(grammar["close"]);
        _layout = layout ?? (Layout)dice.Below(3);
        _itemFirst = dice.Chance(0.35);
        _fixed = spread.Sentences == 1;
        _demands = dice.Between(1, 3);
        _rules = dice.Between(0, 3);
        _shapes = dice.Chance(0.8);
        _closes = dice.Chance(0.5);
        _gap = dice.Chance(0.5) ? "\n" : dice.Chance(0.5) ? "\n\n" : language is "zh" or "ja" ? "" : " ";
        _tag = Marked(dice, Tags);
        _tag2 = Marked(dice, EndTags);
        _label = dice.Pick(Labels);
        _label2 = dice.Pick(Labels) + (dice.Chance(0.5) ? "*" : " II");
    }

    /// <summary>Writes the system text (empty where this author has none) and then the turn, each at the buffer's end.</summary>
    public (int SystemLength, int TurnLength) Write(TextBuffer to, Fill fill)
    {
        fill[Slot.Tag] = _tag;
        fill[Slot.Tag2] = _tag2;
        fill[Slot.Label] = _label;
        fill[Slot.Label2] = _label2;
        var start = to.Length;
        if (_layout != Layout.AllInTurn)
        {
            Sentence(to, fill, _system, start);
            if (_layout == Layout.InstructionsAsSystem) Instructions(to, fill, start);
        }

        var systemLength = to.Length - start;
        var turn = to.Length;
        if (_layout == Layout.InstructionsAsSystem)
        {
            _frame.Write(to, fill);
        }
        else
        {
            if (_layout == Layout.AllInTurn && (_fixed || fill.Dice.Chance(0.7))) Sentence(to, fill, _system, turn);
            if (_itemFirst)
            {
                if (to.Length > turn) to.Append("\n\n");
                _frame.Write(to, fill);
                to.Append("\n\n");
                Instructions(to, fill, to.Length);
            }
            else
            {
                Instructions(to, fill, turn);
                to.Append("\n\n");
                _frame.Write(to, fill);
            }
        }

        return (systemLength, to.Length - turn);
    }

    private void Instructions(TextBuffer to, Fill fill, int start)
    {
        Sentence(to, fill, _lead, start);
        Several(to, fill, _demand, _demands, start);
        Several(to, fill, _rule, _rules, start);
        if (_shapes) Sentence(to, fill, _shape, start);
        if (_closes && (_fixed || fill.Dice.Chance(0.6))) Sentence(to, fill, _close, start);
    }

    private void Several(TextBuffer to, Fill fill, Choice section, int count, int start)
    {
        count = Math.Min(_fixed ? count : Math.Max(0, count + fill.Dice.Between(-1, 1)), section.Options.Length);
        Span<int> picked = stackalloc int[MostSentences];
        for (var done = 0; done < count;)
        {
            var at = fill.Dice.Below(section.Options.Length);
            if (picked[..done].Contains(at)) continue;
            picked[done++] = at;
            Gap(to, start);
            section.Options[at].Write(to, fill);
        }
    }

    private void Sentence(TextBuffer to, Fill fill, Choice section, int start)
    {
        Gap(to, start);
        section.Write(to, fill);
    }

    private void Gap(TextBuffer to, int start)
    {
        if (to.Length > start) to.Append(_gap);
    }

    private static string Marked(Dice dice, string[] words) =>
        dice.Pick(words) + dice.Below(4) switch { 0 => "_" + dice.Pick(words), 1 => dice.Between(1, 9).ToString(System.Globalization.CultureInfo.InvariantCulture), _ => "" };
}
