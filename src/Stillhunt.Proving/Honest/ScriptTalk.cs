using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Honest;

/// <summary>A developer's script or side project: an own prompt around own data, one request after another, with a counter now and then.</summary>
internal sealed class ScriptTalk : Talk
{
    private readonly int[] _interests = [];
    private readonly string? _system;
    private readonly string _before;
    private readonly string _after;
    private readonly ItemKind _kind;
    private readonly bool _counts;
    private readonly double _free;
    private readonly string[]? _tools;
    private int _count;

    public ScriptTalk(Simulation simulation, Dice dice)
    {
        _interests = CasualTalk.Interests(dice);
        var fill = simulation.Speaking(dice, Tongue.Of("en"), _interests);
        var speech = fill.Tongue.Speech;
        _system = dice.Chance(0.6) ? speech[dice.Chance(0.5) ? "product" : "job"].Say(fill) + " " + speech["module"].Say(fill) : null;
        _before = dice.Chance(0.7) ? speech["job"].Say(fill) + "\n" : "";
        _after = dice.Chance(0.35) ? "\n" + speech["context"].Say(fill) : "";
        _kind = dice.Pick<ItemKind>([ItemKind.Business, ItemKind.Business, ItemKind.Code, ItemKind.Data, ItemKind.Question, ItemKind.Writing, ItemKind.Translate, ItemKind.Maths]);
        _counts = dice.Chance(0.25);
        _free = dice.Unit() * 0.5;
        _tools = dice.Chance(0.15) ? Toolboxes.Own(dice) : null;
        _count = dice.Below(4000);
    }

    public override bool Compose(Simulation simulation, Draft draft, Dice dice)
    {
        var fill = simulation.Speaking(dice, Tongue.Of("en"), _interests);
        var to = draft.Text;
        var free = dice.Chance(_free);
        if (_system is not null && !free) draft.SetSystem(_system);
        draft.Tools = free ? null : _tools;
        var start = to.Length;
        if (!free)
        {
            to.Append(_before);
            if (_counts)
            {
                to.Append('#');
                to.Append(_count++);
                to.Append(' ');
            }
        }

        simulation.Items.Write(to, fill, free ? ItemKind.Code : _kind, dice.Next());
        if (!free) to.Append(_after);
        draft.Add(Speaker.User, start);
        Answer.Give(draft, dice, _kind == ItemKind.Business && !free ? 140 : 520);
        return true;
    }
}
