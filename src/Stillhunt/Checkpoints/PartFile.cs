using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Stillhunt.Fingerprinting;
using Stillhunt.Profiles;
using Stillhunt.Sketches;

namespace Stillhunt.Checkpoints;

/// <summary>
/// The versioned on-disk form of a <see cref="Snapshot"/>: gzip over little-endian binary, keys in ascending order, so that one state has
/// one form. Holds samples of prompts (one exchange in eight): keep it as you keep the log.
/// </summary>
public static class PartFile
{
    private const uint Magic = 0x50484C53; // "SLHP"

    /// <summary>From version 2 on a part says of which shards it was made, from version 3 on how large its samples may be, from version 4 on that may be more than 32, from version 5 on it holds turns as they were written, from version 6 on what could not be read, and from version 7 on of which scan its shards are; older ones are read as they are.</summary>
    private const int Version = 7, WithoutScans = 6, WithoutLoss = 5, WithoutTurns = 4, SmallSamples = 3, WithoutCap = 2, WithoutShards = 1;

    /// <summary>What to do about a part that was damaged on its way or on its disk.</summary>
    internal const string Remedy = "Copy it again from the machine that made it, or make it anew with 'scan --part'.";

    private const int BufferBytes = 1 << 16;

    /// <summary>No record that is read is longer, so no id in it is (an id may triple where its invalid bytes were replaced).</summary>
    private const int LongestTextBytes = 3 * (64 << 20);

