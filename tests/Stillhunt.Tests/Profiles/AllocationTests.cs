using System.Globalization;
using System.Text;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Ingest.Blocks;
using Stillhunt.Profiles;
using Stillhunt.Sketches;

namespace Stillhunt.Tests.Profiles;

/// <summary>Bytes are a gate where time is none: they do not drift with the machine's load.</summary>
public sealed class AllocationTests(ITestOutputHelper output)
{
    /// <summary>Bytes an exchange, once samples are full and tables have their size: what samples still take in, and no more.</summary>
    private const int MostBytes = 8;

    /// <summary>Bytes of an exchange of some seventeen words that its sample keeps, its share of the account and of the day included.</summary>
    private const int MostKeptBytes = 432;

    [Fact]
    public void An_exchange_of_the_native_format_allocates_next_to_nothing_from_the_line_to_the_snapshot()
    {
        Allocated(2_000);
        // The table of seen ids has one size between these two.
        const int Few = 25_000, Many = 49_000;
        var bytes = (double)(Allocated(Many) - Allocated(Few)) / (Many - Few);
        output.WriteLine($"{bytes:0.0} bytes an exchange");
        Assert.InRange(bytes, -1, MostBytes);
    }

    [Fact]
    public void An_exchange_that_a_sample_keeps_allocates_what_the_sample_keeps()
    {
        // Thirty exchanges an account: a sample that never gets full, so that each is kept.
        const int Few = 25_000, Many = 49_000;
        Allocated(2_000, accounts: 2_000 / 30);
        var bytes = (double)(Allocated(Many, Many / 30) - Allocated(Few, Few / 30)) / (Many - Few);
        output.WriteLine($"{bytes:0.0} bytes an exchange");
        Assert.InRange(bytes, 100, MostKeptBytes);
    }

    [Fact]
    public void What_a_thread_and_a_block_need_beside_its_bytes_has_a_fixed_size()
    {
        var observer = new Observer(KeyedHash.Fixed, TextClassifier.Shipped, _ => "default");
        ((IBatchedSink)observer).NewBatch();
        var before = GC.GetAllocatedBytesForCurrentThread();
        ((IBatchedSink)observer).NewBatch();
        observer.OwnFingerprinter();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, ObservedBatch.TableBytes);
    }

    [Fact]
    public void A_thread_has_one_table_for_all_its_blocks()
    {
        var observer = new Observer(KeyedHash.Fixed, TextClassifier.Shipped, _ => "default");
        Assert.Same(observer.OwnFingerprinter(), observer.OwnFingerprinter());
    }

    private static long Allocated(int exchanges, int accounts = 5)
    {
        using var log = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, exchanges).Select(i => Line(i, accounts)))));
        var files = LogFiles.Find([new LogInput("-")]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var seen = Pipeline.Observe(files, new LogScanOptions { StandardInput = log, Threads = 1 }, KeyedHash.Fixed);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(exchanges, seen.Summary.ExchangeCount);
        return allocated;
    }

    private static string Line(int i, int accounts) => string.Create(CultureInfo.InvariantCulture,
        $"{{\"id\":\"x{i}\",\"time\":\"2026-03-02T{i % 24:00}:00:00Z\",\"account\":\"a{i % accounts}\",\"key\":\"k{i % accounts}\",\"ip\":\"203.0.113.{i % 200}\",\"asn\":64500,\"client\":\"c/{i % 9}\",\"model\":\"m\",\"system\":\"You answer.\\nBriefly.\",\"messages\":[{{\"role\":\"user\",\"content\":\"Explain \\\"step {i}\\\" of the plan, then grade it and say why.\"}}],\"tools\":[\"search\",\"open\"],\"params\":{{\"max_tokens\":900,\"temperature\":0.5}},\"usage\":{{\"input\":9,\"output\":{i % 700}}},\"status\":200}}\n");
}
