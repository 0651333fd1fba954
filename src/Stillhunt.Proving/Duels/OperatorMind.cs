using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Operators;
using Stillhunt.Proving.Work;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Duels;

/// <summary>
/// What one operator makes of what happens to its accounts. It knows what a client knows: statuses, and what answers lack. Lost accounts are replaced at once; when
/// enough were hurt since its last move, it makes the next one, in the order of <see cref="Moves"/>.
/// </summary>
internal sealed class OperatorMind
{
    /// <summary>Refusals in a row by which an account is given up, and poor answers in a row by which it counts as spoilt.</summary>
    private const int RefusalsToGiveUp = 3, PoorToGiveUp = 5;

    /// <summary>Share of the accounts hurt since the last move that calls for the next, and fewest accounts and time between moves. No source tells how operators decide; the range's own choice.</summary>
    private const double HurtShare = 0.2;

    private const int FewestHurt = 3;
    private const long Hour = 3_600_000;
    private const long BetweenMoves = 2 * Hour;
    private const long ProbeLasts = 8 * Hour;
    private const int ProbeAccounts = 3;

    private readonly Operation _operation;
    private readonly Crew _crew;
    private readonly Simulation _world;
    private readonly Dice _dice;
    private readonly CaseBook _book;
    private readonly Queue<Moves> _playbook;
    private readonly bool _replaces;
    private readonly Func<int, Account> _apart;
    private readonly List<Composer> _groups;
    private readonly List<Worker> _active = [];
    private int _number;
    private int _purse;
    private int _recipes;
    private int _hurt;
    private int _hurtBase;
    private long _movedMs;
    private bool _goesApart;
    private bool _probing;

    public OperatorMind(Operation operation, Crew crew, Simulation world, DuelGate gate, Dice dice)
    {
        (_operation, _crew, _world, _dice) = (operation, crew, world, dice);
        _book = gate.BookOf(operation.CaseId);
        _book.Wanted += operation.Exchanges;
        _replaces = gate.Options.Moves.HasFlag(Moves.Replace);
        _playbook = new Queue<Moves>(MoveNames.Each.Where(move => move != Moves.Replace && gate.Options.Moves.HasFlag(move)));
        _apart = Disguise.Over(operation.SignUp, Evasions.DisjointInfrastructure, world, dice.Fork("apart"));
        _groups = [crew.Composer];
        _number = _hurtBase = operation.Accounts;
        _purse = (int)Math.Ceiling(gate.Options.Purse * operation.Accounts);
    }

    /// <summary>It got what it set out to get. How often items are asked again, and how many turns they take, is drawn on the way, so that a whole list makes a few more or less.</summary>
    public bool HasAll => _book.Obtained >= _book.Wanted;

    public void Started(Worker worker) => _active.Add(worker);

    /// <summary>Who writes for an account.</summary>
    public Composer ComposerOf(Worker worker) => worker.Own ?? _groups[worker.Group];

    /// <summary>What came back. When to go on, or null to go on as ever.</summary>
    public long? Saw(Simulation lane, Worker worker, Draft draft, long now)
    {
        if (draft.Status == 403)
        {
            if (++worker.RefusedInRow >= RefusalsToGiveUp)
            {
                Lose(lane, worker, now);
                return Actor.Never;
            }

            return now + (long)_dice.LogNormal(180_000, 0.8);
        }

        worker.RefusedInRow = 0;
        if (draft.Status == 429)
        {
            // A limit that does not go away is one that somebody set.
            if (++worker.LimitedInRow == PoorToGiveUp) Hurt(lane, now);
            return worker.LimitedInRow < 3 ? now + (long)_dice.LogNormal(20_000, 0.5) : ((now / Hour) + 1) * Hour + (long)_dice.Exponential(240_000);
        }

        worker.LimitedInRow = 0;
        if (draft.Withheld == AnswerParts.None)
        {
            worker.PoorInRow = 0;
            return null;
        }

        if (++worker.PoorInRow != PoorToGiveUp) return null;
        if (!_replaces || _purse == 0)
        {
            Hurt(lane, now);
            return null;
        }

        Lose(lane, worker, now);
        return Actor.Never;
    }

