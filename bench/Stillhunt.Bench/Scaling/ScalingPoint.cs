using System.Globalization;

namespace Stillhunt.Bench.Scaling;

/// <summary>What one size of traffic cost, as a line of the curves' CSV.</summary>
/// <param name="Traffic">What kind of traffic it was.</param>
/// <param name="ReadingCpu">CPU seconds of reading the log into a part; <paramref name="DetectingCpu"/> those of detecting on it, the part read again.</param>
/// <param name="ReadingBytes">Peak memory.</param>
internal sealed record ScalingPoint(string Traffic, long Accounts, long Exchanges, double ReadingCpu, long ReadingBytes, double DetectingCpu, long DetectingBytes)
{
    public const string Header = "traffic,account_count,exchange_count,reading_cpu_seconds,reading_peak_bytes,detecting_cpu_seconds,detecting_peak_bytes";

    public static ScalingPoint Parse(string line)
    {
        var fields = line.Split(',');
        if (fields.Length != 7) throw new FormatException($"'{line}' has {fields.Length} fields and not 7: {Header}.");
        return new ScalingPoint(fields[0], Whole(1), Whole(2), Seconds(3), Whole(4), Seconds(5), Whole(6));

        long Whole(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);

        double Seconds(int field) => double.Parse(fields[field], CultureInfo.InvariantCulture);
    }
}
