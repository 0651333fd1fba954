using System.Diagnostics;
using System.Globalization;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Ingest.Blocks;
using Stillhunt.Ingest.Formats;
using Stillhunt.Profiles;
using Stillhunt.Sketches;

namespace Stillhunt.Bench;

/// <summary>
/// Time of each stage for one exchange on a machine that does other things too: lines are taken in runs of a fraction of a millisecond, each run is repeated, and its least
/// time counts. What others take from a run by interrupting it drops out; what they take by sharing caches does not.
/// </summary>
internal static class QuietStages
{
    private const int Lines = 4_000, Run = 50, LinesOfAllRounds = 240_000, LeastRounds = 6;

    public static int Print(string[] args)
    {
        var lines = args.Length > 0
            ? [.. File.ReadLines(args[0]).Take(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : Lines).Select(System.Text.Encoding.UTF8.GetBytes)]
            : GeneratedTraffic.Lines(Lines);
        var rounds = Math.Max(LeastRounds, LinesOfAllRounds / lines.Length);
        var kept = new Keeping();
        foreach (var line in lines) new RecordReading(ReadingOptions.Default, LogFormats.Native).Read(line, kept, default);
        var exchanges = kept.Exchanges;
        var reading = new RecordReading(ReadingOptions.Default, LogFormats.Native);
        var nothing = new Nothing();
        var fingerprinter = new Fingerprinter(KeyedHash.Fixed, TextClassifier.Shipped);
        var print = new ExchangeFingerprint();
        Observer? observer = null;
        IExchangeBatch? batch = null;
        Console.WriteLine("| stage | µs | bytes allocated |");
        Console.WriteLine("|---|--:|--:|");
        Measure("Read", i => reading.Read(lines[i], nothing, default));
        var known = new KnownSentences(KeyedHash.Fixed, ConceptLexicon.Shipped);
        Measure("Classify", i => TextClassifier.Shipped.Score(exchanges[i], known));
        Measure("Classify, nothing known", i => TextClassifier.Shipped.Score(exchanges[i]));
        Measure("Identify", i => fingerprinter.Identify(exchanges[i], "default"u8, 0, print));
        Measure("FillContent", i => fingerprinter.FillContent(exchanges[i], print));
        Measure("Read and observe", i =>
        {
            if (i == 0)
            {
                observer = new Observer(KeyedHash.Fixed, TextClassifier.Shipped, _ => "default");
                batch = ((IBatchedSink)observer).NewBatch();
            }

            reading.Read(lines[i], batch!, new LogPosition(0, i));
            if (i % 500 == 499) batch!.Settle();
        });
        return 0;

        void Measure(string stage, Action<int> one)
        {
            if (args.Length > 2 && stage != args[2]) return;
            var least = new long[lines.Length / Run];
            Array.Fill(least, long.MaxValue);
            long allocated = 0;
            for (var round = 0; round < rounds; round++)
            {
                allocated = GC.GetAllocatedBytesForCurrentThread();
                for (var run = 0; run < least.Length; run++)
                {
                    var start = Stopwatch.GetTimestamp();
                    for (var i = run * Run; i < (run + 1) * Run; i++) one(i);
                    least[run] = Math.Min(least[run], Stopwatch.GetTimestamp() - start);
                }

                allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            }

            var time = least.Sum() * 1e6 / Stopwatch.Frequency / (least.Length * Run);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {stage} | {time:0.00} | {allocated / (least.Length * Run)} |"));
        }
    }

    private sealed class Nothing : IExchangeSink
    {
        public void Accept(Exchange exchange, LogPosition position)
        {
        }

        public void Reject(Rejection rejection, LogPosition position)
        {
        }

        public void DroppedField(string field, LogPosition position)
        {
        }
    }

    private sealed class Keeping : IExchangeSink
    {
        public List<Exchange> Exchanges { get; } = [];

        public void Accept(Exchange exchange, LogPosition position) => Exchanges.Add(exchange);

        public void Reject(Rejection rejection, LogPosition position) => throw new InvalidOperationException($"A line was refused: {rejection.Reason}.");

        public void DroppedField(string field, LogPosition position)
        {
        }
    }
}
