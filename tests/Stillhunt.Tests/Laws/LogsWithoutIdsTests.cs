using Stillhunt.Ingest;
using Stillhunt.Sketches;
using Stillhunt.Tests.Ingest;

namespace Stillhunt.Tests.Laws;

/// <summary>An exchange without an id is known by what it holds, however the log is cut.</summary>
public sealed class LogsWithoutIdsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>More exchanges of an account and day than a sample holds, so that identities decide which it keeps.</summary>
    private static readonly string[] Records =
        [.. Enumerable.Range(0, 900).Select(i => $$"""{"time":{{1769947200 + (i / 3)}},"account":"a{{i % 3}}","messages":[{"role":"user","content":"Explain step {{i}} of {{i * 7}} and say why."}]}""")];

    [Fact]
    public void Files_lines_and_arrays_of_the_same_records_give_the_same_part()
    {
        var whole = Scan(_folder.Write("whole.jsonl", string.Join('\n', Records)));
        Assert.Equal(whole, Scan(_folder.Write("1.jsonl", string.Join('\n', Records[..333])), _folder.Write("2.jsonl", "\n\n" + string.Join('\n', Records[333..]))));
        Assert.Equal(whole, Scan(_folder.Write("b.jsonl", string.Join('\n', Records[600..])), _folder.Write("a.jsonl", string.Join('\n', Records[..600]))));
        Assert.Equal(whole, Scan(_folder.Write("one-line.json", "[" + string.Join(',', Records) + "]")));
        Assert.Equal(whole, Scan(_folder.Write("pretty.json", "[\n  " + string.Join(",\n  ", Records) + "\n]")));
    }

    [Fact]
    public void Exchanges_of_one_line_that_differ_in_one_word_are_two()
    {
        var snapshot = ScannedRange.Observe(_folder.Write("a.json", """[{"time":1769947200,"account":"a","prompt":"one"},{"time":1769947200,"account":"a","prompt":"two"}]""")).Snapshot;
        Assert.Equal((2, 2), (snapshot.Accounts.Values.Single().Days.Values.Single().ExchangeCount, snapshot.Accounts.Values.Single().Days.Values.Single().Sample.Count));
    }

    [Fact]
    public void Equal_exchanges_each_count_and_a_sample_holds_one()
    {
        var day = ScannedRange.Observe(_folder.Write("a.jsonl", Records[0] + "\n" + Records[0] + "\n" + Records[1] + "\n")).Snapshot.Accounts.Values.First(profile => profile.Id.Id == "a0").Days.Values.Single();
        Assert.Equal((2, 1), (day.ExchangeCount, day.Sample.Count));
    }

    private static byte[] Scan(params string[] paths) =>
        ScannedRange.Part(Pipeline.Observe(LogFiles.Find(paths.Select(path => new LogInput(path))), new LogScanOptions { Threads = 2 }, KeyedHash.Fixed).Snapshot);
}
