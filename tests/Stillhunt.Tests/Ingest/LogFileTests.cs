using System.Diagnostics;
using System.Globalization;
using System.Text;
using Stillhunt.Ingest;
using static Stillhunt.Tests.Ingest.ScannedLog;

namespace Stillhunt.Tests.Ingest;

/// <summary>Files, folders, packed files and standard input.</summary>
public sealed class LogFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_globs_and_folders_are_read_in_a_stable_order_and_once_each()
    {
        _folder.Write("b.jsonl", Lines(1, 2));
        _folder.Write("a.jsonl", Lines(1, 1));
        _folder.Write("deep/er/c.ndjson", Lines(1, 3));
        _folder.Write("notes.txt", "no log");
        var (sink, summary) = Scan(_folder.Path);
        Assert.Equal("a1 a2 a3", Accounts(sink));
        Assert.Empty(summary.Faults);
        Assert.Equal("a2 a1 a3", Accounts(Scan(_folder.Path + "/b.jsonl", _folder.Path + "/*.jsonl", _folder.Path + "/**/*.ndjson").Sink));
    }

    [Fact]
    public void A_missing_file_an_empty_folder_and_an_empty_file_are_told_and_the_rest_is_scanned()
    {
        Directory.CreateDirectory(_folder.Path + "/empty");
        var (sink, summary) = Scan(_folder.Path + "/none.jsonl", _folder.Path + "/no*.gz", _folder.Path + "/empty", _folder.Write("zero.jsonl", ""), _folder.Write("a.jsonl", Line(1)));
        Assert.Equal("a1", Accounts(sink));
        Assert.Equal(["file-missing", "file-missing", "no-logs-in-folder", "file-empty"], summary.Faults.Select(fault => fault.Reason));
        Assert.Equal([true, true, true, false], summary.Faults.Select(fault => fault.IsLoss));
        Assert.All(summary.Faults, fault => Assert.Contains(_folder.Path, fault.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Gzip_is_known_by_its_first_bytes_and_several_members_are_one_file()
    {
        byte[] both = [.. TemporaryFolder.Gzip(Lines(2)), .. TemporaryFolder.Gzip(Lines(2, 2))];
        Assert.Equal("a0 a1 a2 a3", Accounts(Scan(_folder.Write("a.jsonl.gz", both)).Sink));
        Assert.Equal("a0 a1 a2 a3", Accounts(Scan(_folder.Write("plain-name.jsonl", both)).Sink));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(20_000)]
    public void What_stands_uncompressed_behind_a_gzip_is_told_as_a_loss_and_padding_is_not(int lines)
    {
        byte[] packed = [.. TemporaryFolder.Gzip(Lines(2)), .. TemporaryFolder.Gzip(Lines(30_000, 2))];
        var (sink, summary) = Scan(_folder.Write("a.jsonl.gz", [.. packed, .. Encoding.UTF8.GetBytes(Lines(lines))]));
        Assert.Equal(30_002, sink.Exchanges.Count);
        Assert.Contains("not compressed", Assert.Single(summary.Faults).Text, StringComparison.Ordinal);
        Assert.True(summary.Faults[0].IsLoss);
        (sink, summary) = Scan(_folder.Write("b.jsonl.gz", [.. packed, .. new byte[lines]]));
        Assert.Equal(30_002, sink.Exchanges.Count);
        Assert.Empty(summary.Faults);
    }

    [Fact]
    public void A_broken_gzip_is_read_up_to_the_break_and_told()
    {
        var random = new Random(5);
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => Line(i).Replace("\"p", "\"" + random.NextInt64().ToString("x", CultureInfo.InvariantCulture), StringComparison.Ordinal) + "\n"));
        var packed = TemporaryFolder.Gzip(text);
        var (sink, summary) = Scan(_folder.Write("cut.jsonl.gz", packed[..(packed.Length / 2)]), _folder.Write("z.jsonl", Line(99999)));
        Assert.InRange(sink.Exchanges.Count, 5_000, 15_000);
        Assert.Equal("a99999", sink.Exchanges[^1].Account);
        Assert.Equal("file-broken", Assert.Single(summary.Faults).Reason);

        var garbage = packed.ToArray();
        garbage.AsSpan(packed.Length / 2, 64).Fill(0xAA);
        (sink, summary) = Scan(_folder.Write("bad.jsonl.gz", garbage));
        Assert.True(sink.Exchanges.Count > 1000);
        Assert.Equal("file-broken", Assert.Single(summary.Faults).Reason);

        (sink, summary) = Scan(_folder.Write("fake.jsonl.gz", [0x1F, 0x8B, .. "this is no gzip file"u8]));
        Assert.Empty(sink.Exchanges);
        Assert.Contains("only looks like gzip", Assert.Single(summary.Faults).Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("needs", "zstd")]
    public void Zstd_is_read_through_its_program_and_a_broken_file_is_told()
    {
        var plain = _folder.Write("a.jsonl", Lines(3000));
        try
        {
            using var zstd = Process.Start(new ProcessStartInfo("zstd", ["-q", plain, "-o", plain + ".zst"]))!;
            zstd.WaitForExit();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("The program zstd is not installed here.");
        }

        Assert.Equal(3000, Scan(plain + ".zst").Sink.Exchanges.Count);
        var packed = File.ReadAllBytes(plain + ".zst");
        var (_, summary) = Scan(_folder.Write("cut.zst", packed[..(packed.Length / 2)]));
        Assert.Contains(summary.Faults, fault => fault.Reason == "file-broken");
    }

    [Fact]
    public void Text_in_UTF_16_is_told_and_not_read_as_garbage()
    {
        var (sink, summary) = Scan(_folder.Write("a.jsonl", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Line(1))]));
        Assert.Empty(sink.Rejections);
        Assert.Contains("UTF-16", Assert.Single(summary.Faults).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_input_is_read()
    {
        using var input = new MemoryStream(TemporaryFolder.Gzip(Lines(3)));
        Assert.Equal("a0 a1 a2", Accounts(Scan(new LogScanOptions { StandardInput = input }, "-").Sink));
    }

    [Fact]
    public void Sources_are_named_and_the_rest_has_the_default()
    {
        Assert.Equal(new LogInput("logs/*.gz", "eu"), LogFiles.ParseSource("eu=logs/*.gz"));
        Assert.Null(LogFiles.ParseSource("=x"));
        var one = _folder.Write("a.jsonl", Line(1));
        var two = _folder.Write("b.jsonl", Line(2));
        var files = LogFiles.Find([new LogInput(one, "eu"), new LogInput(two)]);
        Assert.Equal([(0, "eu"), (1, LogFile.DefaultSource)], files.Files.Select(file => (file.Index, file.Source)));
    }
}
