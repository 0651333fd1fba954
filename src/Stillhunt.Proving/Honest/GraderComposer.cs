using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Honest;

/// <summary>A check in a build pipeline: one company's prompt around what its own product wrote.</summary>
internal sealed class GraderComposer : Composer
{
    private readonly string _system;
    private readonly string _product;

    public GraderComposer(Simulation simulation, Dice dice)
    {
        var fill = simulation.Speaking(dice, Tongue.Of("en"), []);
        _system = fill.Tongue.Speech["product"].Say(fill) + " " + fill.Tongue.Speech["job"].Say(fill);
        _product = new SlotPhrase(Slot.Firm).Say(fill);
    }

    public override void Compose(Simulation simulation, Draft draft, Worker worker, WorkItem item)
    {
        var fill = simulation.Speaking(worker.Dice, Tongue.Of("en"), []);
        draft.SetSystem(_system);
        fill[Slot.Answer] = simulation.Items.Sentences(fill, "answer", 2, item.Seed);
        fill[Slot.Brand] = _product;
        var start = draft.Text.Length;
        fill.Tongue.Speech["gradecheck"].Write(draft.Text, fill);
        draft.Add(Speaker.User, start);
        Answer.Give(draft, worker.Dice, 60);
    }
}
