using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Honest;

/// <summary>
/// A coding agent on its owner's repository: a task, then step after step with the transcript so far. Where the model reasons, the
/// handle of the last reasoning is passed back in, within the conversation that it came from.
/// </summary>
internal sealed class AgentTalk : Talk
{
    private const int LongestTranscript = 24;
    private readonly Tongue _tongue;
    private readonly int[] _interests;
    private readonly string? _system;
    private readonly string[] _tools;
    private readonly bool _reasons;
    private readonly HandOver? _team;
    private Transcript _run = new();

    public AgentTalk(Simulation simulation, Dice dice, string? system, string[] tools, string language = "en", HandOver? team = null)
    {
        _tongue = Tongue.Of(language);
        _interests = CasualTalk.Interests(dice);
        _tools = tools;
        _reasons = dice.Chance(0.6);
        _team = team;
        _system = system;
        if (_system is not null && dice.Chance(0.4))
            _system += " " + Tongue.Of("en").Speech["agentsystem"].Say(simulation.Speaking(dice, Tongue.Of("en"), _interests));
    }

    /// <summary>Sessions that a colleague may go on with, handle and all.</summary>
    internal sealed class HandOver
    {
        public Transcript? Left { get; set; }
    }

    internal sealed class Transcript
    {
        public List<(Speaker Speaker, string Text)> Lines { get; } = [];
        public string? Conversation { get; set; }
        public string? Handle { get; set; }
        public int StepsLeft { get; set; }
    }

    public override bool Compose(Simulation simulation, Draft draft, Dice dice)
    {
        var fill = simulation.Speaking(dice, _tongue, _interests);
        if (_system is not null) draft.SetSystem(_system);
        draft.Tools = _tools;
        if (_run.StepsLeft <= 0) Begin(simulation, fill);
        else Go(simulation, fill);

        draft.Conversation = _run.Conversation;
        draft.ReasoningRef = _reasons ? _run.Handle : null;
        foreach (var (speaker, text) in _run.Lines) draft.Add(speaker, text);
        Answer.Give(draft, dice, 260, 0.8);
        if (_reasons && draft.ReasoningTokens is > 0 && dice.Chance(0.8)) _run.Handle = "rh_" + simulation.Registry.Hex(16);
        _run.StepsLeft--;
        return _run.StepsLeft > 0;
    }

    private void Begin(Simulation simulation, Fill fill)
    {
        var dice = fill.Dice;
        if (_team?.Left is { } left && dice.Chance(0.5))
        {
            (_run, _team.Left) = (left, null);
            _run.StepsLeft = dice.Between(1, 6);
            return;
        }

        if (_team is not null && _run.Lines.Count > 4 && dice.Chance(0.15)) _team.Left = _run;
        _run = new Transcript { Conversation = simulation.Registry.NewConversation(), StepsLeft = 1 + (int)dice.Exponential(9) };
        _run.Lines.Add((Speaker.User, simulation.Items.Say(fill, dice.Chance(0.7) ? ItemKind.Agent : ItemKind.Code, dice.Next())));
    }

    private void Go(Simulation simulation, Fill fill)
    {
        var dice = fill.Dice;
        var lines = _run.Lines;
        if (lines.Count >= LongestTranscript) lines.RemoveRange(1, 2);
        lines.Add((Speaker.Assistant, simulation.Items.Sentences(fill, "did", 1, dice.Next())));
        lines.Add(dice.Chance(0.88)
            ? (Speaker.Tool, simulation.Items.Sentences(fill, "tooled", 1, dice.Next()))
            : (Speaker.User, simulation.Items.Sentences(fill, "follow", 1, dice.Next())));
    }
}
