using Stillhunt.Proving.Chance;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Work;

/// <summary>One account that works for a crew: draws an item, sends it, waits for the answer, rests, and starts again.</summary>
internal sealed class Worker : Actor
{
    private const long Day = 86_400_000;
    private readonly Crew _crew;
    private readonly Talk? _cover;
    private readonly double _pace;
    private readonly int _budget;
    private readonly Rhythm _rhythm;
    private readonly long _lifetimeMs;
    private long _usedUpAt;
    private WorkItem _item;
    private bool _hasItem;
    private int _failures;
    private int _refusedAfterClosing;
    private long _day;
    private int _today;
    private int _sent;
    private bool _coverIsNext;

    public Worker(Simulation simulation, Crew crew, Account account, Dice dice)
    {
        _crew = crew;
        Account = account;
        Dice = dice;
        _pace = crew.PaceSigma > 0 ? dice.LogNormal(1, crew.PaceSigma) : 1;
        _budget = crew.Budget?.Invoke(dice) ?? int.MaxValue;
        _rhythm = crew.Hours?.Invoke(account, dice) ?? Rhythm.RoundTheClock;
        _lifetimeMs = crew.LifetimeMs > 0 ? (long)dice.LogNormal(crew.LifetimeMs, 0.4) : 0;
        _coverIsNext = dice.Chance(crew.CoverShare);
        if (crew.CoverShare > 0) _cover = crew.Cover?.Invoke(simulation, account, dice);
    }

    public Account Account { get; }

    public Dice Dice { get; }

    /// <summary>Whether this crew asks further about an item at all.</summary>
    public bool MayGoOn => _crew.FollowUpShare > 0;

    /// <summary>The lines of the present item so far, for further turns.</summary>
    public List<(Speaker Speaker, string Text)> History { get; } = [];

    public string? Conversation { get; set; }

    /// <summary>For whom the present item was asked, where the account serves several.</summary>
    public string? EndUser { get; set; }

    /// <summary>The composer's own memory of this worker (its private template, for example).</summary>
    public object? Memory { get; set; }

    // What an operator who reacts keeps of an account.
    public int Group { get; set; }
    public int RefusedInRow { get; set; }
    public int LimitedInRow { get; set; }
    public int PoorInRow { get; set; }

    /// <summary>It was lost.</summary>
    public bool IsHurt { get; set; }

    /// <summary>It was given up with its pool.</summary>
    public bool IsRetired { get; set; }

    /// <summary>Templates for this account alone; null = its group's.</summary>
    public Composer? Own { get; set; }

    private Composer? _writesLast;

    public override long Step(Simulation simulation, Draft draft, long now)
    {
        if (now >= _crew.EndMs || _sent >= _budget || IsRetired || _crew.Mind is { HasAll: true }) return Never;
        if (_lifetimeMs > 0)
        {
            if (_usedUpAt == 0) _usedUpAt = now + _lifetimeMs;
            if (now >= _usedUpAt && _crew.Reserve.Count > 0)
            {
                _crew.Replace(simulation, now, Dice);
                return Never;
            }
        }

        var open = _rhythm.NextOpen(now, Dice);
        if (open > now) return open + (long)(Dice.Unit() * 600_000);
        if (_crew.DailyLimit > 0)
        {
            if (now / Day != _day) (_day, _today) = (now / Day, 0);
            if (_today >= _crew.DailyLimit) return (_day + 1) * Day + (long)Dice.Exponential(3_600_000);
        }

        if (Account.IsClosed(now)) return KnockAtClosedDoor(simulation, draft, now);
        if (_cover is not null && _coverIsNext) return SendCover(simulation, draft, now);
        return SendWork(simulation, draft, now);
    }

    private long SendCover(Simulation simulation, Draft draft, long now)
    {
        draft.Begin(Account, now);
        draft.Model = Account.Models.Choose(Dice, now);
        _cover!.Compose(simulation, draft, Dice);
        // Whoever names end users names one with every request, in one conversation the same.
        if (Account.EndUsers is { } users) draft.EndUser ??= users[Dice.Hash(draft.Conversation ?? "") % (ulong)users.Length];
        simulation.Send(draft, Dice);
        Count();
        if (_crew.Mind?.Saw(simulation, this, draft, now) is { } due) return due;
        return now + Answer.LatencyMs(draft, Dice) + Pause();
    }

    private long SendWork(Simulation simulation, Draft draft, long now)
    {
        draft.Begin(Account, now);
        draft.Model = Account.Models.Choose(Dice, now);
        draft.Extracts = _crew.Extracts;
        draft.Operator = _crew.Label;
        var composer = Writes();
        var further = _hasItem && History.Count > 0;
        if (!further || !composer.FollowUp(simulation, draft, this, _item))
        {
            History.Clear();
            Conversation = null;
            if (!_crew.List.TryDraw(now, out _item, out var release))
            {
                if (release == Never) return _crew.List.IsEmpty ? Never : now + 600_000;
                return release + (long)Dice.Exponential(45_000);
            }

            composer.Compose(simulation, draft, this, _item);
        }

        if (Dice.Chance(_crew.ThrottledShare))
        {
            Answer.Refuse(draft, Dice.Chance(0.75) ? 429 : 529);
            simulation.Send(draft, Dice);
            Count();
            _crew.List.Return(_item);
            History.Clear();
            _hasItem = false;
            _failures++;
            return now + (long)Dice.LogNormal(4_000 * (1 << Math.Min(_failures, 5)), 0.4);
        }

        _failures = 0;
        simulation.Send(draft, Dice);
        Count();
        if (_crew.Mind?.Saw(simulation, this, draft, now) is { } due)
        {
            _crew.List.Return(_item);
            History.Clear();
            _hasItem = false;
            return due;
        }

        _hasItem = Dice.Chance(_crew.FollowUpShare);
        if (!_hasItem) History.Clear();
        return now + Answer.LatencyMs(draft, Dice) + Pause();
    }

    private long KnockAtClosedDoor(Simulation simulation, Draft draft, long now)
    {
        if (_refusedAfterClosing == 0)
        {
            _crew.Replace(simulation, now, Dice);
            if (_hasItem) _crew.List.Return(_item);
        }

        if (_refusedAfterClosing++ >= 2 || !_crew.List.TryDraw(now, out _item, out _)) return Never;
        draft.Begin(Account, now);
        draft.Model = Account.Models.Choose(Dice, now);
        _crew.Composer.Compose(simulation, draft, this, _item);
        Answer.Refuse(draft, 403);
        simulation.Send(draft, Dice);
        _crew.List.Return(_item);
        History.Clear();
        return now + (long)Dice.LogNormal(60_000, 0.8);
    }

    private Composer Writes()
    {
        var composer = _crew.Mind?.ComposerOf(this) ?? _crew.Composer;
        if (composer == _writesLast) return composer;
        // Private templates and open conversations are of the recipe before.
        if (_writesLast is not null)
        {
            Memory = null;
            History.Clear();
        }

        return _writesLast = composer;
    }

    private void Count()
    {
        _sent++;
        _today++;
        // Drawn once a request, so that waiting for work does not add cover.
        _coverIsNext = Dice.Chance(_crew.CoverShare);
    }

    private long Pause() => (long)(Dice.LogNormal(_crew.PauseMs, _crew.PauseSigma) * _pace);
}
