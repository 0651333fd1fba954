using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Honest;
using Stillhunt.Proving.Text;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Operators;

/// <summary>How an operator's texts are made.</summary>
internal sealed record Wording
{
    public Spread Spread { get; init; } = Spread.Recombining;

    /// <summary>Voices for each line and language; more than one where several authors wrote the templates.</summary>
    public int Voices { get; init; } = 1;

    /// <summary>Every account has a template of its own.</summary>
    public bool PrivateTemplates { get; init; }

    /// <summary>The share of requests padded with random text.</summary>
    public double PaddedShare { get; init; }

    public Layout? Layout { get; init; }

    /// <summary>Requests over which the operator searches: first among all voices, which are mostly refused, then among ever fewer; 0 = it knows what works.</summary>
    public int SearchesFor { get; init; }

    /// <summary>Each request bears its number in the work list.</summary>
    public bool Counts { get; init; }

    /// <summary>Each item is sent as a conversation of its own.</summary>
    public bool NamesConversations { get; init; }
}

/// <summary>Writes an operator's requests: a voice for each line of work around items like anybody's.</summary>
internal sealed class ExtractionComposer : Composer
{
    private const int MostFirstSteps = 5;
    private const int LongestHistory = 22;
    private const int KeptHandles = 40;

    // No source tells how often attempts are refused; "many" is all that is reported.
    private const double RefusedWhileSearching = 0.4;
    private readonly WorkLine[] _lines;
    private readonly Wording _wording;
    private readonly Voice[][][] _voices;
    private readonly string[][] _tools;
    private readonly Dice _dice;
    private readonly List<string> _handles = [];
    private int _written;

    public ExtractionComposer(WorkLine[] lines, Wording wording, Dice dice)
    {
        _lines = lines;
        _wording = wording;
        _dice = dice;
        _voices = MakeVoices(dice);
        _tools = [.. lines.Select(_ => dice.Chance(0.7) ? Toolboxes.Popular(dice) : Toolboxes.Own(dice))];
    }

    /// <summary>Sessions whose reasoning handles are kept, to be passed in from other accounts.</summary>
    public bool ReplaysHandles { get; init; }

    public double RefusalShare { get; init; } = 0.02;

    public double MedianTokens { get; init; } = 900;

    public WorkItem NextItem(Dice dice)
    {
        var u = dice.Unit() * _lines.Sum(l => l.Share);
        byte at = 0;
        while (at < _lines.Length - 1 && (u -= _lines[at].Share) > 0) at++;
        var line = _lines[at];
        return new WorkItem(dice.Next(), dice.Pick(line.Items), at, (byte)dice.Below(line.Languages.Length), 0);
    }

    private Voice[][][] MakeVoices(Dice dice) =>
        [.. _lines.Select(line => line.Languages.Select(language => Enumerable.Range(0, _wording.Voices).Select(_ => MakeVoice(line, language, dice)).ToArray()).ToArray())];

    private Voice MakeVoice(WorkLine line, string language, Dice dice) =>
        new(line.Technique.ToString().ToLowerInvariant(), language, dice, _wording.Spread, _wording.Layout);

    public override void Compose(Simulation simulation, Draft draft, Worker worker, WorkItem item)
    {
        var dice = worker.Dice;
        var line = _lines[item.Task];
        var tongue = Tongue.Of(line.Languages[item.Language]);
        var fill = simulation.Speaking(dice, tongue, []);
        var items = simulation.Items;
        fill[Slot.Item] = items.Say(fill, item.Kind, item.Seed);
        fill[Slot.Language] = tongue.Name.Say(fill);
        switch (line.Technique)
        {
            case Technique.Reconstruction:
                fill[Slot.Answer] = items.Sentences(fill, "answer", 2 + dice.Below(4), item.Seed + 1);
                break;
            case Technique.Grading:
                fill[Slot.Answer] = items.Sentences(fill, "answer", 1 + dice.Below(5), dice.Next());
                fill[Slot.Other] = items.Sentences(fill, dice.Chance(0.5) ? "critic" : "answer", 1 + dice.Below(4), dice.Next());
                break;
            case Technique.Cleaning:
                fill[Slot.Trace] = items.Sentences(fill, "trace", 4 + dice.Below(12), item.Seed + 1);
                fill[Slot.Answer] = items.Sentences(fill, "answer", 1, item.Seed + 2);
                fill[Slot.Brand] = "Kestrel";
                break;
            case Technique.Synthesis or Technique.Trajectory:
                fill[Slot.Extra] = items.Sentences(fill, "did", 1, item.Seed + 3);
                break;
        }

        var (voice, refusal) = VoiceFor(worker, item, dice);
        var to = draft.Text;
        var start = to.Length;
        var (system, turn) = voice.Write(to, fill);
        if (system > 0) draft.SetSystem(start, system);
        if (dice.Chance(_wording.PaddedShare))
        {
            to.Append("\n\n");
            simulation.Items.Write(to, fill, ItemKind.Question, dice.Next());
            turn = to.Length - start - system;
        }

        if (_wording.Counts)
        {
            to.Append("\n(");
            to.Append((long)(item.Seed % 1_000_000));
            to.Append(')');
            turn = to.Length - start - system;
        }

        if (_wording.NamesConversations) worker.Conversation = draft.Conversation = simulation.Registry.NewConversation();
        draft.EndUser = worker.EndUser = worker.Account.EndUsers is { } users ? dice.Pick(users) : null;
        draft.Add(Speaker.User, start + system, turn);
        if (item.Kind == ItemKind.Image) draft.HasImage = true;
        if (worker.MayGoOn && line.Technique != Technique.Trajectory) worker.History.Add((Speaker.User, to.Slice(start + system, turn).ToString()));
        if (line.Technique == Technique.Trajectory) WriteSteps(simulation, draft, worker, item, fill, start + system, turn);
        if (line.Technique == Technique.Replaying && _handles.Count > 0) draft.ReasoningRef = dice.Pick(_handles);
        Answer.Give(draft, dice, line.Technique switch { Technique.Grading => 260, Technique.Alignment => 320, Technique.Trajectory => 380, _ => MedianTokens }, 0.6, refusal);
        RememberHandle(simulation, dice);
    }

