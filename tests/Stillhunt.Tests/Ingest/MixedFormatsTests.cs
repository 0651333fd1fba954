using System.Text;
using System.Text.Json.Nodes;
using Stillhunt.Ingest;
using Stillhunt.Ingest.Formats;
using Stillhunt.Sketches;

namespace Stillhunt.Tests.Ingest;

/// <summary>What a record is read as depends on that record alone: not on those before it, on the file, or on how many threads read.</summary>
public sealed class MixedFormatsTests : IDisposable
{
    private static readonly int[] Threads = [1, 2, 5];

    /// <summary>Records that are of one format and have names of others.</summary>
    private static readonly string[] Awkward =
    [
        """{"id":"n1","time":1769947200,"account":"a1","prompt":"p","metadata":{"team":"t"},"identity":{"arn":"x"},"request_id":"r","startTime":"2026-02-01T12:00:00Z"}""",
        """{"id":"n2","time":1769947200,"account":"a2","messages":[{"role":"user","content":"hi"}],"modelId":"m","type":"chat","traceId":"t"}""",
        """{"id":"o-1","traceId":"t-1","type":"GENERATION","startTime":"2026-02-01T10:00:00Z","userId":"u-9","metadata":{"a":1},"input":"hi","output":"yes"}""",
        """{"timestamp":"2026-02-01T10:00:00Z","identity":{"arn":"arn:aws:iam::1:user/u"},"modelId":"m","input":{},"output":{}}""",
        """{"data":[{"request_id":"q-1","request_created_at":"2026-02-01T10:00:00Z","request_user_id":"u-1","response_status":200}]}""",
        """{"request_id":"q-2","request_created_at":"2026-02-01T10:00:00Z"}""",
        """{"request_id":"q-3","startTime":"2026-02-01T10:00:00Z"}""",
        """{"what":1}""",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_of_two_formats_holds_what_both_hold_in_either_order_for_any_number_of_threads()
    {
        var records = LogFormats.All.Select(format => format.Example).Concat(Awkward).ToArray();
        var alone = Array.ConvertAll(records, record => CollectingSink.Of(record).Exchanges.Count);
        Assert.All(alone[..LogFormats.All.Count], count => Assert.Equal(1, count));
        for (var first = 0; first < records.Length; first++)
        {
            for (var second = 0; second < records.Length; second++)
            {
                var path = _folder.Write("a.jsonl", records[first] + "\n" + string.Concat(Enumerable.Repeat(records[second] + "\n", 20)) + records[first] + "\n");
                foreach (var threads in Threads) Assert.Equal(2 * alone[first] + 20 * alone[second], Read(path, threads).Summary.ExchangeCount);
            }
        }
    }

    [Fact]
    public void Broken_records_of_all_formats_are_read_as_each_is_by_itself()
    {
        var random = new Random(11);
        var records = LogFormats.All.Select(format => format.Example).Concat(Awkward).ToArray();
        var lines = Enumerable.Range(0, 4000).Select(_ => Broken(records[random.Next(records.Length)], random)).ToArray();
        var alone = Array.ConvertAll(lines, line => CollectingSink.Of(line));
        var refused = alone.SelectMany(sink => sink.Rejections).CountBy(rejection => rejection.Reason).ToDictionary(StringComparer.Ordinal);
        Assert.InRange(refused.Values.Sum(), 500, 3500);
        var path = _folder.Write("a.jsonl", string.Join('\n', lines));
        foreach (var threads in Threads)
        {
            var (summary, snapshot) = Read(path, threads);
            Assert.Equal(alone.Sum(sink => sink.Exchanges.Count), summary.ExchangeCount);
            Assert.Equal(refused.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, (long)pair.Value)), snapshot.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value)));
        }
    }

    [Fact]
    public void One_reading_gives_for_every_record_what_a_new_one_gives()
    {
        var random = new Random(12);
        var records = LogFormats.All.Select(format => format.Example).Concat(Awkward).ToArray();
        foreach (var options in new[] { ReadingOptions.Default, new ReadingOptions { AccountField = new AccountPath("userId,metadata.team,identity.arn") } })
        {
            var reading = new RecordReading(options, null);
            for (var i = 0; i < 2000; i++)
            {
                var record = Broken(records[random.Next(records.Length)], random);
                var sink = new CollectingSink();
                reading.Read(Encoding.UTF8.GetBytes(record), sink, new LogPosition(0, 1));
                var alone = CollectingSink.Of(record, options);
                Assert.Equal(alone.Exchanges.Select(read => (read.Account, read.TimeMs, read.Parts.Count)), sink.Exchanges.Select(read => (read.Account, read.TimeMs, read.Parts.Count)));
                Assert.Equal(alone.Rejections, sink.Rejections);
                Assert.Equal(alone.Dropped, sink.Dropped);
            }
        }
    }

    private static (LogScanSummary Summary, IReadOnlyDictionary<string, long> Rejected) Read(string path, int threads)
    {
        var seen = Pipeline.Observe(LogFiles.Find([new LogInput(path)]), new LogScanOptions { Threads = threads, BlockBytes = 2048 }, KeyedHash.Fixed);
        return (seen.Summary, seen.Snapshot.Rejected);
    }

    /// <summary>A record of which something is missing, or of another type, or which is no JSON any more; some stay as they are.</summary>
    private static string Broken(string record, Random random)
    {
        var node = JsonNode.Parse(record)!.AsObject();
        var name = node.ElementAt(random.Next(node.Count)).Key;
        switch (random.Next(6))
        {
            case 0: node.Remove(name); break;
            case 1: node[name] = null; break;
            case 2: node[name] = new JsonArray(node[name]?.DeepClone()); break;
            case 3: node[name] = random.Next(2) == 0 ? 7 : ""; break;
            case 4: return record[..random.Next(2, record.Length)];
            default: break;
        }

        return node.ToJsonString();
    }
}