    /// <exception cref="IOException">The file could not be written.</exception>
    public static void Write(Stream to, Snapshot snapshot, KeyedHash hash)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        using var zip = new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true);
        // Numbers are written one by one: without a buffer each of them would be a call into the packing.
        using var buffered = new BufferedStream(zip, BufferBytes);
        using var w = new BinaryWriter(buffered, Encoding.UTF8);
        w.Write(Magic);
        w.Write(Version);
        w.Write(KeyMark(hash));
        w.Write(snapshot.DuplicateCount);
        w.Write(snapshot.NameLimit);
        w.Write(snapshot.SampleCap);
        Sorted(w, snapshot.Segments.Order(), segment => w.Write(segment));
        Sorted(w, snapshot.Shards, shard => { w.Write(shard.Scan); w.Write(shard.Count); w.Write(shard.Index); });
        Sorted(w, snapshot.Unread, unread => { w.Write(unread.Path); w.Write(unread.Reason); });
        foreach (var counts in new[] { snapshot.Rejected, snapshot.DroppedFields, snapshot.Present })
            Sorted(w, counts, pair => { w.Write(pair.Key); w.Write(pair.Value); });
        Sorted(w, snapshot.Names.OrderBy(pair => pair.Key), pair => { w.Write(pair.Key); w.Write(pair.Value); });
        Sorted(w, snapshot.Accounts.OrderBy(pair => pair.Key), pair =>
        {
            w.Write(pair.Key);
            w.Write(pair.Value.Id.Source);
            w.Write(pair.Value.Id.Id);
            Sorted(w, pair.Value.Days, day => { w.Write(day.Key); Write(w, day.Value); });
        });
    }

    /// <exception cref="InvalidDataException">Not a part of this version, or one that was made with another key.</exception>
    public static Snapshot Read(Stream from, KeyedHash hash)
    {
        using var unpacked = new UnpackedPart(from);
        using var content = new BufferedStream(unpacked, BufferBytes);
        using var r = new BinaryReader(content, Encoding.UTF8);
        try
        {
            if (!BeginsAsPart(unpacked)) throw new InvalidDataException("This is not a part that 'scan --part' wrote.");
            var version = r.ReadInt32();
            if (version is not (Version or WithoutScans or WithoutLoss or WithoutTurns or SmallSamples or WithoutCap or WithoutShards)) throw new InvalidDataException($"The part is of version {version}, this program reads version {Version}.");
            if (r.ReadUInt64() != KeyMark(hash))
                throw new InvalidDataException("The part was made with another key; give --key-file with the key of the machine that made it.");
            var snapshot = new Snapshot(AccountDay.CloseSampleSize) { DuplicateCount = r.ReadInt64() };
            snapshot.LimitNames(r.ReadUInt32());
            var cap = version >= SmallSamples ? r.ReadInt32() : AccountDay.SampleSize;
            if (cap < 1 || cap > (version >= WithoutTurns ? AccountDay.CloseSampleSize : AccountDay.SampleSize)) throw new InvalidDataException($"The part file is damaged: a number is out of range. {Remedy}");
            Repeat(r, () => snapshot.MarkSegment(r.ReadUInt64()));
            if (version != WithoutShards) Repeat(r, () => snapshot.Shards.Add((version > WithoutScans ? r.ReadUInt64() : 0, r.ReadInt32(), r.ReadInt32())));
            if (version > WithoutLoss) Repeat(r, () => snapshot.Unread.Add((ReadText(r), ReadText(r))));
            foreach (var counts in new[] { snapshot.Rejected, snapshot.DroppedFields, snapshot.Present })
                Repeat(r, () => counts[ReadText(r)] = r.ReadInt64());
            Repeat(r, () => snapshot.Name(r.ReadUInt32(), ReadText(r)));
            Repeat(r, () =>
            {
                var key = r.ReadUInt64();
                var profile = new AccountProfile(new AccountId(ReadText(r), ReadText(r)));
                snapshot.Accounts.Add(key, profile);
                Repeat(r, () => profile.Days.Add(r.ReadInt32(), ReadDay(r, key, cap)));
            });
            snapshot.CapSamples(cap);
            // Reading to the very end lets gzip compare its checksum.
            if (content.ReadByte() >= 0) throw new InvalidDataException($"The part file is damaged: something follows its end. {Remedy}");
            return snapshot;
        }
        catch (EndOfStreamException broken)
        {
            throw new InvalidDataException($"The part file ends too early. {Remedy}", broken);
        }
        catch (Exception broken) when (broken is FormatException or ArgumentException)
        {
            throw new InvalidDataException($"The part file is damaged: a number is out of range or a key stands twice. {Remedy}", broken);
        }
    }

    /// <summary>Whether a file begins as a part does, of whatever version and key.</summary>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static bool IsPart(string path)
    {
        using var from = File.OpenRead(path);
        using var unpacked = new UnpackedPart(from);
        try
        {
            return BeginsAsPart(unpacked);
        }
        catch (EndOfStreamException)
        {
            return false;
        }
    }

    /// <summary>What isn't gzip at all, or gzip of something else, is no part; what breaks later is a damaged one.</summary>
    private static bool BeginsAsPart(UnpackedPart unpacked)
    {
        try
        {
            // Before anything is buffered: damage that comes later is not at the beginning.
            Span<byte> mark = stackalloc byte[sizeof(uint)];
            unpacked.ReadExactly(mark);
            return BinaryPrimitives.ReadUInt32LittleEndian(mark) == Magic;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Tells keys apart without telling the key: what was made with another can't be merged.</summary>
    internal static ulong KeyMark(KeyedHash hash) => hash.Of("stillhunt part"u8);

    /// <summary>One account's day alone, as a store keeps it.</summary>
    internal static void Write(BinaryWriter w, AccountDay day)
    {
        ReadOnlySpan<long> counts =
        [
            day.ExchangeCount, day.AnsweredCount, day.LimitedCount, day.PromptCount, day.OutputTokens, day.OutputKnownCount,
            day.ReasoningTokens, day.ReasoningKnownCount, day.FirstMs, day.LastMs,
        ];
        foreach (var count in counts) w.Write(count);
        for (var row = 0; row < day.Tallies.Length; row++) w.Write7BitEncodedInt(day.Tallies[row]);
        Sorted(w, day.Models, pair => { w.Write(pair.Key); w.Write7BitEncodedInt(pair.Value); });
        Sorted(w, day.Sample, print => Write(w, print));
    }

    /// <inheritdoc cref="Write(BinaryWriter, AccountDay)"/>
    internal static AccountDay ReadDay(BinaryReader r, ulong account, int most = AccountDay.SampleSize)
    {
        Span<long> counts = stackalloc long[10];
        foreach (ref var count in counts) count = r.ReadInt64();
        return AccountDay.Restore(counts, day =>
        {
            for (var row = 0; row < day.Tallies.Length; row++) day.RestoreTally(row, r.Read7BitEncodedInt());
            Repeat(r, () => day.RestoreModel(r.ReadUInt32(), r.Read7BitEncodedInt()));
            Repeat(r, () => day.RestoreSample(ReadPrint(r, account), most));
        });
    }

    private static void Write(BinaryWriter w, ExchangeFingerprint e)
    {
        w.Write(e.Id);
        w.Write(e.TimeMs);
        w.Write(e.Ip);
        w.Write(e.ReasoningRef);
        ReadOnlySpan<uint> hashes = [e.Organization, e.Asn, e.Client, e.Tls, e.Headers, e.Country, e.Pathway, e.Key, e.EndUser, e.Conversation, e.Model, e.Tools, e.Shape, e.System, e.User];
        foreach (var h in hashes) w.Write(h);
        ReadOnlySpan<int> numbers = [e.MaxTokens, e.InputTokens, e.OutputTokens, e.ReasoningTokens, e.Status, e.Choices, e.Turns];
        foreach (var n in numbers) w.Write7BitEncodedInt(n);
        w.Write((byte)((e.HasPrompt ? 1 : 0) | (e.Logprobs ? 2 : 0) | (e.ToolTurns ? 4 : 0) | (e.Declined ? 8 : 0) | (e.EndUserText is null ? 0 : 16) | (e.KeyText is null ? 0 : 32) | (e.Turn == 0 ? 0 : 64)));
        var scores = e.Scores;
        for (var t = 0; t < TechniqueIds.LearnedCount; t++) w.Write(scores[(Technique)t]);
        w.Write(scores.Capabilities);
        Write(w, e.Prints);
        Write(w, e.SlotWords);
        Write(w, e.IdText);
        Write(w, e.Text);
        // Marked by a flag, so that what was written before they were kept is read as it was.
        if (e.EndUserText is not null) Write(w, e.EndUserText);
        if (e.KeyText is not null) Write(w, e.KeyText);
        if (e.Turn != 0) w.Write(e.Turn);
    }

    private static ExchangeFingerprint ReadPrint(BinaryReader r, ulong account)
    {
        var e = new ExchangeFingerprint
        {
            Account = account, Id = r.ReadUInt64(), TimeMs = r.ReadInt64(), Ip = r.ReadUInt64(), ReasoningRef = r.ReadUInt64(),
            Organization = r.ReadUInt32(), Asn = r.ReadUInt32(), Client = r.ReadUInt32(), Tls = r.ReadUInt32(), Headers = r.ReadUInt32(),
            Country = r.ReadUInt32(), Pathway = r.ReadUInt32(), Key = r.ReadUInt32(), EndUser = r.ReadUInt32(), Conversation = r.ReadUInt32(),
            Model = r.ReadUInt32(), Tools = r.ReadUInt32(), Shape = r.ReadUInt32(), System = r.ReadUInt32(), User = r.ReadUInt32(),
            MaxTokens = r.Read7BitEncodedInt(), InputTokens = r.Read7BitEncodedInt(), OutputTokens = r.Read7BitEncodedInt(),
            ReasoningTokens = r.Read7BitEncodedInt(), Status = r.Read7BitEncodedInt(), Choices = r.Read7BitEncodedInt(), Turns = r.Read7BitEncodedInt(),
        };
        var flags = r.ReadByte();
        e.HasPrompt = (flags & 1) != 0;
        e.Logprobs = (flags & 2) != 0;
        e.ToolTurns = (flags & 4) != 0;
        e.Declined = (flags & 8) != 0;
        var scores = default(TextScores);
        for (var t = 0; t < TechniqueIds.LearnedCount; t++) scores[(Technique)t] = r.ReadByte();
        scores.Capabilities = r.ReadUInt16();
        e.Scores = scores;
        e.Prints = ReadHashes(r);
        e.SlotWords = ReadHashes(r);
        e.IdText = ReadBytes(r);
        e.Text = ReadBytes(r);
        if ((flags & 16) != 0) e.EndUserText = ReadBytes(r);
        if ((flags & 32) != 0) e.KeyText = ReadBytes(r);
        if ((flags & 64) != 0) e.Turn = r.ReadUInt32();
        return e;
    }

    private static void Write(BinaryWriter w, uint[] hashes)
    {
        w.Write7BitEncodedInt(hashes.Length);
        foreach (var h in hashes) w.Write(h);
    }

    private static uint[] ReadHashes(BinaryReader r)
    {
        var hashes = new uint[Bounded(r.Read7BitEncodedInt(), 4096)];
        for (var i = 0; i < hashes.Length; i++) hashes[i] = r.ReadUInt32();
        return hashes;
    }

    private static void Write(BinaryWriter w, byte[]? bytes)
    {
        w.Write7BitEncodedInt(bytes is null ? 0 : bytes.Length + 1);
        if (bytes is not null) w.Write(bytes);
    }

    private static byte[]? ReadBytes(BinaryReader r)
    {
        var length = Bounded(r.Read7BitEncodedInt(), 1 << 16);
        return length == 0 ? null : ReadExactly(r, length - 1);
    }

    /// <summary>What <see cref="BinaryWriter.Write(string)"/> wrote; the reader's own answers a damaged length with an <see cref="IOException"/>.</summary>
    private static string ReadText(BinaryReader r) => Encoding.UTF8.GetString(ReadExactly(r, Bounded(r.Read7BitEncodedInt(), LongestTextBytes)));

    private static byte[] ReadExactly(BinaryReader r, int length)
    {
        var bytes = r.ReadBytes(length);
        return bytes.Length == length ? bytes : throw new EndOfStreamException();
    }

    private static int Bounded(int length, int most) =>
        length >= 0 && length <= most ? length : throw new InvalidDataException($"The part file is damaged: a length is out of range. {Remedy}");

    private static void Sorted<T>(BinaryWriter w, IEnumerable<T> items, Action<T> write)
    {
        var list = items as IReadOnlyCollection<T> ?? [.. items];
        w.Write(list.Count);
        foreach (var item in list) write(item);
    }

    private static void Repeat(BinaryReader r, Action read)
    {
        for (var left = Bounded(r.ReadInt32(), int.MaxValue); left > 0; left--) read();
    }
}
