using System.IO.Compression;
using Stillhunt.Checkpoints;
using Stillhunt.Profiles;
using Stillhunt.Sketches;

namespace Stillhunt.Tests.Laws;

public sealed class PartFileTests
{
    private static readonly byte[] Good = ScannedRange.Part(Sample());

    [Fact]
    public void One_state_has_one_form_whoever_arrived_first()
    {
        Assert.Equal(Good, ScannedRange.Part(Sample()));
        Assert.Equal(Good, ScannedRange.Part(ScannedRange.Read(Good)));
    }

    [Fact]
    public void Turns_as_they_were_written_come_back()
    {
        static List<uint> Turns(Snapshot state) => [.. state.Accounts.Values.SelectMany(account => account.Days.Values).SelectMany(day => day.Sample).Select(print => print.Turn).Order()];
        var turns = Turns(Sample());
        Assert.Equal(12, turns.Distinct().Count());
        Assert.DoesNotContain(0u, turns);
        Assert.Equal(turns, Turns(ScannedRange.Read(Good)));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(5)]
    [InlineData(4)]
    [InlineData(3)]
    public void Parts_of_before_losses_and_turns_were_kept_are_read(int version)
    {
        var content = version == 6 ? Unpack(Good) : WithoutLosses(Unpack(Good));
        // Behind the mark; what is kept of a turn says by itself that it is there.
        BitConverter.TryWriteBytes(content.AsSpan(sizeof(uint)), version);
        Assert.Equal(Good, ScannedRange.Part(ScannedRange.Read(Pack(content))));
    }

    [Fact]
    public void Shards_come_back_with_their_scan_and_those_of_a_part_of_before_as_of_one_scan()
    {
        var state = Sample();
        state.Shards.Add((7, 3, 1));
        var content = Unpack(ScannedRange.Part(state));
        Assert.Equal([(7ul, 3, 1)], ScannedRange.Read(Pack(content)).Shards);
        var at = 4 + 4 + 8 + 8 + 4 + 4;
        at += 4 + 8 * BitConverter.ToInt32(content, at) + 4;
        byte[] before = [.. content[..at], .. content[(at + sizeof(ulong))..]];
        BitConverter.TryWriteBytes(before.AsSpan(sizeof(uint)), 6);
        var read = ScannedRange.Read(Pack(before));
        Assert.Equal([(0ul, 3, 1)], read.Shards);
        Assert.Equal([(0ul, 3, 0), (0ul, 3, 2)], read.MissingShards());
        // Beside shards that a newer program made of the same scan.
        read.Shards.Add((7, 3, 0));
        Assert.Equal([(0ul, 3, 2), (7ul, 3, 2)], read.MissingShards());
        read.Shards.Add((7, 3, 2));
        Assert.Empty(read.MissingShards());
        Assert.Equal(state.Segments, read.Segments);
    }

    [Fact]
    public void What_could_not_be_read_comes_back_and_merges()
    {
        var (one, other) = (Sample(), Sample());
        one.Unread.Add(("b.gz", "file-broken"));
        other.Unread.Add(("a.jsonl", "file-missing"));
        other.Unread.Add(("b.gz", "file-broken"));
        var read = ScannedRange.Read(ScannedRange.Part(one));
        Assert.Equal([("b.gz", "file-broken")], read.Unread);
        // The same part by its segments, with another loss: whatever comes first, both stand there.
        Assert.False(read.Absorb(other));
        Assert.Equal([("a.jsonl", "file-missing"), ("b.gz", "file-broken")], read.Unread);
    }

    /// <summary>The content as versions before 6 have it: without the list of losses, which is empty here, behind segments and shards.</summary>
    private static byte[] WithoutLosses(byte[] content)
    {
        var at = 4 + 4 + 8 + 8 + 4 + 4;
        at += 4 + 8 * BitConverter.ToInt32(content, at);
        at += 4 + 8 * BitConverter.ToInt32(content, at);
        Assert.Equal(0, BitConverter.ToInt32(content, at));
        return [.. content[..at], .. content[(at + 4)..]];
    }

