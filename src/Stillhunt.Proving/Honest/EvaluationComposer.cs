using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Honest;

/// <summary>
/// A benchmark: a bounded set of public items, run again and again over models; its answers are graded with a judge's prompt.
/// </summary>
internal sealed class EvaluationComposer : Composer
{
    private static readonly string[] Sizes = [Models.Large, Models.Medium, Models.Small];
    private readonly string _before;
    private readonly Voice _judge;

    public EvaluationComposer(Simulation simulation, Dice dice)
    {
        var fill = simulation.Speaking(dice, Tongue.Of("en"), []);
        _before = fill.Tongue.Speech["job"].Say(fill) + "\n";
        _judge = new Voice("grading", "en", dice, Spread.Fixed);
    }

    /// <summary>Task 0 asks, task 1 grades.</summary>
    public override void Compose(Simulation simulation, Draft draft, Worker worker, WorkItem item)
    {
        var dice = worker.Dice;
        var fill = simulation.Speaking(dice, Tongue.Of("en"), []);
        var to = draft.Text;
        draft.Model = simulation.Models.LaunchMs < draft.TimeMs && dice.Chance(0.4) ? Models.New : dice.Pick(Sizes);
        if (item.Task == 0)
        {
            var start = to.Length;
            to.Append(_before);
            simulation.Items.Write(to, fill, item.Kind, item.Seed);
            draft.Add(Speaker.User, start);
            Answer.Give(draft, dice, 420);
            return;
        }

        fill[Slot.Item] = simulation.Items.Say(fill, item.Kind, item.Seed);
        fill[Slot.Answer] = simulation.Items.Sentences(fill, "answer", 3, dice.Next());
        fill[Slot.Other] = simulation.Items.Sentences(fill, "critic", 2, dice.Next());
        var at = to.Length;
        var (system, turn) = _judge.Write(to, fill);
        if (system > 0) draft.SetSystem(at, system);
        draft.Add(Speaker.User, at + system, turn);
        Answer.Give(draft, dice, 180);
    }
}
