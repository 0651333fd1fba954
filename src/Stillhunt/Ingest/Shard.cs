namespace Stillhunt.Ingest;

/// <summary>
/// Which part of a log a scan keeps: the records whose hash modulo <see cref="Count"/> is <see cref="Index"/>. The hash is fixed and public
/// (64-bit FNV-1a with a final mix), so that every machine cuts alike.
/// </summary>
public readonly record struct Shard(int Index, int Count)
{
    public static Shard Whole => new(0, 1);

    /// <summary>Reads <c>I/N</c> with 0 &lt;= I &lt; N.</summary>
    public static bool TryParse(string text, out Shard shard)
    {
        ArgumentNullException.ThrowIfNull(text);
        shard = Whole;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !int.TryParse(text.AsSpan(0, slash), out var index) || !int.TryParse(text.AsSpan(slash + 1), out var count)) return false;
        if (count < 1 || index < 0 || index >= count) return false;
        shard = new Shard(index, count);
        return true;
    }

    public bool Holds(ReadOnlySpan<byte> bytes) => Count <= 1 || Holds(Hash(bytes));

    internal bool Holds(ulong hash) => Count <= 1 || hash % (ulong)Count == (ulong)Index;

    internal static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in bytes) hash = (hash ^ b) * 1099511628211UL;
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccdUL;
        return hash ^ (hash >> 33);
    }
}
