using Stillhunt.Proving;

namespace Stillhunt.Bench;

/// <summary>Traffic of the range on disk, made once and kept in the temporary folder.</summary>
internal static class GeneratedTraffic
{
    /// <summary>What the operators of the documented scenario send at its default scale, and an honest account in five days: a first guess, put right by what was made.</summary>
    private const int OperatorsSend = 33_000, AccountSends = 38;

    /// <summary>How far the number of exchanges may be from what was asked for.</summary>
    private const double Tolerance = 0.03;

    /// <summary>A folder with traffic.jsonl of about so many exchanges, but not fewer than the operators send, and accounts.csv; made anew when the range changes.</summary>
    public static string Folder(long exchanges)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"stillhunt-bench-{exchanges}-{typeof(RangeMaker).Module.ModuleVersionId:N}");
        if (File.Exists(Path.Combine(folder, RangeFiles.TruthName))) return folder;
        Console.Error.WriteLine($"Making {exchanges:N0} exchanges in {folder} (once)");
        var perAccount = (double)AccountSends;
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var honest = (int)Math.Max(1, (exchanges - OperatorsSend) / perAccount);
            var run = RangeFiles.Write(new RangeOptions { HonestAccounts = honest }, folder);
            if (honest == 1 || Math.Abs(run.ExchangeCount - exchanges) < Tolerance * exchanges) break;
            perAccount = Math.Max(1, (double)(run.ExchangeCount - OperatorsSend) / honest);
        }

        return folder;
    }

    /// <summary>The first lines of a log, as bytes.</summary>
    public static byte[][] Lines(int count) =>
        [.. File.ReadLines(Path.Combine(Folder(20_000), RangeFiles.TrafficName(new RangeOptions()))).Take(count).Select(System.Text.Encoding.UTF8.GetBytes)];
}
