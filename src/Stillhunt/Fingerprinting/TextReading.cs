using Stillhunt.Ingest;

namespace Stillhunt.Fingerprinting;

/// <summary>
/// What the classifier reads of an exchange: the system prompt, the last user turn and the tool definitions, of each part the
/// head and the tail. A wrapper stands around its slot, so that the middle of a long part is the least of it.
/// </summary>
internal static class TextReading
{
    /// <summary>Sentences with a concept in them that are kept apart; 2 x (1.5 + 0.75) KB of prose hold about 60.</summary>
    public const int Room = 160;

    private const int Head = 1536;
    private const int Tail = 768;

    // An agent may define a hundred tools: the first show its kind.
    private const int MostTools = 12;
    private const int ToolHead = 160;
    private const int MostParts = 3;
    private const int ShortBytes = 90;
    private const int LongBytes = 2000;

    /// <summary>Fills <paramref name="room"/> with sentences and returns how many, and the prompt's shape as bits.</summary>
    /// <param name="known">Sentences of texts read before, or null. System prompts and tools come again and again; user turns do not.</param>
    public static int Read(Exchange exchange, ConceptLexicon lexicon, Span<ConceptSentence> room, KnownSentences? known, out uint shapes)
    {
        shapes = 0;
        var concepts = new TextConcepts(lexicon, room, known?.Words);
        var parts = exchange.PartCount;
        var lastUser = -1;
        int systems = 0, tools = 0;
        for (var i = 0; i < parts; i++)
        {
            switch (exchange.RoleOf(i))
            {
                case PartRole.System:
                    shapes |= 1u << (int)PromptShape.HasSystem;
                    if (systems++ < MostParts) Add(ref concepts, exchange.TextOf(i), TextZone.System, Head, Tail, known);
                    break;
                case PartRole.User:
                    lastUser = i;
                    break;
                case PartRole.Assistant:
                    shapes |= 1u << (int)PromptShape.HasAssistantTurn;
                    break;
                case PartRole.Tool:
                    shapes |= 1u << (int)PromptShape.HasToolTurn;
                    break;
                default:
                    shapes |= 1u << (int)PromptShape.HasTools;
                    if (tools++ < MostTools) Add(ref concepts, exchange.TextOf(i), TextZone.Tools, ToolHead, 0, known);
                    break;
            }
        }

        if (lastUser < 0) return concepts.Count;
        var first = lastUser;
        while (first > 0 && lastUser - first + 1 < MostParts && exchange.RoleOf(first - 1) == PartRole.User) first--;
        var bytes = 0;
        for (var i = first; i <= lastUser; i++)
        {
            var text = exchange.TextOf(i);
            bytes += text.Length;
            concepts.Add(text, TextZone.User, Head, Tail);
        }

        if (bytes < ShortBytes) shapes |= 1u << (int)PromptShape.Short;
        if (bytes > LongBytes) shapes |= 1u << (int)PromptShape.Long;
        return concepts.Count;
    }

    private static void Add(ref TextConcepts concepts, ReadOnlySpan<byte> text, TextZone zone, int head, int tail, KnownSentences? known)
    {
        if (known is null) concepts.Add(text, zone, head, tail);
        else known.Add(ref concepts, text, zone, head, tail);
    }

    /// <summary>The first of the last two sentences of the user turn.</summary>
    public static int EndOf(ReadOnlySpan<ConceptSentence> sentences) =>
        sentences.Length > 0 && sentences[^1].Zone == TextZone.User ? Math.Max(0, sentences.Length - 2) : sentences.Length;
}
