using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Honest;

/// <summary>An app that puts its user's words into one fixed turn and forgets: no conversation, long answers.</summary>
internal sealed class WrappedTalk(string before, Dice own) : Talk
{
    private readonly int[] _interests = CasualTalk.Interests(own);
    private readonly ItemKind _kind = own.Pick<ItemKind>([ItemKind.Maths, ItemKind.Question, ItemKind.Code, ItemKind.Sensitive, ItemKind.Writing]);

    public override bool Compose(Simulation simulation, Draft draft, Dice dice)
    {
        var fill = simulation.Speaking(dice, Tongue.Of("en"), _interests);
        var start = draft.Text.Length;
        draft.Text.Append(before);
        draft.Text.Append("\n\n");
        simulation.Items.Write(draft.Text, fill, dice.Chance(0.7) ? _kind : ItemKind.Question, dice.Next());
        draft.Add(Speaker.User, start);
        Answer.Give(draft, dice, 800, 0.6);
        return true;
    }
}
