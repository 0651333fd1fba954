using Stillhunt.Sketches;

namespace Stillhunt.Fingerprinting;

/// <summary>
/// The sentences of texts that came lately, by the text's keyed hash: a system prompt or a tool's definition stands in thousands of requests. Of fixed size,
/// a text a place; the text that came last stays. Serves one thread.
/// </summary>
/// <remarks>Two texts are taken for one where 64 bits of keyed hash and their lengths agree, which no traffic meets by chance and nobody can aim at without the key.</remarks>
internal sealed class KnownSentences(KeyedHash hash, ConceptLexicon lexicon)
{
    private const int Places = 1 << 11;

    /// <summary>Sentences kept of a text; longer ones are read again.</summary>
    private const int MostSentences = 32;

    private readonly ConceptSentence[] _room = new ConceptSentence[TextReading.Room];
    private readonly Entry[] _entries = new Entry[Places];

    private record struct Entry(ulong Key, int Length, int Count, ConceptSentence[]? Sentences);

    public KnownWords Words { get; } = new(lexicon);

    /// <summary>Room for a prompt's sentences; on the stack it would be cleared for each.</summary>
    public Span<ConceptSentence> Room => _room;

    public void Add(ref TextConcepts concepts, ReadOnlySpan<byte> text, TextZone zone, int head, int tail)
    {
        var key = hash.Of(hash.Of(text), (ulong)zone);
        ref var entry = ref _entries[key % Places];
        if (entry.Key == key && entry.Length == text.Length && entry.Sentences is { } known)
        {
            concepts.Add(known.AsSpan(0, entry.Count));
            return;
        }

        var first = concepts.Count;
        concepts.Add(text, zone, head, tail);
        var sentences = concepts.From(first);
        if (concepts.IsFull || sentences.Length > MostSentences) return;
        var kept = entry.Sentences is { } array && array.Length >= sentences.Length ? array : new ConceptSentence[Math.Max(4, sentences.Length)];
        sentences.CopyTo(kept);
        entry = new Entry(key, text.Length, sentences.Length, kept);
    }
}
