using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Stillhunt.Server.Store;

/// <summary>The append-only trail of verdicts and of what people decided.</summary>
public interface IAuditStore
{
    /// <summary>Appends entries in order, each chained to the one before.</summary>
    void Append(IReadOnlyCollection<AuditEntry> entries);

    /// <summary>Records after a number, in order.</summary>
    IReadOnlyList<AuditRecord> After(long seq, int most);
}

/// <param name="Kind">Such as <c>verdict</c>, <c>approval</c>, <c>reversal</c>, <c>review</c>, <c>policy</c>.</param>
/// <param name="By">Who: a person and a key, or the rule's policy.</param>
/// <param name="Body">A JSON object; the words that were hashed.</param>
public sealed record AuditEntry(long TimeMs, string Kind, string By, string Body);

/// <summary>An entry in its place. Its hash covers the hash before it, so that nothing in between can be changed, left out or moved unseen.</summary>
public sealed record AuditRecord(long Seq, AuditEntry Entry, byte[] Hash)
{
    /// <summary>What stands before the first record.</summary>
    public static byte[] Beginning { get; } = new byte[SHA256.HashSizeInBytes];

    /// <summary>SHA-256 of: hash before, number, time (64 bits each, big-endian), then kind, by and body, each with its length in bytes (32 bits, big-endian) before it.</summary>
    public static byte[] HashOf(ReadOnlySpan<byte> before, long seq, AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(before);
        Span<byte> number = stackalloc byte[8];
        foreach (var value in (ReadOnlySpan<long>)[seq, entry.TimeMs])
        {
            BinaryPrimitives.WriteInt64BigEndian(number, value);
            hash.AppendData(number);
        }

        foreach (var text in (ReadOnlySpan<string>)[entry.Kind, entry.By, entry.Body])
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32BigEndian(number, bytes.Length);
            hash.AppendData(number[..4]);
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Whether the record follows from the one before it.</summary>
    public bool Follows(long seqBefore, ReadOnlySpan<byte> before) => Seq == seqBefore + 1 && Hash.AsSpan().SequenceEqual(HashOf(before, Seq, Entry));
}
