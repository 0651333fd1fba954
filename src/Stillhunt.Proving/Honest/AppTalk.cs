using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Honest;

/// <summary>Somebody who talks to an app: its system prompt, their words, in conversations.</summary>
internal sealed class AppTalk : Talk
{
    private readonly string _system;
    private readonly string _section;
    private readonly ItemKind _kind;
    private readonly int[] _interests;
    private readonly Tongue _tongue;
    private readonly Manner _manner;
    private readonly Conversation _conversation = new();
    private readonly double _median;
    private readonly string[]? _tools;
    private string? _user;

    // The section opens a conversation; an item kind's name draws general items.
    public AppTalk(Simulation simulation, Dice dice, string system, string section, string language = "en", double median = 220, int[]? interests = null, string[]? tools = null)
    {
        _system = system;
        _section = section;
        Enum.TryParse(section, ignoreCase: true, out _kind);
        _interests = interests ?? CasualTalk.Interests(dice);
        _tongue = Tongue.Of(language);
        _manner = new Manner(dice, simulation.Speaking(dice, _tongue, _interests));
        _median = median;
        _tools = tools;
    }

    public string? EndUser { get; init; }

    public Func<Dice, string>? EndUsers { get; init; }

    public override bool Compose(Simulation simulation, Draft draft, Dice dice)
    {
        var fill = simulation.Speaking(dice, _tongue, _interests);
        if (_system.Length > 0) draft.SetSystem(_system);
        draft.Tools = _tools;
        var further = _conversation.IsOpen && dice.Chance(0.55);
        if (further) _conversation.Resend(draft);
        else
        {
            _conversation.Open(simulation.Registry.NewConversation());
            draft.Conversation = _conversation.Id;
            _user = EndUsers?.Invoke(dice) ?? EndUser;
        }

        draft.EndUser = _user;
        var to = draft.Text;
        var start = to.Length;
        if (further) _tongue.Section("follow").Write(to, fill);
        else if (_section is "pupil" or "assignment" or "gradecheck") _tongue.Section(_section).Write(to, fill);
        else simulation.Items.Write(to, fill, _kind, dice.Next());
        _manner.Apply(to, start, dice);
        draft.Add(Speaker.User, start);
        Answer.Give(draft, dice, _median);
        _conversation.Keep(draft, start, simulation.Items.Sentences(fill, "answer", dice.Between(1, 4), dice.Next()));
        return true;
    }
}