    [Fact]
    public void A_part_made_with_another_key_is_refused_with_what_to_do()
    {
        var refused = Assert.Throws<InvalidDataException>(() => PartFile.Read(new MemoryStream(Good), new KeyedHash(7)));
        Assert.Contains("another key", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--key-file", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_part_is_told_to_be_none_whether_packed_or_not()
    {
        byte[][] others = ["{\"time\":1769947200,\"account\":\"a\"}"u8.ToArray(), Pack("{\"time\":1769947200}"u8.ToArray()), [0x1F, 0x8B, .. "this is no gzip file"u8]];
        Assert.All(others, other => Assert.Contains("not a part that 'scan --part' wrote", Assert.Throws<InvalidDataException>(() => ScannedRange.Read(other)).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_truncated_part_is_refused_wherever_it_was_cut()
    {
        for (var length = 0; length < Good.Length; length++)
        {
            var cut = Good[..length];
            var fault = Record.Exception(() => ScannedRange.Read(cut));
            // Of gzip's own end mark, checksum and length the content needs nothing: it is whole without them.
            if (fault is null && length >= Good.Length - 12) Assert.Equal(Good, ScannedRange.Part(ScannedRange.Read(cut)));
            else Assert.IsType<InvalidDataException>(fault);
        }
    }

    [Fact]
    public void A_part_whose_content_was_cut_before_it_was_packed_is_refused()
    {
        var content = Unpack(Good);
        for (var length = 0; length < content.Length; length++)
        {
            var cut = Pack(content[..length]);
            Assert.Throws<InvalidDataException>(() => ScannedRange.Read(cut));
        }
    }

    [Fact]
    public void What_follows_the_end_of_a_part_is_no_part()
    {
        var longer = Pack([.. Unpack(Good), 0]);
        Assert.Throws<InvalidDataException>(() => ScannedRange.Read(longer));
    }

    [Fact]
    public void Garbage_is_refused_and_never_another_exception()
    {
        var random = new Random(3);
        for (var i = 0; i < 300; i++)
        {
            var bytes = new byte[random.Next(0, 2000)];
            random.NextBytes(bytes);
            Assert.Throws<InvalidDataException>(() => ScannedRange.Read(bytes));
            Assert.Throws<InvalidDataException>(() => ScannedRange.Read(Pack(bytes)));
        }
    }

    [Fact]
    public void A_flipped_bit_in_the_file_is_noticed()
    {
        for (var at = 10; at < Good.Length; at += 7)
        {
            var damaged = (byte[])Good.Clone();
            damaged[at] ^= 0x10;
            var fault = Record.Exception(() => ScannedRange.Read(damaged));
            // The last byte of the packed stream has bits that mean nothing: only there may a flip go unnoticed, and then nothing has changed.
            Assert.True(fault is InvalidDataException || (fault is null && Unpack(damaged).SequenceEqual(Unpack(Good))), $"at {at}: {fault}");
        }
    }

    [Fact]
    public void Whatever_the_damage_the_sentence_speaks_of_a_part_and_says_what_to_do()
    {
        var random = new Random(5);
        var flipped = Enumerable.Range(0, 300).Select(_ =>
        {
            var damaged = (byte[])Good.Clone();
            damaged[random.Next(40, damaged.Length - 9)] ^= (byte)(1 << random.Next(8));
            return damaged;
        });
        var cut = Enumerable.Range(1, 9).Select(tenth => Good[..(Good.Length * tenth / 10)]);
        var told = flipped.Concat(cut).Select(damaged => Record.Exception(() => ScannedRange.Read(damaged))).OfType<InvalidDataException>().ToList();
        Assert.True(told.Count > 300);
        Assert.All(told, fault =>
        {
            Assert.StartsWith("The part file ", fault.Message, StringComparison.Ordinal);
            Assert.EndsWith(PartFile.Remedy, fault.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Damaged_content_is_read_as_something_or_refused_as_invalid()
    {
        var content = Unpack(Good);
        var random = new Random(4);
        for (var i = 0; i < 2000; i++)
        {
            var damaged = (byte[])content.Clone();
            for (var flips = random.Next(1, 5); flips > 0; flips--) damaged[random.Next(16, damaged.Length)] = (byte)random.Next(256);
            // Whatever is no InvalidDataException fails the test.
            var fault = Record.Exception(() => ScannedRange.Read(Pack(damaged)));
            Assert.True(fault is null or InvalidDataException, fault?.ToString());
        }
    }

    private static Snapshot Sample()
    {
        var random = new Random(1);
        var traffic = new MadeTraffic();
        for (var i = 0; i < 12; i++)
            traffic.Send("acct-" + MadeTraffic.Number(i % 4), MadeTraffic.Words(random, 30), id: MadeTraffic.Number(i), ms: i * 20_000_000L, ip: "203.0.113.7", client: "c/" + MadeTraffic.Number(i % 3));
        return traffic.Finish();
    }

    private static byte[] Unpack(byte[] part)
    {
        using var zip = new GZipStream(new MemoryStream(part), CompressionMode.Decompress);
        using var content = new MemoryStream();
        zip.CopyTo(content);
        return content.ToArray();
    }

    private static byte[] Pack(byte[] content)
    {
        using var file = new MemoryStream();
        using (var zip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true)) zip.Write(content);
        return file.ToArray();
    }
}
