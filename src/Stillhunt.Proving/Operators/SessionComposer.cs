using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Honest;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Operators;

/// <summary>
/// Stored sessions of an agent, sent again: each is cut at each of its steps and the model's next move is collected, one cut from one account, the next from
/// another. A work item is a session and the step it is cut at; the same session gives the same text.
/// </summary>
internal sealed class SessionComposer : Composer
{
    private const int FewestSteps = 3;
    private const int MostSteps = 9;
    private readonly string _system;
    private readonly string[] _tools;
    private readonly Dice _stored = new(0);
    private ulong _session;
    private int _stepsLeft;

    public SessionComposer(Simulation simulation, Dice dice)
    {
        var fill = simulation.Speaking(dice, Tongue.Of("en"), []);
        _system = fill.Tongue.Speech["agentsystem"].Say(fill) + " " + fill.Tongue.Speech["agentsystem"].Say(fill);
        _tools = dice.Chance(0.5) ? Toolboxes.Popular(dice) : Toolboxes.Own(dice);
    }

    public WorkItem NextCut(Dice dice)
    {
        if (_stepsLeft <= 0) (_session, _stepsLeft) = (dice.Next(), dice.Between(FewestSteps, MostSteps));
        return new WorkItem(_session, ItemKind.Agent, (byte)_stepsLeft--, 0, 0);
    }

    public override void Compose(Simulation simulation, Draft draft, Worker worker, WorkItem item)
    {
        _stored.Reset(item.Seed);
        var fill = simulation.Speaking(_stored, Tongue.Of("en"), []);
        var items = simulation.Items;
        draft.SetSystem(_system);
        draft.Tools = _tools;
        draft.Add(Speaker.User, items.Say(fill, item.Kind, item.Seed));
        for (var step = 1; step < item.Task; step++)
        {
            draft.Add(Speaker.Assistant, items.Sentences(fill, "did", 1, item.Seed + (ulong)(2 * step)));
            draft.Add(Speaker.Tool, items.Sentences(fill, "tooled", 1, item.Seed + (ulong)(2 * step) + 1));
        }

        Answer.Give(draft, worker.Dice, 420, 0.6, 0.01);
    }
}
