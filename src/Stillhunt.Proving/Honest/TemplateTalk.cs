using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Operators;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Honest;

/// <summary>
/// A developer whose own product grades, makes test data or asks for worked steps: the text is like an operator's, the items are of one field, and
/// nobody else sends it.
/// </summary>
internal sealed class TemplateTalk : Talk
{
    private static readonly Technique[] Kinds = [Technique.Grading, Technique.Synthesis, Technique.Elicitation, Technique.Trajectory];
    private readonly Voice _voice;
    private readonly ItemKind _kind;
    private readonly int[] _interests;

    public TemplateTalk(Dice dice)
    {
        _voice = new Voice(dice.Pick(Kinds).ToString().ToLowerInvariant(), "en", dice, dice.Chance(0.7) ? Spread.Fixed : Spread.Recombining);
        _kind = dice.Pick<ItemKind>([ItemKind.Business, ItemKind.Writing, ItemKind.Code, ItemKind.Data]);
        _interests = [dice.Below(10_000)];
    }

    public override bool Compose(Simulation simulation, Draft draft, Dice dice)
    {
        var fill = simulation.Speaking(dice, Tongue.Of("en"), _interests);
        var items = simulation.Items;
        fill[Slot.Item] = items.Say(fill, _kind, dice.Next());
        fill[Slot.Answer] = items.Sentences(fill, "answer", dice.Between(1, 3), dice.Next());
        fill[Slot.Other] = items.Sentences(fill, "critic", dice.Between(1, 3), dice.Next());
        fill[Slot.Extra] = items.Sentences(fill, "did", 1, dice.Next());
        var start = draft.Text.Length;
        var (system, turn) = _voice.Write(draft.Text, fill);
        if (system > 0) draft.SetSystem(start, system);
        draft.Add(Speaker.User, start + system, turn);
        Answer.Give(draft, dice, 350);
        return true;
    }
}
