namespace Stillhunt.Fingerprinting;

/// <summary>
/// All that the detector keeps of one exchange: hashes, counts and scores, no text but a small sample. Hashes are keyed;
/// 0 means that the field was absent, and numbers are -1 where the log had none.
/// </summary>
public sealed class ExchangeFingerprint
{
    /// <summary>Prints of one text at most: the first of the head, then of the tail.</summary>
    internal const int MostPrints = 64;

    /// <summary>Hash of (source, id): identity of the exchange, and the order in which samples are kept.</summary>
    public ulong Id { get; set; }

    /// <summary>Hash of (source, account).</summary>
    public ulong Account { get; set; }

    public long TimeMs { get; set; }

    /// <summary>An IPv4 address as its 32 bits, the upper half of an IPv6 address, or a hash where it is neither.</summary>
    public ulong Ip { get; set; }

    public ulong ReasoningRef { get; set; }
    public uint Organization { get; set; }
    public uint Asn { get; set; }
    public uint Client { get; set; }
    public uint Tls { get; set; }
    public uint Headers { get; set; }
    public uint Country { get; set; }
    public uint Pathway { get; set; }
    public uint Key { get; set; }
    public uint EndUser { get; set; }

    /// <summary>
    /// Hash of the conversation's id. Where the log names none, of account, hour and first user turn (<see cref="InferredConversation"/>): the steps of one task repeat their
    /// first turn, and come close together.
    /// </summary>
    public uint Conversation { get; set; }
    public uint Model { get; set; }

    /// <summary>Set in <see cref="Conversation"/> where it is inferred: that a turn came again is then no sign that somebody came back with another.</summary>
    internal const uint InferredConversation = 1u << 31;

    public bool IsConversationInferred => (Conversation & InferredConversation) != 0;

    /// <summary>The conversation, or the exchange itself where neither id nor prompt is known: then it is one of its own.</summary>
    public uint Thread => Conversation != 0 ? Conversation : (uint)(Id >> 32) | 1;

    /// <summary>Hash of the set of tool definitions.</summary>
    public uint Tools { get; set; }

    /// <summary>Hash of the request's parameters: what a client or script sets once for all its requests.</summary>
    public uint Shape { get; set; }

    /// <summary>Hash of the folded words of the system prompt; of the last user turn.</summary>
    public uint System { get; set; }

    public uint User { get; set; }

    /// <summary>Hash of the last user turn as it was written, where words are folded digits and all: what differs in a number is another question. 0 in what was written before this was kept.</summary>
    public uint Turn { get; set; }

    public int MaxTokens { get; set; }
    public int InputTokens { get; set; }
    public int OutputTokens { get; set; }
    public int ReasoningTokens { get; set; }
    public int Status { get; set; }
    public int Choices { get; set; }

    /// <summary>User turns in the request: 1 for a first question.</summary>
    public int Turns { get; set; }

    public bool HasPrompt { get; set; }
    public bool Logprobs { get; set; }
    public bool ToolTurns { get; set; }

    /// <summary>
    /// What was asked was refused: by the model or a filter (the reason to stop), or by a status that is neither for want of a right (401, 403) nor for volume (408,
    /// 413, 429).
    /// </summary>
    public bool Declined { get; set; }

    public TextScores Scores { get; set; }

    /// <summary>Refused attempts are not exposure.</summary>
    public bool Answered => Status < 400;

    /// <summary>Phrase prints of system prompt, first and last user turn, without repeats.</summary>
    public uint[] Prints { get; set; } = [];

    /// <summary>The smallest hashes of content words of the last user turn: what its slot is about.</summary>
    public uint[] SlotWords { get; set; } = [];

    /// <summary>The exchange's own id, kept for one exchange in eight (by hash) so that evidence can name examples.</summary>
    public byte[]? IdText { get; set; }

    /// <summary>The end user and the key as the log writes them, for a result to name; null where absent. Exchanges of one day's sample share the object.</summary>
    public byte[]? EndUserText { get; set; }

    /// <inheritdoc cref="EndUserText"/>
    public byte[]? KeyText { get; set; }

    /// <summary>Head and tail of the prompt, kept for the same one in eight, from which skeletons are shown.</summary>
    public byte[]? Text { get; set; }

    /// <summary>Whether this exchange is one of the eighth whose text is sampled.</summary>
    public static bool KeepsText(ulong id) => (id >> 3 & 7) == 0;

    /// <summary>
    /// Which half of the exchanges this one is in: all that groups is done on half 0, all tests on half 1. A conversation is in one half as a
    /// whole, because its later requests repeat its earlier turns.
    /// </summary>
    public int Half => (int)((Conversation != 0 ? Conversation : (uint)Id) & 1);
}
