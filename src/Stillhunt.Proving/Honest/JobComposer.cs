using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Honest;

/// <summary>A company's job over its own records: one template, data in the slot, mostly short answers (long for shop texts and reports).</summary>
internal sealed class JobComposer : Composer
{
    private readonly string? _system;
    private readonly string _before;
    private readonly Tongue _tongue;
    private readonly int[] _interests;
    private readonly double _median;
    private readonly bool _numbered;
    private long _number;

    public JobComposer(Simulation simulation, Dice dice, double median, string language = "en")
    {
        _tongue = Tongue.Of(language);
        _interests = CasualTalk.Interests(dice);
        var fill = simulation.Speaking(dice, Tongue.Of("en"), _interests);
        var speech = fill.Tongue.Speech;
        var template = speech["job"].Say(fill) + " " + speech["product"].Say(fill) + " " + speech["job"].Say(fill);
        var asSystem = dice.Chance(0.6);
        _system = asSystem ? template : null;
        _before = asSystem ? "" : template + "\n\n";
        _median = median;
        _numbered = dice.Chance(0.4);
        _number = dice.Below(50_000);
    }

    public override void Compose(Simulation simulation, Draft draft, Worker worker, WorkItem item)
    {
        var fill = simulation.Speaking(worker.Dice, _tongue, _interests);
        if (_system is not null) draft.SetSystem(_system);
        var to = draft.Text;
        var start = to.Length;
        to.Append(_before);
        if (_numbered)
        {
            to.Append(_number++);
            to.Append(") ");
        }

        simulation.Items.Write(to, fill, item.Kind, item.Seed);
        draft.Add(Speaker.User, start);
        Answer.Give(draft, worker.Dice, _median, 0.5);
    }
}
