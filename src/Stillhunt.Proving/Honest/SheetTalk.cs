using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Honest;

/// <summary>A student with a sheet of exercises: the same texts as all the others, then questions of their own.</summary>
internal sealed class SheetTalk(string[] sheet, Dice own, int[] subject) : Talk
{
    private readonly Conversation _conversation = new();
    private readonly bool _trims = own.Chance(0.3);

    public override bool Compose(Simulation simulation, Draft draft, Dice dice)
    {
        var fill = simulation.Speaking(dice, Tongue.Of("en"), subject);
        var to = draft.Text;
        var further = _conversation.IsOpen && dice.Chance(0.7);
        if (further) _conversation.Resend(draft);
        else _conversation.Open(null);
        var start = to.Length;
        if (further)
        {
            fill.Tongue.Speech[dice.Chance(0.5) ? "follow" : "pupil"].Write(to, fill);
        }
        else
        {
            var text = dice.Pick(sheet);
            to.Append(_trims && text.Length > 60 ? text.AsSpan(text.IndexOf(' ') + 1) : text);
            if (dice.Chance(0.4))
            {
                to.Append('\n');
                fill.Tongue.Speech["context"].Write(to, fill);
            }
        }

        draft.Add(Speaker.User, start);
        Answer.Give(draft, dice, 450);
        _conversation.Keep(draft, start, simulation.Items.Sentences(fill, "answer", dice.Between(1, 4), dice.Next()));
        return true;
    }
}
