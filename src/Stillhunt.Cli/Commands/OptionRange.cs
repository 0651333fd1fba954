using System.Globalization;

namespace Stillhunt.Cli.Commands;

/// <summary>Numbers of options, within what makes sense and what can be counted with.</summary>
internal static class OptionRange
{
    /// <summary>Days: a hundred years, as spans in policies.</summary>
    public const int MostDays = 36_500;

    /// <summary>A number of megabytes whose bytes can be counted: an exabyte.</summary>
    public const long MostMegabytes = 1L << 40;

    /// <exception cref="UsageException">The number is outside.</exception>
    public static T Check<T>(T value, T least, T most, string option) where T : IComparable<T>, IFormattable =>
        // NaN compares as less than everything.
        value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0 ? value
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{option} takes a number from {least} to {most}, not {value}."));
}
