using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Honest;

/// <summary>Somebody with interests, a language and a manner of their own; now and then a prompt from a public list.</summary>
internal sealed class CasualTalk : Talk
{
    private readonly Tongue _tongue;
    private readonly int[] _interests;
    private readonly Manner _manner;
    private readonly Conversation _conversation = new();
    private readonly bool _resends;
    private readonly bool _named;
    private readonly double _public;
    private readonly double _craze;
    private readonly string? _system;

    public CasualTalk(Simulation simulation, Dice dice, string language, double craze = 0, bool resends = true)
    {
        _tongue = Tongue.Of(language);
        _interests = Interests(dice);
        _manner = new Manner(dice, simulation.Speaking(dice, _tongue, _interests));
        _resends = resends && dice.Chance(0.75);
        _named = dice.Chance(0.7);
        _public = dice.Chance(0.25) ? dice.Unit() * 0.35 : 0.01;
        _craze = craze;
        // Some keep instructions of their own beside every chat.
        if (dice.Chance(0.2)) _system = OwnInstructions(simulation, dice, _tongue, _interests);
    }

    public static int[] Interests(Dice dice) => [.. Enumerable.Range(0, dice.Between(1, 4)).Select(_ => dice.Below(10_000))];

    private static string OwnInstructions(Simulation simulation, Dice dice, Tongue tongue, int[] interests)
    {
        var fill = simulation.Speaking(dice, tongue, interests);
        var text = fill.Tongue.Section("module", "context").Say(fill);
        while (dice.Chance(0.5)) text += (tongue.Dense ? "" : " ") + fill.Tongue.Section(dice.Chance(0.6) ? "module" : "context", "context").Say(fill);
        return text;
    }

    public override bool Compose(Simulation simulation, Draft draft, Dice dice)
    {
        if (_system is not null) draft.SetSystem(_system);
        var fill = simulation.Speaking(dice, _tongue, _interests);
        var further = _conversation.IsOpen && dice.Chance(0.8);
        if (!further) _conversation.Open(_named ? simulation.Registry.NewConversation() : null);
        else if (_resends) _conversation.Resend(draft);
        else draft.Conversation = _conversation.Id;

        var start = draft.Text.Length;
        Write(simulation, draft, fill, further);
        draft.Add(Speaker.User, start);
        var (median, sentences) = draft.Text.Length - start < 30 ? (60, 1) : (380, dice.Between(1, 6));
        Answer.Give(draft, dice, median, 0.9, 0.006);
        if (_resends) _conversation.Keep(draft, start, simulation.Items.Sentences(fill, "answer", sentences, dice.Next()));
        else _conversation.Keep(draft, start, "");
        return true;
    }

    private void Write(Simulation simulation, Draft draft, Fill fill, bool further)
    {
        var (to, dice) = (draft.Text, fill.Dice);
        var start = to.Length;
        if (dice.Chance(0.03))
        {
            _tongue.Section("small").Write(to, fill);
            return;
        }

        if (further)
        {
            _tongue.Section("follow").Write(to, fill);
            _manner.Apply(to, start, dice);
            return;
        }

        if (dice.Chance(_craze))
        {
            to.Append(simulation.Public.Craze);
            Adorn(to, fill);
            return;
        }

        if (dice.Chance(_public))
        {
            var prompt = simulation.Public.Pick(dice);
            to.Append(prompt);
            // A prompt that ends in a line break waits for the reader's own matter.
            if (prompt[^1] == '\n') simulation.Items.Write(to, fill, KindOf(dice), dice.Next());
            else Adorn(to, fill);
            return;
        }

        if (_manner.Greets(dice)) _tongue.Section("greeting", "small").Write(to, fill);
        simulation.Items.Write(to, fill, KindOf(dice), dice.Next());
        if (_manner.Pet(dice) is { } pet)
        {
            if (!_tongue.Dense) to.Append(' ');
            to.Append(pet);
        }

        _manner.Apply(to, start, dice);
        if (dice.Chance(0.02)) draft.HasImage = true;
    }

    // A copied prompt is sent as it is, or with something before or after it.
    private static void Adorn(TextBuffer to, Fill fill)
    {
        if (fill.Dice.Chance(0.45)) return;
        if (!char.IsWhiteSpace(to.Last)) to.Append(' ');
        if (fill.Dice.Chance(0.5)) fill.Write(Slot.Topic, to);
        else fill.Tongue.Section("context").Write(to, fill);
    }

    private static ItemKind KindOf(Dice dice) => dice.Below(20) switch
    {
        < 10 => ItemKind.Question,
        < 13 => ItemKind.Writing,
        < 15 => ItemKind.Code,
        < 16 => ItemKind.Maths,
        < 17 => ItemKind.Translate,
        < 18 => ItemKind.Sensitive,
        < 19 => ItemKind.Data,
        _ => ItemKind.Image,
    };
}
