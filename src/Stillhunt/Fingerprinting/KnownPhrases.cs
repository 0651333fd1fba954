namespace Stillhunt.Fingerprinting;

/// <summary>
/// The prints of texts that came lately, by the text's keyed hash, as <see cref="KnownSentences"/> keeps their sentences. Serves one thread.
/// </summary>
internal sealed class KnownPhrases
{
    private const int Places = 1 << 10;

    private readonly Entry[] _entries = new Entry[Places];

    private record struct Entry(ulong Key, int Length, uint Folded, int Count, uint[]? Prints);

    /// <summary>Copies the prints of a known text and says how many; false where it is not known.</summary>
    /// <param name="folded">Hash of the text's folded words.</param>
    public bool TryGet(ulong key, int length, Span<uint> prints, out int count, out uint folded)
    {
        ref var entry = ref _entries[key % Places];
        (count, folded) = (entry.Count, entry.Folded);
        if (entry.Key != key || entry.Length != length || entry.Prints is not { } known || count > prints.Length) return false;
        known.AsSpan(0, count).CopyTo(prints);
        return true;
    }

    public void Keep(ulong key, int length, ReadOnlySpan<uint> prints, uint folded)
    {
        ref var entry = ref _entries[key % Places];
        var kept = entry.Prints is { } array && array.Length >= prints.Length ? array : new uint[Math.Max(16, prints.Length)];
        prints.CopyTo(kept);
        entry = new Entry(key, length, folded, prints.Length, kept);
    }
}
