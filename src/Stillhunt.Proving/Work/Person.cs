using Stillhunt.Proving.Chance;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Work;

/// <summary>How often and when somebody sits down: sessions a day, turns a session, and the hours of a place.</summary>
/// <param name="AllDay">The share of sessions that keep no hours: schedules, and customers in every time zone. 0 = a person.</param>
internal sealed record Habit(double SessionsPerDay, double TurnsPerSession, double PauseMs, double PeakHour, double WeekendShare, long FromMs = 0, long ToMs = long.MaxValue, double AllDay = 0)
{
    /// <summary>
    /// The hours of a program. Half of ServeGen's clients (see <see cref="World.TraceFigures"/>) have an entropy over the hours of the day above 0.94 of the most
    /// that there can be, three quarters one above 0.88; a person's day of this range has 0.90.
    /// </summary>
    public Habit OfProgram(Dice dice) => this with { AllDay = 0.25 + (0.75 * dice.Unit()) };

    public static Habit Casual(Dice dice) =>
        new(dice.LogNormal(0.55, 0.8), 1 + dice.LogNormal(1.6, 0.6), dice.LogNormal(70_000, 0.5), 12 + 9 * dice.Unit(), 0.6 + 0.7 * dice.Unit());

    public static Habit Busy(Dice dice) =>
        new(dice.LogNormal(1.6, 0.5), 2 + dice.LogNormal(4, 0.6), dice.LogNormal(45_000, 0.5), 11 + 5 * dice.Unit(), 0.15 + 0.4 * dice.Unit());
}

/// <summary>Somebody who sits down now and then at hours of their own and talks for a few turns.</summary>
internal sealed class Person(Account account, Talk talk, Habit habit, Dice dice) : Actor
{
    private const long Hour = 3_600_000;
    private int _turnsLeft;

    public void Enter(Simulation simulation)
    {
        var from = Math.Max(simulation.StartMs, Math.Max(account.CreatedMs, habit.FromMs));
        simulation.Add(this, NextSession(from), account.Lane);
    }

    public override long Step(Simulation simulation, Draft draft, long now)
    {
        if (now >= habit.ToMs || account.IsClosed(now)) return Never;
        if (_turnsLeft <= 0) _turnsLeft = 1 + (int)dice.Exponential(Math.Max(0.01, habit.TurnsPerSession - 0.5));
        draft.Begin(account, now);
        draft.Model = account.Models.Choose(dice, now);
        var goesOn = talk.Compose(simulation, draft, dice);
        if (dice.Chance(0.006)) Answer.Refuse(draft, dice.Pick<int>([429, 429, 529, 529, 400, 500]));
        simulation.Send(draft, dice);
        _turnsLeft--;
        var busyUntil = now + Answer.LatencyMs(draft, dice);
        if (_turnsLeft > 0) return busyUntil + (long)dice.LogNormal(goesOn ? habit.PauseMs : habit.PauseMs * 2, 0.8);
        return NextSession(busyUntil);
    }

    // Tries moments at the highest rate and keeps each with the share that the hour deserves.
    private long NextSession(long t)
    {
        const double Peak = 2.4;
        var mean = 24 * Hour / Math.Max(0.01, habit.SessionsPerDay) / Peak;
        for (var i = 0; i < 400; i++)
        {
            t += (long)dice.Exponential(mean) + 1000;
            if (dice.Unit() * Peak < Weight(t)) return t;
        }

        return Never;
    }

    private double Weight(long t)
    {
        var local = t + account.Country.HoursFromUtc * Hour;
        var hour = local % (24 * Hour) / (double)Hour;
        var distance = Math.Abs(hour - habit.PeakHour);
        distance = Math.Min(distance, 24 - distance);
        var weight = 0.04 + 2.3 * Math.Exp(-distance * distance / (2 * 4.2 * 4.2));
        if ((local / (24 * Hour) + 4) % 7 is 0 or 6) weight *= habit.WeekendShare;
        // The hours of a person have a mean of about one.
        return habit.AllDay + ((1 - habit.AllDay) * weight);
    }
}