    public override bool FollowUp(Simulation simulation, Draft draft, Worker worker, WorkItem item)
    {
        if (worker.History.Count >= LongestHistory) return false;
        var line = _lines[item.Task];
        var fill = simulation.Speaking(worker.Dice, Tongue.Of(line.Languages[item.Language]), []);
        foreach (var (speaker, text) in worker.History) draft.Add(speaker, text);
        if (line.Technique == Technique.Trajectory)
        {
            draft.Tools = _tools[item.Task];
            Grow(simulation, worker, fill, draft);
        }
        else
        {
            var answer = simulation.Items.Sentences(fill, "answer", 2, worker.Dice.Next());
            draft.Add(Speaker.Assistant, answer);
            var start = draft.Text.Length;
            fill.Tongue.Section("follow").Write(draft.Text, fill);
            draft.Add(Speaker.User, start);
            worker.History.Add((Speaker.Assistant, answer));
            worker.History.Add((Speaker.User, draft.Text.StringFrom(start)));
        }

        draft.Conversation = worker.Conversation;
        draft.EndUser = worker.EndUser;
        Answer.Give(draft, worker.Dice, MedianTokens * 0.6, 0.6, RefusalShare);
        RememberHandle(simulation, worker.Dice);
        return true;
    }

    private (Voice Voice, double Refusal) VoiceFor(Worker worker, WorkItem item, Dice dice)
    {
        if (_wording.SearchesFor > 0 && !_wording.PrivateTemplates)
        {
            var voices = _voices[item.Task][item.Language];
            var left = Math.Clamp((int)Math.Ceiling(voices.Length * (1 - (double)_written++ / _wording.SearchesFor)), 1, voices.Length);
            var at = dice.Below(left);
            return (voices[at], at == 0 ? RefusalShare : RefusedWhileSearching);
        }

        return (KnownVoice(worker, item, dice), RefusalShare);
    }

    private Voice KnownVoice(Worker worker, WorkItem item, Dice dice)
    {
        if (!_wording.PrivateTemplates) return dice.Pick(_voices[item.Task][item.Language]);
        if (worker.Memory is not Dictionary<(byte, byte), Voice> own) worker.Memory = own = [];
        if (!own.TryGetValue((item.Task, item.Language), out var voice))
        {
            var line = _lines[item.Task];
            voice = MakeVoice(line, line.Languages[item.Language], _dice.Fork(Dice.Hash(worker.Account.Id)).Fork((ulong)(item.Task * 256 + item.Language)));
            own.Add((item.Task, item.Language), voice);
        }

        return voice;
    }

    private void WriteSteps(Simulation simulation, Draft draft, Worker worker, WorkItem item, Fill fill, int start, int turn)
    {
        draft.Tools = _tools[item.Task];
        worker.Conversation = draft.Conversation = simulation.Registry.NewConversation();
        worker.History.Clear();
        worker.History.Add((Speaker.User, draft.Text.Slice(start, turn).ToString()));
        for (var i = worker.Dice.Below(MostFirstSteps); i > 0; i--) Grow(simulation, worker, fill, draft);
    }

    private static void Grow(Simulation simulation, Worker worker, Fill fill, Draft draft)
    {
        var did = simulation.Items.Sentences(fill, "did", 1, worker.Dice.Next());
        var saw = simulation.Items.Sentences(fill, "tooled", 1, worker.Dice.Next());
        draft.Add(Speaker.Assistant, did);
        draft.Add(Speaker.Tool, saw);
        worker.History.Add((Speaker.Assistant, did));
        worker.History.Add((Speaker.Tool, saw));
    }

    private void RememberHandle(Simulation simulation, Dice dice)
    {
        if (!ReplaysHandles || !dice.Chance(0.5)) return;
        var handle = "rh_" + simulation.Registry.Hex(16);
        if (_handles.Count < KeptHandles) _handles.Add(handle);
        else _handles[dice.Below(KeptHandles)] = handle;
    }
}
