using System.Diagnostics;
using System.Globalization;
using Stillhunt.Ingest;
using Stillhunt.Proving;
using Stillhunt.Sketches;

namespace Stillhunt.Bench;

/// <summary>
/// One scan of a million generated exchanges in this process, from the file to the result, and its figures as a Markdown table for docs/performance.md.
/// </summary>
internal static class WholeScan
{
    public static int Run(string[] args)
    {
        if (!long.TryParse(args.FirstOrDefault() ?? "1000000", NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var wanted) || wanted < 1)
        {
            Console.Error.WriteLine("whole-scan takes a number of exchanges, such as 1000000, and a number of threads.");
            return 2;
        }

        var options = new LogScanOptions();
        if (args.Length > 1) options = options with { Threads = int.Parse(args[1], CultureInfo.InvariantCulture) };

        var folder = GeneratedTraffic.Folder(wanted);
        var files = LogFiles.Find([new LogInput(Path.Combine(folder, RangeFiles.TrafficName(new RangeOptions())))]);
        var accounts = AccountsFile.Load(Path.Combine(folder, RangeFiles.AccountsName));
        Console.Error.WriteLine("Scanning");
        var reading = Stage.Start();
        var seen = Pipeline.Observe(files, options, KeyedHash.Fixed);
        reading.Stop();
        var detecting = Stage.Start();
        var result = Pipeline.Detect(seen.Snapshot, accounts, KeyedHash.Fixed, threads: options.Threads);
        detecting.Stop();

        var exchanges = seen.Summary.ExchangeCount;
        Row("", "reading", "detecting", "both");
        Console.WriteLine("|---|--:|--:|--:|");
        Stages("exchanges a second", stage => Number(exchanges / stage.Seconds, "N0"));
        Stages("megabytes a second", stage => Number(files.TotalBytes / 1e6 / stage.Seconds, "N1"));
        Stages("seconds", stage => Number(stage.Seconds, "N1"));
        Stages("CPU seconds", stage => Number(stage.CpuSeconds, "N1"));
        Stages("bytes allocated an exchange", stage => Number((double)stage.AllocatedBytes / exchanges, "N0"));
        Stages("peak memory by its end, megabytes", stage => Number(stage.PeakBytes / 1e6, "N0"));
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{exchanges:N0} exchanges of {result.Scanned.AccountCount:N0} accounts in {files.TotalBytes / 1e6:N0} MB, {result.Campaigns.Count} campaigns; read with {options.Threads} threads; {Processor()}, {Environment.ProcessorCount} processors, .NET {Environment.Version}."));
        return 0;

        void Stages(string name, Func<Stage, string> figure) => Row(name, figure(reading), figure(detecting), figure(Stage.Sum(reading, detecting)));
    }

    /// <summary>Only the reading of a log, from the file to the snapshot.</summary>
    public static int Read(string[] args)
    {
        if (args.Length == 0 || !File.Exists(args[0]))
        {
            Console.Error.WriteLine("reading takes a log, and a number of threads.");
            return 2;
        }

        var options = new LogScanOptions();
        if (args.Length > 1) options = options with { Threads = int.Parse(args[1], CultureInfo.InvariantCulture) };
        var files = LogFiles.Find([new LogInput(args[0])]);
        var reading = Stage.Start();
        var seen = Pipeline.Observe(files, options, KeyedHash.Fixed);
        reading.Stop();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{seen.Summary.ExchangeCount:N0} exchanges of {seen.Snapshot.Accounts.Count:N0} accounts, {options.Threads} threads: {reading.Seconds:0.00} s, {reading.CpuSeconds:0.00} CPU s, {(double)reading.AllocatedBytes / seen.Summary.ExchangeCount:0} bytes allocated an exchange, {reading.PeakBytes / 1e6:0} MB peak; {GC.CollectionCount(0)} collections, {GC.CollectionCount(2)} of all generations, paused {GC.GetTotalPauseDuration().TotalSeconds:0.00} s"));
        return 0;
    }

    private static void Row(params string[] cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Processor()
    {
        const string Source = "/proc/cpuinfo";
        var line = File.Exists(Source) ? File.ReadLines(Source).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':')[1].Trim() ?? "unknown processor";
    }

    /// <summary>What one stage took.</summary>
    private sealed record Stage
    {
        private long _start, _allocated;
        private TimeSpan _cpu;

        public double Seconds { get; private set; }
        public double CpuSeconds { get; private set; }
        public long AllocatedBytes { get; private set; }
        public long PeakBytes { get; private set; }

        public static Stage Start()
        {
            using var process = Process.GetCurrentProcess();
            return new Stage { _cpu = process.TotalProcessorTime, _allocated = GC.GetTotalAllocatedBytes(), _start = Stopwatch.GetTimestamp() };
        }

        public void Stop()
        {
            Seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
            using var process = Process.GetCurrentProcess();
            CpuSeconds = (process.TotalProcessorTime - _cpu).TotalSeconds;
            AllocatedBytes = GC.GetTotalAllocatedBytes() - _allocated;
            PeakBytes = process.PeakWorkingSet64;
        }

        public static Stage Sum(Stage a, Stage b) => new()
        {
            Seconds = a.Seconds + b.Seconds, CpuSeconds = a.CpuSeconds + b.CpuSeconds, AllocatedBytes = a.AllocatedBytes + b.AllocatedBytes, PeakBytes = Math.Max(a.PeakBytes, b.PeakBytes),
        };
    }
}
