using System.Globalization;
using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Proving;
using Stillhunt.Proving.Suites;
using Stillhunt.Sketches;

namespace Stillhunt.Bench;

/// <summary>
/// What each kind of evidence contributes: traffic of the range is made and read once, and campaigns are found again without one kind (or a few that belong together), in grouping and in weighing.
/// Each finding is a line of a CSV as soon as it is scored; several such files make the tables.
/// </summary>
internal static class Ablation
{
    private const string Nothing = "nothing";

    /// <summary>Kinds that are left out together, because one stands in for the other.</summary>
    private static readonly string[] Together = ["dealt-twice,dealt-across", "payment,phone", "email-shape,email-domain,referrer,created", "ip,network,asn", "client,tls,headers,shape,tools", "reasoning-handle,handle-replay", "verified,programme"];

    /// <summary>All that can be left out, each kind once, in the order of reports.</summary>
    private static IEnumerable<string> LeftOut()
    {
        var joined = Together.SelectMany(kinds => kinds.Split(',')).ToHashSet(StringComparer.Ordinal);
        if (!joined.IsSubsetOf(EvidenceKinds.All)) throw new InvalidOperationException($"There is no evidence {string.Join(", ", joined.Except(EvidenceKinds.All))}.");
        return EvidenceKinds.All.Where(kind => !joined.Contains(kind)).Concat(Together).Prepend(Nothing);
    }

    public static int Run(string[] args)
    {
        if (args.Length < 2)
        {
            Console.Error.WriteLine("ablation FINDINGS.csv SCENARIO:SEED[:EVASION,...]...");
            return 2;
        }

        var mixtures = new List<(string Name, RangeOptions Options)>();
        foreach (var mixture in args[1..])
        {
            var parts = mixture.Split(':');
            if (parts.Length is not (2 or 3) || !long.TryParse(parts[1], CultureInfo.InvariantCulture, out var seed))
            {
                Console.Error.WriteLine($"'{mixture}' is not SCENARIO:SEED[:EVASION,...].");
                return 2;
            }

            var evasions = parts.Length == 3 ? EvasionNames.Read(parts[2]) : Evasions.None;
            mixtures.Add((parts[0] + (evasions == Evasions.None ? "" : " with " + EvasionNames.Of(evasions).Replace(",", " and ", StringComparison.Ordinal)), new RangeOptions { Scenario = parts[0], Seed = seed, Evasions = evasions }));
            mixtures[^1].Options.Validate();
        }

        using var to = new StreamWriter(args[0], append: true);
        foreach (var (name, options) in mixtures)
        {
            var folder = Directory.CreateTempSubdirectory("stillhunt-ablation-").FullName;
            try
            {
                foreach (var finding in Find(name, options, folder))
                {
                    to.WriteLine(finding.Line);
                    to.Flush();
                }
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }

            Console.Error.WriteLine($"{name}, seed {options.Seed}");
        }

        return 0;
    }

    private static IEnumerable<AblationFinding> Find(string name, RangeOptions options, string folder)
    {
        RangeFiles.Write(options, folder);
        var snapshot = Pipeline.Observe(LogFiles.Find([new LogInput(Path.Combine(folder, RangeFiles.TrafficName(options)))]), new LogScanOptions(), KeyedHash.Fixed).Snapshot;
        var accounts = AccountsFile.Load(Path.Combine(folder, RangeFiles.AccountsName));
        var truth = RangeTruth.Read(Path.Combine(folder, RangeFiles.TruthName));
        var path = Path.Combine(folder, "campaigns.json");
        foreach (var kinds in LeftOut())
        {
            IReadOnlySet<string> leaveOut = kinds == Nothing ? EvidenceKinds.None : kinds.Split(',').ToHashSet(StringComparer.Ordinal);
            using (var to = File.Create(path)) ScanResultJson.Write(to, Pipeline.Detect(snapshot, accounts, KeyedHash.Fixed, threads: Environment.ProcessorCount, leaveOut: leaveOut));
            yield return AblationFinding.Of(name, options.Seed, kinds, truth, RangeResult.Read(path));
        }
    }

    public static int Print(string[] args)
    {
        if (args.Length == 0)
        {
            Console.Error.WriteLine("ablation-table FINDINGS.csv...");
            return 2;
        }

        var findings = args.SelectMany(AblationFinding.Read).ToList();
        foreach (var mixture in findings.GroupBy(finding => finding.Mixture)) Table(mixture.Key, [.. mixture]);
        Table("all together", findings);
        return 0;
    }

    private static void Table(string name, List<AblationFinding> findings)
    {
        Console.WriteLine($"\n{name}, {findings.Select(finding => (finding.Mixture, finding.Seed)).Distinct().Count()} runs\n");
        Console.WriteLine("| left out | cases found | exchange recall | account recall | account precision | false campaigns | honest flagged | log loss |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|");
        var rows = findings.GroupBy(finding => finding.LeftOut).Select(group => (LeftOut: group.Key, Sum: group.Aggregate((sum, finding) => sum + finding), Runs: group.Count())).ToList();
        // What matters most first; everything in its place at the top.
        foreach (var (leftOut, sum, runs) in rows.OrderByDescending(row => row.LeftOut == Nothing).ThenByDescending(row => row.Sum.LogLoss / row.Runs))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {leftOut.Replace(",", ", ", StringComparison.Ordinal)} | {sum.Found} of {sum.Cases} | {sum.Recalled / sum.Extracting:0.000} | {sum.RightAccounts / sum.ExtractingAccounts:0.000} | {(sum.Flagged == 0 ? double.NaN : sum.Right / sum.Flagged):0.000} | {sum.FalseCampaigns} | {sum.Honest} | {sum.LogLoss / runs:0.0000} |"));
        }
    }
}
