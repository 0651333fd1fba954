using System.Globalization;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Reporting;

/// <summary>Numbers, shares and times as every output writes them. Text that came with the result is made visible, not yet encoded.</summary>
public static class Figures
{
    private static readonly CultureInfo English = CultureInfo.InvariantCulture;

    public static string Count(long number) => number.ToString("N0", English);

    /// <summary>"1 account", "12,000 accounts".</summary>
    public static string Counted(long number, string noun, string? plural = null) =>
        $"{Count(number)} {(number == 1 ? noun : plural ?? noun + "s")}";

    public static string Tokens(long? number) => number is { } known ? Count(known) : "not logged";

    /// <summary>A share as a percentage: one decimal below ten per cent, never "0%" for something nor "100%" for less than all.</summary>
    public static string Percent(double share) => share switch
    {
        double.NaN => "unknown",
        <= 0 => "0%",
        < 0.001 => "under 0.1%",
        >= 1 => "100%",
        > 0.995 => "over 99%",
        < 0.0995 => (share * 100).ToString("0.#", English) + "%",
        _ => (share * 100).ToString("0", English) + "%",
    };

    /// <summary>A probability, rounded down, so that no rounding makes a finding look more certain than it is.</summary>
    public static string Probability(double probability) => probability switch
    {
        double.NaN => "unknown",
        > 0.999 => "over 99.9%",
        < 0.001 => "under 0.1%",
        _ => (Math.Floor(probability * 1000) / 10).ToString("0.0", English) + "%",
    };

    /// <summary>Bits with their sign, two decimals: what the rows of a table are added up from.</summary>
    public static string Bits(double bits) => bits switch
    {
        double.NaN => "unknown",
        <= -0.005 => "−" + (-bits).ToString("0.00", English),
        _ => "+" + Math.Abs(bits).ToString("0.00", English),
    };

    /// <summary>"1 Feb 2026" for a day or an instant; what can't be read as one is shown as it stands.</summary>
    public static string Day(string? time) => Instant(time) is { } instant
        ? instant.ToString("d MMM yyyy", English)
        : OutputText.Terminal(time, 40);

    /// <summary>"1 Feb 2026, 04:12 UTC".</summary>
    public static string Time(string? time) => Instant(time) is { } instant
        ? instant.ToString("d MMM yyyy, HH:mm", English) + " UTC"
        : OutputText.Terminal(time, 40);

    /// <summary>"1–17 Feb 2026", as short as the two days allow; spoken, "from 1 to 17 Feb 2026" or "on 1 Feb 2026".</summary>
    public static string Span(string? from, string? to, bool spoken = false)
    {
        if (Instant(from) is not { } first || Instant(to) is not { } last)
            return string.IsNullOrEmpty(from) && string.IsNullOrEmpty(to) ? "at no known time" : Joined(Day(from), Day(to), spoken);
        if (first.Date == last.Date)
            return (spoken ? "on " : "") + Day(to);
        if (first.Year != last.Year)
            return Joined(Day(from), Day(to), spoken);
        if (first.Month != last.Month)
            return Joined(first.ToString("d MMM", English), Day(to), spoken);
        return spoken ? $"from {first.Day} to {Day(to)}" : $"{first.Day}–{Day(to)}";
    }

    /// <summary>Calendar days from the first to the last, or 0 where they can't be read.</summary>
    public static int Days(string? from, string? to) =>
        Instant(from) is { } first && Instant(to) is { } last && last >= first ? (last.Date - first.Date).Days + 1 : 0;

    public static DateOnly? Date(string? day) => Instant(day) is { } instant ? DateOnly.FromDateTime(instant.Date) : null;

    private static string Joined(string from, string to, bool spoken) => spoken ? $"from {from} to {to}" : $"{from} – {to}";

    private static DateTimeOffset? Instant(string? time) =>
        DateTimeOffset.TryParse(time, English, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant : null;
}