    private void Lose(Simulation lane, Worker worker, long now)
    {
        _active.Remove(worker);
        worker.IsHurt = true;
        _book.AccountsBurnt++;
        if (_replaces) Open(lane, AccountOrigin.Replacement, _goesApart || worker.Group > 0, now, _operation.ReplaceAfterMs, worker.Group);
        Hurt(lane, now);
    }

    private void Hurt(Simulation lane, long now)
    {
        _hurt++;
        if (_probing || now - _movedMs < BetweenMoves || _hurt < Math.Max(FewestHurt, HurtShare * _hurtBase) || !_playbook.TryDequeue(out var move)) return;
        (_hurt, _hurtBase, _movedMs) = (0, _active.Count, now);
        _book.MovesMade.Add(new MoveMade(now, MoveNames.Of(move)));
        switch (move)
        {
            case Moves.Templates:
                for (var group = 0; group < _groups.Count; group++) _groups[group] = NewRecipe(lane);
                break;
            case Moves.Slow:
                _crew.PauseMs *= 3;
                break;
            case Moves.Split:
                _groups.Add(NewRecipe(lane));
                for (var i = 1; i < _active.Count; i += 2) _active[i].Group = _groups.Count - 1;
                break;
            case Moves.Pool:
                FailOver(lane, now);
                break;
            case Moves.Probe:
                Probe(lane, now);
                break;
        }
    }

    private void FailOver(Simulation lane, long now)
    {
        foreach (var worker in _active) worker.IsRetired = true;
        _active.Clear();
        _goesApart = true;
        _groups.Clear();
        _groups.Add(NewRecipe(lane));
        var pool = Math.Min(_purse, _operation.Accounts);
        for (var i = 0; i < pool; i++) Open(lane, AccountOrigin.SecondPool, true, now, 4.0 * Hour, 0);
        _hurtBase = pool;
    }

    // Each cell tries one way: as now, with new templates, on other infrastructure, with both.
    private void Probe(Simulation lane, long now)
    {
        var cells = new List<Worker>[4];
        var recipe = NewRecipe(lane);
        for (var cell = 0; cell < cells.Length; cell++)
        {
            cells[cell] = [];
            for (var i = 0; i < ProbeAccounts; i++)
            {
                if (Open(lane, AccountOrigin.Probe, (cell & 2) != 0, now, 0.5 * Hour, 0) is not { } worker) continue;
                if ((cell & 1) != 0) worker.Own = recipe;
                cells[cell].Add(worker);
            }
        }

        _probing = true;
        lane.Add(new ProbeEnd(this, cells, recipe), now + ProbeLasts, 0);
    }

    private void Settle(List<Worker>[] cells, Composer recipe, long now)
    {
        _probing = false;
        // Of ways that were caught as often the cheapest: nothing new, then templates, then infrastructure.
        var best = Enumerable.Range(0, cells.Length).OrderBy(cell => cells[cell].Count == 0 ? 1 : cells[cell].Count(worker => worker.IsHurt || worker.PoorInRow > 0) / (double)cells[cell].Count).First();
        _book.MovesMade.Add(new MoveMade(now, "probe: " + (best switch { 0 => "nothing new", 1 => "new templates", 2 => "other infrastructure", _ => "new templates and other infrastructure" })));
        if ((best & 1) != 0)
        {
            for (var group = 0; group < _groups.Count; group++) _groups[group] = recipe;
        }

        if ((best & 2) != 0) _goesApart = true;
    }

    private Worker? Open(Simulation lane, AccountOrigin origin, bool apart, long now, double afterMs, int group)
    {
        if (_purse == 0) return null;
        _purse--;
        var account = (apart ? _apart : _operation.SignUp)(_number++);
        account.ClosedMs = null;
        account.Origin = origin;
        // A second pool was laid in long before; the others are opened now.
        if (origin != AccountOrigin.SecondPool) account.CreatedMs = now;
        return _crew.Start(lane, account, now + (long)_dice.LogNormal(afterMs, 0.7), group);
    }

    private Composer NewRecipe(Simulation lane) => _operation.ComposerFor(lane, _dice.Fork("recipe").Fork((ulong)++_recipes)).Writes;

    private sealed class ProbeEnd(OperatorMind mind, List<Worker>[] cells, Composer recipe) : Actor
    {
        public override long Step(Simulation simulation, Draft draft, long now)
        {
            mind.Settle(cells, recipe, now);
            return Never;
        }
    }
}
