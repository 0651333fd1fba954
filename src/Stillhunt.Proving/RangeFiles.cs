using System.IO.Compression;
using Stillhunt.Proving.Suites;

namespace Stillhunt.Proving;

/// <summary>Writes a run into a folder: traffic.jsonl (or .gz), accounts.csv where the format has one, and truth.jsonl.</summary>
public static class RangeFiles
{
    public const string TruthName = "truth.jsonl";
    public const string AccountsName = "accounts.csv";

    public static string TrafficName(RangeOptions options) => options.Compress ? "traffic.jsonl.gz" : "traffic.jsonl";

    /// <param name="watch">Looks at each exchange while it is made, or null.</param>
    public static RangeRun Write(RangeOptions options, string folder, TrafficWatch? watch = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Directory.CreateDirectory(folder);
        var listPath = Path.Combine(folder, "extracting.tmp");
        RangeRun run;
        using (var file = new FileStream(Path.Combine(folder, TrafficName(options)), FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16))
        using (var stream = options.Compress ? new GZipStream(file, CompressionLevel.Fastest) : (Stream)file)
        using (var writer = TrafficWriter.To(stream, options.Format))
        using (var list = options.TruthExchanges ? new StreamWriter(listPath) { NewLine = "\n" } : null)
        {
            run = RangeMaker.Make(options, writer, list is null ? null : (id, campaign) => list.WriteLine($$"""{"exchange":"{{id}}","campaign":"{{campaign}}"}"""), watch);
        }

        using (var truth = new StreamWriter(Path.Combine(folder, TruthName)) { NewLine = "\n" })
        {
            run.WriteTruth(truth);
            if (options.TruthExchanges)
            {
                foreach (var line in File.ReadLines(listPath)) truth.WriteLine(line);
            }
        }

        File.Delete(listPath);
        if (options.Format == TrafficFormat.Native)
        {
            using var accounts = new StreamWriter(Path.Combine(folder, AccountsName)) { NewLine = "\n" };
            run.WriteAccounts(accounts);
        }

        return run;
    }
}
