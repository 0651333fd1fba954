using Stillhunt.Proving.Chance;
using Stillhunt.Proving.Duels;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Work;

/// <summary>Writes the request for one work item, or for a further turn about it.</summary>
internal abstract class Composer
{
    public abstract void Compose(Simulation simulation, Draft draft, Worker worker, WorkItem item);

    /// <summary>A further turn of the same item; false where this work has none.</summary>
    public virtual bool FollowUp(Simulation simulation, Draft draft, Worker worker, WorkItem item) => false;
}

/// <summary>An employer with one work list and many workers: an operator's accounts as well as an honest company's jobs.</summary>
internal sealed class Crew
{
    private int? _lane;

    public required WorkList List { get; init; }
    public required Composer Composer { get; init; }

    /// <summary>Reacts to what is done to the accounts; null where nobody does anything to them.</summary>
    public OperatorMind? Mind { get; set; }

    /// <summary>The hours of each account; round the clock where nothing is said.</summary>
    public Func<Account, Dice, Rhythm>? Hours { get; init; }

    /// <summary>The median pause between an answer and the next request of a worker.</summary>
    public required double PauseMs { get; set; }

    public double PauseSigma { get; init; } = 0.5;

    /// <summary>Requests an account and day before it rests; 0 = none.</summary>
    public int DailyLimit { get; init; }

    /// <summary>The requests that one account may send in all; 0 = no budget.</summary>
    public Func<Dice, int>? Budget { get; init; }

    public double FollowUpShare { get; init; }

    public double ThrottledShare { get; init; } = 0.01;

    public bool Extracts { get; init; }

    /// <summary>Tells crews that work with the same accounts apart, in their chances and in the list of extracting exchanges; empty for the only one.</summary>
    public string Label { get; init; } = "";

    /// <summary>The share of an account's requests that are ordinary talk.</summary>
    public double CoverShare { get; init; }

    public Func<Simulation, Account, Dice, Talk>? Cover { get; init; }

    public long EndMs { get; init; } = Actor.Never;

    /// <summary>Accounts made in advance, to replace those that are closed.</summary>
    public Queue<Account> Reserve { get; } = new();

    /// <summary>How unequal the workers are: sigma of their pace.</summary>
    public double PaceSigma { get; init; }

    /// <summary>How long an account is used before the next takes its place; 0 = as long as it lives.</summary>
    public double LifetimeMs { get; init; }

    public double ReplaceAfterMs { get; init; } = 1_800_000;

    /// <summary>All workers of a crew share its list, and therefore go in one lane: that of the first account.</summary>
    /// <param name="group">Whose templates it takes, where the operator has split.</param>
    public Worker Start(Simulation simulation, Account account, long dueMs, int group = 0)
    {
        _lane ??= account.Lane;
        var worker = new Worker(simulation, this, account, simulation.DiceFor("worker " + account.Id + Label)) { Group = group };
        Mind?.Started(worker);
        simulation.Add(worker, Math.Max(dueMs, account.CreatedMs + 60_000), _lane.Value);
        return worker;
    }

    /// <summary>An account was closed: the next of the reserve takes its place.</summary>
    public void Replace(Simulation simulation, long now, Dice dice)
    {
        if (Reserve.TryDequeue(out var account)) Start(simulation, account, now + (long)dice.LogNormal(ReplaceAfterMs, 0.7));
    }
}
