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
        Craze = fill.Tongue.Speech["persona"].Say(fill) + " " + fill.Tongue.Speech["persona"].Say(fill);
    }

    public string Craze { get; }

    public string Pick(Dice dice) => _prompts[dice.Popular(Count, 1.1)];
}
