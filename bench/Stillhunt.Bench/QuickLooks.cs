using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Proving;
using Stillhunt.Sketches;

namespace Stillhunt.Bench;

/// <summary>
/// What a quick look sees of what a whole detection finds, and what each costs: rows of a Markdown table for docs/serve.md. A campaign counts as seen where a third of its
/// accounts stand in one of the look, which is what the ledger takes for one.
/// </summary>
internal static class QuickLooks
{
    private const double One = 1.0 / 3;

    public static int Run(string[] args)
    {
        if (args.Length == 0)
        {
            Console.Error.WriteLine("quick EXCHANGES [SAMPLES...]");
            return 2;
        }

        var folder = GeneratedTraffic.Folder(long.Parse(args[0], CultureInfo.InvariantCulture));
        var accounts = AccountsFile.Load(Path.Combine(folder, RangeFiles.AccountsName));
        var seen = Pipeline.Observe(LogFiles.Find([new LogInput(Path.Combine(folder, RangeFiles.TrafficName(new RangeOptions())))]), new LogScanOptions(), KeyedHash.Fixed);
        var operators = File.ReadLines(Path.Combine(folder, RangeFiles.TruthName)).Skip(1).Select(line => JsonNode.Parse(line)!).Where(line => line["campaign"] is not null).Select(line => (string)line["account"]!).ToHashSet();
        Console.WriteLine("| | exchanges | sampled | CPU seconds | campaigns | of the whole's | others | others of planted operators |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|");
        var (whole, took) = Detect(seen.Snapshot);
        Row("whole", seen.Snapshot, whole, took, whole, operators);
        foreach (var samples in args[1..])
        {
            var state = new ThinnedSnapshot(int.Parse(samples, CultureInfo.InvariantCulture));
            state.Absorb(seen.Snapshot);
            state.Fit();
            var (quick, quickTook) = Detect(state.Snapshot);
            Row(string.Create(CultureInfo.InvariantCulture, $"a look of {samples}, {state.Kept} of each day"), state.Snapshot, quick, quickTook, whole, operators);
        }

        return 0;

        (ScanResult Result, double Seconds) Detect(Snapshot snapshot)
        {
            using var process = Process.GetCurrentProcess();
            var before = process.TotalProcessorTime;
            var result = Pipeline.Detect(snapshot, accounts, KeyedHash.Fixed);
            process.Refresh();
            return (result, (process.TotalProcessorTime - before).TotalSeconds);
        }
    }

    private static void Row(string name, Snapshot snapshot, ScanResult result, double seconds, ScanResult whole, HashSet<string> operators)
    {
        var sampled = snapshot.Accounts.Values.SelectMany(profile => profile.Days.Values).Sum(day => day.Sample.Count);
        var found = whole.Campaigns.Count(campaign => result.Campaigns.Any(other => Share(campaign, other) >= One));
        var others = result.Campaigns.Where(campaign => !whole.Campaigns.Any(known => Share(known, campaign) >= One || Share(campaign, known) >= One)).ToList();
        var planted = others.Count(campaign => 2 * campaign.Accounts.Count(account => operators.Contains(account.Id)) >= campaign.Accounts.Count);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {result.Scanned.ExchangeCount:N0} | {sampled:N0} | {seconds:0.0} | {result.Campaigns.Count} | {found} | {others.Count} | {planted} |"));
    }

    private static double Share(Campaign of, Campaign among)
    {
        var accounts = among.Accounts.Select(account => (account.Source, account.Id)).ToHashSet();
        return (double)of.Accounts.Count(account => accounts.Contains((account.Source, account.Id))) / of.Accounts.Count;
    }
}
