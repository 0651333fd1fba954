using Stillhunt.Proving.Chance;

namespace Stillhunt.Proving.Work;

/// <summary>When work is done: round the clock, or within hours of a place, with or without weekends.</summary>
internal sealed record Rhythm(int HoursFromUtc, double FromHour, double ToHour, double WeekendShare)
{
    private const long Hour = 3_600_000;

    public static readonly Rhythm RoundTheClock = new(0, 0, 24, 1);

    public static Rhythm OfficeHours(int zone, Dice dice) => new(zone, 7.5 + 2 * dice.Unit(), 16.5 + 3 * dice.Unit(), 0.12);

    public static Rhythm LongHours(int zone, Dice dice) => new(zone, 7 + 2 * dice.Unit(), 22 + 1.9 * dice.Unit(), 0.7);

    /// <summary>The share of a week that is working time.</summary>
    public double OpenShare => (ToHour - FromHour) / 24 * (5 + 2 * WeekendShare) / 7;

    /// <summary>The first moment from <paramref name="t"/> on at which a worker of this rhythm works; the worker's own chance shifts its day a little.</summary>
    public long NextOpen(long t, Dice dice)
    {
        if (ToHour - FromHour >= 24 && WeekendShare >= 1) return t;
        for (var i = 0; i < 16; i++)
        {
            var local = t + HoursFromUtc * Hour;
            var day = local / (24 * Hour);
            var hour = (local % (24 * Hour)) / (double)Hour;
            // 1970-01-01 was a Thursday.
            var weekend = (day + 4) % 7 is 0 or 6;
            var nextDay = (day + 1) * 24 * Hour - HoursFromUtc * Hour + (long)((FromHour + 0.4 * dice.Unit()) * Hour);
            if (hour >= ToHour || (weekend && !dice.Chance(WeekendShare)))
            {
                t = nextDay;
                continue;
            }

            return hour < FromHour ? t + (long)((FromHour - hour + 0.5 * dice.Unit()) * Hour) : t;
        }

        return t;
    }
}
