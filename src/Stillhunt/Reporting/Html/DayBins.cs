namespace Stillhunt.Reporting.Html;

/// <summary>The days of a chart from left to right, empty ones included; weeks or longer bins where days would be too fine to see.</summary>
internal sealed class DayBins
{
    /// <summary>More bars than this are thinner than two pixels on a telephone.</summary>
    private const int MostBars = 120;

    private readonly DateOnly _first;

    private DayBins(DateOnly first, DateOnly last)
    {
        _first = first;
        Last = last;
        var days = last.DayNumber - first.DayNumber + 1;
        DaysPerBin = days <= MostBars ? 1 : ((days + MostBars - 1) / MostBars + 6) / 7 * 7;
        Count = (days + DaysPerBin - 1) / DaysPerBin;
    }

    public int Count { get; }
    public int DaysPerBin { get; }
    public DateOnly Last { get; }

    /// <summary>"day", "week" or "28 days".</summary>
    public string Unit => DaysPerBin switch { 1 => "day", 7 => "week", _ => $"{DaysPerBin} days" };

    /// <summary>Null where no day can be read, so that there is nothing to draw.</summary>
    public static DayBins? Over(IEnumerable<string> days)
    {
        DateOnly? first = null, last = null;
        foreach (var day in days)
        {
            if (Figures.Date(day) is not { } date)
                continue;
            if (first is null || date < first)
                first = date;
            if (last is null || date > last)
                last = date;
        }

        return first is { } from && last is { } to ? new DayBins(from, to) : null;
    }

    /// <summary>The bin of a day, or -1 for one that can't be read or lies outside.</summary>
    public int IndexOf(string day) =>
        Figures.Date(day) is { } date && date >= _first && date <= Last ? (date.DayNumber - _first.DayNumber) / DaysPerBin : -1;

    public DateOnly DateOf(int bin) => _first.AddDays(bin * DaysPerBin);
}
