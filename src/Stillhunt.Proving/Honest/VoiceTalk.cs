using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Honest;

/// <summary>
/// Somebody who puts matters of their own into a text that strangers use as well: a prompt from a public collection, or the template of an app. Some go on
/// in the same conversation, some never do.
/// </summary>
internal sealed class VoiceTalk(Voice[] voices, Dice own, string language = "en", double median = 700, double goesOn = 0.4) : Talk
{
    private readonly int[] _interests = CasualTalk.Interests(own);
    private readonly ItemKind _kind = own.Pick<ItemKind>([ItemKind.Question, ItemKind.Writing, ItemKind.Business, ItemKind.Code, ItemKind.Data, ItemKind.Maths, ItemKind.Sensitive]);
    private readonly Voice _favourite = voices[own.Popular(voices.Length)];
    private readonly double _loyalty = own.Chance(0.6) ? 1 : own.Unit();
    private readonly Conversation _conversation = new();

    public override bool Compose(Simulation simulation, Draft draft, Dice dice)
    {
        var fill = simulation.Speaking(dice, Tongue.Of(language), _interests);
        var items = simulation.Items;
        var further = _conversation.IsOpen && dice.Chance(goesOn);
        var start = draft.Text.Length;
        if (further)
        {
            _conversation.Resend(draft);
            fill.Tongue.Section("follow").Write(draft.Text, fill);
        }
        else
        {
            _conversation.Open(simulation.Registry.NewConversation());
            draft.Conversation = goesOn > 0 ? _conversation.Id : null;
            fill[Slot.Item] = items.Say(fill, dice.Chance(0.7) ? _kind : ItemKind.Question, dice.Next());
            fill[Slot.Answer] = items.Sentences(fill, "answer", 1 + dice.Below(3), dice.Next());
            fill[Slot.Other] = items.Sentences(fill, "critic", 1 + dice.Below(3), dice.Next());
            fill[Slot.Extra] = items.Sentences(fill, "did", 1, dice.Next());
            var voice = dice.Chance(_loyalty) ? _favourite : voices[dice.Popular(voices.Length)];
            var (system, _) = voice.Write(draft.Text, fill);
            if (system > 0) draft.SetSystem(start, system);
            start += system;
        }

        draft.Add(Speaker.User, start);
        Answer.Give(draft, dice, median, 0.7);
        if (goesOn > 0) _conversation.Keep(draft, start, items.Sentences(fill, "answer", dice.Between(1, 5), dice.Next()));
        return goesOn > 0;
    }
}
