using System.IO.Compression;
using Stillhunt.Proving.Suites;

namespace Stillhunt.Proving;

/// <summary>Writes a run to files or to a pipe: the traffic, the accounts file where the format has one, and the truth.</summary>
public static class RangeFiles
{
    public const string TruthName = "truth.jsonl";
    public const string AccountsName = "accounts.csv";

    public static string TrafficName(RangeOptions options) => options.Compress ? "traffic.jsonl.gz" : "traffic.jsonl";

    /// <summary>What an earlier run left in a folder and these options would not replace: it would stand beside traffic that it does not belong to.</summary>
    /// <param name="truthPath">Where the truth goes instead of into the folder.</param>
    public static IReadOnlyList<string> LeftOver(RangeOptions options, string folder, string? truthPath = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var others = new List<string> { TrafficName(options with { Compress = !options.Compress }) };
        if (options.Format != TrafficFormat.Native) others.Add(AccountsName);
        if (truthPath is not null && Path.GetFullPath(truthPath) != Path.GetFullPath(Path.Combine(folder, TruthName))) others.Add(TruthName);
        return [.. others.Where(name => File.Exists(Path.Combine(folder, name)))];
    }

    /// <summary>All three into one folder, by the names above.</summary>
    /// <param name="truthPath">Where the truth goes instead.</param>
    /// <param name="watch">Looks at each exchange while it is made, or null.</param>
    public static RangeRun Write(RangeOptions options, string folder, TrafficWatch? watch = null, string? truthPath = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Directory.CreateDirectory(folder);
        using var file = new FileStream(Path.Combine(folder, TrafficName(options)), FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
        return Write(options, file, truthPath ?? Path.Combine(folder, TruthName), options.Format == TrafficFormat.Native ? Path.Combine(folder, AccountsName) : null, watch);
    }

    /// <summary>The traffic to a stream, which may be a pipe: nothing of it is kept.</summary>
    /// <param name="accountsPath">Null = no accounts file is written.</param>
    public static RangeRun Write(RangeOptions options, Stream traffic, string truthPath, string? accountsPath, TrafficWatch? watch = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        // The list of exchanges stands behind the accounts in the truth, which are counted only when all is made.
        var listPath = truthPath + ".exchanges";
        RangeRun run;
        using (var zipped = options.Compress ? new GZipStream(traffic, CompressionLevel.Fastest, leaveOpen: true) : null)
        using (var writer = TrafficWriter.To(zipped ?? traffic, options.Format))
        using (var list = options.TruthExchanges ? new StreamWriter(listPath) { NewLine = "\n" } : null)
        {
            run = RangeMaker.Make(options, writer, list is null ? null : (id, campaign) => list.WriteLine($$"""{"exchange":"{{id}}","campaign":"{{campaign}}"}"""), watch);
        }

        using (var truth = new StreamWriter(truthPath) { NewLine = "\n" })
        {
            run.WriteTruth(truth);
            if (options.TruthExchanges)
            {
                foreach (var line in File.ReadLines(listPath)) truth.WriteLine(line);
                File.Delete(listPath);
            }
        }

        if (accountsPath is null) return run;
        using var accounts = new StreamWriter(accountsPath) { NewLine = "\n" };
        run.WriteAccounts(accounts);
        return run;
    }
}
