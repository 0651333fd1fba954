using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Honest;

/// <summary>What a program without accounts of its own shows in the hands of each of its users, and what anybody may copy from it.</summary>
internal sealed record SharedApp(string System, string[] Tools, ClientBuild Client, Settings Settings)
{
    private const int Sentences = 5;

    public static SharedApp CodingAssistant(Simulation simulation, Dice dice)
    {
        var fill = simulation.Speaking(dice, Tongue.Of("en"), []);
        var section = fill.Tongue.Speech["agentsystem"];
        return new SharedApp(string.Join(' ', Enumerable.Range(0, Sentences).Select(_ => section.Say(fill))), Toolboxes.Own(dice), Clients.Pick(dice, ClientUse.Agent), Settings.ForAgent(dice));
    }
}
