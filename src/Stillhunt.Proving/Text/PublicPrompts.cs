using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Work;

namespace Stillhunt.Proving.Text;

/// <summary>Prompts that everybody may copy from a list: a few are very popular, most are not. One is the craze of the week.</summary>
internal sealed class PublicPrompts
{
    private const int Count = 60;
    private readonly string[] _prompts;

    public PublicPrompts(Dice dice, Simulation simulation)
    {
        var fill = simulation.Speaking(dice, Tongue.Of("en"), []);
        _prompts = [.. Enumerable.Range(0, Count).Select(_ => fill.Tongue.Speech["persona"].Say(fill))];
        // A few of the list are for the reasoning's sake, and work as a wrapper for anything.
        for (var i = 3; i < Count; i += 11) _prompts[i] = Wrapper(dice, fill);
        Craze = fill.Tongue.Speech["persona"].Say(fill) + " " + fill.Tongue.Speech["persona"].Say(fill);
    }

    private static string Wrapper(Dice dice, Fill fill)
    {
        fill[Slot.Item] = "";
        var to = fill.Scratch;
        var start = to.Length;
        new Voice(dice.Chance(0.7) ? "elicitation" : "synthesis", "en", dice, Spread.Fixed, Layout.AllInTurn).Write(to, fill);
        var text = to.StringFrom(start).TrimEnd() + "\n";
        to.CutTo(start);
        return text;
    }

    public string Craze { get; }

    public string Pick(Dice dice) => _prompts[dice.Popular(Count, 1.1)];
}
