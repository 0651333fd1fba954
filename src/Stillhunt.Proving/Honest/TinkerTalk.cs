using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Honest;

/// <summary>Somebody who tries one prompt in many variants, with sweeps of the parameters: a hobbyist, or a safety researcher who wants to see the reasoning.</summary>
internal sealed class TinkerTalk : Talk
{
    private readonly Choice _section;
    private readonly int[] _interests;
    private readonly bool _research;
    private ulong _item;
    private ItemKind _kind;

    public TinkerTalk(Dice dice, bool research)
    {
        _research = research;
        _interests = CasualTalk.Interests(dice);
        var speech = Tongue.Of("en").Speech;
        _section = research ? speech["study"] : speech[dice.Pick<string>(["persona", "study", "module", "job"])];
    }

    public override bool Compose(Simulation simulation, Draft draft, Dice dice)
    {
        var fill = simulation.Speaking(dice, Tongue.Of("en"), _interests);
        if (_item == 0 || dice.Chance(0.12))
        {
            _item = dice.Next();
            _kind = dice.Pick<ItemKind>(_research ? [ItemKind.Sensitive, ItemKind.Question, ItemKind.Maths] : [ItemKind.Question, ItemKind.Writing, ItemKind.Maths, ItemKind.Code]);
        }

        fill[Slot.Item] = simulation.Items.Say(fill, _kind, _item);
        var to = draft.Text;
        var start = to.Length;
        _section.Write(to, fill);
        if (!_research && dice.Chance(0.8))
        {
            to.Append('\n');
            to.Append(fill[Slot.Item]);
        }

        draft.Add(Speaker.User, start);
        draft.Settings = draft.Settings with { Temperature = dice.Below(11) / 10.0, Choices = dice.Chance(0.1) ? dice.Between(2, 4) : null, Logprobs = dice.Chance(0.1) ? true : null };
        Answer.Give(draft, dice, 600, 0.8, _research ? 0.06 : 0.02);
        return true;
    }
}
