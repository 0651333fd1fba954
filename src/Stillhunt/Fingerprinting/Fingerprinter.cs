using System.Text;
using Stillhunt.Ingest;
using Stillhunt.Sketches;

namespace Stillhunt.Fingerprinting;

/// <summary>
/// Exchange -> fingerprint. Holds scratch buffers, so one instance serves one thread; the result depends on nothing but the
/// exchange, the key and the classifier.
/// </summary>
public sealed class Fingerprinter(KeyedHash hash, TextClassifier classifier)
{
    /// <summary>Bytes that are looked at from a text's start and from its end: a wrapper stands at the edges of its slot.</summary>
    private const int HeadBytes = 1536, TailBytes = 768;

    private const long HourMs = 3_600_000;

    /// <summary>Bytes of an id that are kept.</summary>
    private const int LongestName = 200;

    private readonly Word[] _words = new Word[HeadBytes + TailBytes];
    private readonly uint[] _prints = new uint[4 * ExchangeFingerprint.MostPrints];
    private readonly uint[] _all = new uint[1024];
    private readonly uint[] _merged = new uint[4 * ExchangeFingerprint.MostPrints];
    private readonly uint[] _mergedBefore = new uint[4 * ExchangeFingerprint.MostPrints];
    private readonly uint[] _slotWords = new uint[24];
    private readonly KnownSentences _sentences = new(hash, classifier.Lexicon);
    private readonly KnownPhrases _phrases = new();
    private readonly RequestText _text = new();

    /// <summary>Fills all but what <see cref="FillContent"/> fills: enough to count the exchange.</summary>
    /// <param name="source">Name of the log source: an account is (source, id).</param>
    /// <param name="fallbackId">Identity of a record without an id, for example its file and line.</param>
    public void Identify(Exchange exchange, ReadOnlySpan<byte> source, ulong fallbackId, ExchangeFingerprint print)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        ArgumentNullException.ThrowIfNull(print);
        var sourceHash = hash.Of(source);
        print.Account = hash.Of(hash.Of(exchange[ExchangeField.Account]), sourceHash);
        print.Id = exchange.Has(ExchangeField.Id) ? hash.Of(hash.Of(exchange[ExchangeField.Id]), sourceHash) : hash.Of(fallbackId, sourceHash);
        print.TimeMs = exchange.TimeMs;
        print.Ip = Ip(exchange);
        print.ReasoningRef = Long(exchange, ExchangeField.ReasoningRef);
        print.Organization = Short(exchange, ExchangeField.Organization);
        print.Asn = Short(exchange, exchange.Has(ExchangeField.Asn) ? ExchangeField.Asn : ExchangeField.AsnOrg);
        print.Client = Short(exchange, ExchangeField.Client);
        print.Tls = Short(exchange, ExchangeField.Tls);
        print.Headers = Short(exchange, ExchangeField.Headers);
        print.Country = Short(exchange, ExchangeField.Country);
        print.Pathway = Short(exchange, ExchangeField.Pathway);
        print.Key = Short(exchange, ExchangeField.Key);
        print.EndUser = Short(exchange, ExchangeField.EndUser);
        print.Conversation = exchange.Has(ExchangeField.Conversation) ? Math.Max(2, Short(exchange, ExchangeField.Conversation) & ~ExchangeFingerprint.InferredConversation) : 0;
        print.Model = Short(exchange, ExchangeField.Model);
        print.MaxTokens = Number(exchange.MaxTokens);
        print.InputTokens = Number(exchange.InputTokens);
        print.OutputTokens = Number(exchange.OutputTokens);
        print.ReasoningTokens = Number(exchange.ReasoningTokens);
        print.Status = exchange.Status ?? 200;
        print.Declined = print.Status is >= 400 and < 500 and not (401 or 403 or 408 or 413 or 429) || Declines(exchange[ExchangeField.Stop]);
        print.Choices = exchange.ChoiceCount ?? 1;
        print.Logprobs = exchange.Logprobs == true;
        print.Shape = Shape(exchange);
        print.HasPrompt = exchange.HasPrompt;
        print.Scores = classifier.Score(exchange, _sentences);
    }

    /// <summary>Whether this reason to stop is a refusal: Anthropic's word, OpenAI's and Azure's, Bedrock's two, Gemini's two.</summary>
    private static bool Declines(ReadOnlySpan<byte> stop) => stop.Length switch
    {
        6 => Ascii.EqualsIgnoreCase(stop, "safety"u8),
        7 => Ascii.EqualsIgnoreCase(stop, "refusal"u8),
        14 => Ascii.EqualsIgnoreCase(stop, "content_filter"u8),
        16 => Ascii.EqualsIgnoreCase(stop, "content_filtered"u8),
        18 => Ascii.EqualsIgnoreCase(stop, "prohibited_content"u8),
        20 => Ascii.EqualsIgnoreCase(stop, "guardrail_intervened"u8),
        _ => false,
    };

    /// <summary>Fills prints, slot words and the text sample, for an exchange that will be kept.</summary>
    public void FillContent(Exchange exchange, ExchangeFingerprint print)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        ArgumentNullException.ThrowIfNull(print);
        Content(exchange, print);
        print.EndUserText = Named(exchange[ExchangeField.EndUser]);
        print.KeyText = Named(KeyName.Of(exchange[ExchangeField.Key]));
        if (ExchangeFingerprint.KeepsText(print.Id))
        {
            print.IdText = exchange.Has(ExchangeField.Id) ? exchange[ExchangeField.Id][..Math.Min(LongestName, exchange[ExchangeField.Id].Length)].ToArray() : null;
            print.Text = exchange.HasPrompt ? _text.Edges(exchange).ToArray() : null;
        }
        else
        {
            print.IdText = print.Text = null;
        }
    }

    private static byte[]? Named(ReadOnlySpan<byte> text) => text.IsEmpty ? null : text[..Math.Min(LongestName, text.Length)].ToArray();

    private void Content(Exchange exchange, ExchangeFingerprint print)
    {
        print.Tools = 0;
        print.Turns = 0;
        print.ToolTurns = false;
        var firstUser = -1;
        var firstUserEnd = -1;
        var lastUser = -1;
        var lastUserEnd = -1;
        ulong tools = 0;
        var previous = PartRole.System;
        var any = false;
        for (var i = 0; i < exchange.PartCount; i++)
        {
            var role = exchange.RoleOf(i);
            switch (role)
            {
                case PartRole.ToolDefinition:
                    tools += hash.Of(exchange.TextOf(i)); // A set: the order in which tools are listed does not matter.
                    continue;
                case PartRole.User:
                    if (!any || previous != PartRole.User)
                    {
                        print.Turns++;
                        lastUser = i;
                        if (firstUser < 0) firstUser = i;
                    }

                    lastUserEnd = i + 1;
                    if (print.Turns == 1) firstUserEnd = i + 1;
                    break;
                case PartRole.Tool:
                    print.ToolTurns = true;
                    break;
            }

            previous = role;
            any = true;
        }

        print.Tools = Fold(tools);
        var prints = 0;
        var runs = new PrintRuns(_prints, _merged, _mergedBefore);
        print.System = AddText(_text.Joined(exchange, PartRole.System, 0, exchange.PartCount), ref prints, null);
        runs.End(prints);
        var first = lastUser > firstUser && firstUser >= 0 ? AddText(_text.Joined(exchange, PartRole.User, firstUser, firstUserEnd), ref prints, null) : 0;
        runs.End(prints);
        print.User = print.Turn = 0;
        if (lastUser < 0) print.SlotWords = [];
        else
        {
            var turn = _text.Joined(exchange, PartRole.User, lastUser, lastUserEnd);
            print.Turn = turn.IsEmpty ? 0 : Fold(hash.Of(turn));
            print.User = AddText(turn, ref prints, print);
        }

        if (first == 0) first = print.User;
        if (print.Conversation == 0 && first != 0) print.Conversation = Fold(hash.Of(hash.Of(print.Account, first), (ulong)(print.TimeMs / HourMs))) | ExchangeFingerprint.InferredConversation;
        runs.End(prints);
        print.Prints = runs.Distinct.ToArray();
    }

    /// <summary>Adds the prints of head and tail of a text, in rising order; returns the hash of its folded words, 0 for none.</summary>
    private uint AddText(ReadOnlySpan<byte> text, ref int prints, ExchangeFingerprint? slotOf)
    {
        if (slotOf is not null || text.IsEmpty) return ScanText(text, ref prints, slotOf);
        // System prompts and first turns come again and again; a text that is the last turn hardly does.
        var key = hash.Of(text);
        if (_phrases.TryGet(key, text.Length, _prints.AsSpan(prints), out var count, out var folded))
        {
            prints += count;
            return folded;
        }

        var first = prints;
        folded = ScanText(text, ref prints, slotOf);
        // Cut for want of room, the prints are not the text's own.
        if (_prints.Length - first >= 2 * ExchangeFingerprint.MostPrints) _phrases.Keep(key, text.Length, _prints.AsSpan(first, prints - first), folded);
        return folded;
    }

    private uint ScanText(ReadOnlySpan<byte> text, ref int prints, ExchangeFingerprint? slotOf)
    {
        var all = 0UL;
        var count = text.Length <= HeadBytes + TailBytes
            ? PhraseScanner.Scan(text, hash, _words, ref all)
            : PhraseScanner.Scan(text[..HeadBytes], hash, _words.AsSpan(0, HeadBytes), ref all);
        var head = count;
        if (text.Length > HeadBytes + TailBytes)
            count += PhraseScanner.Scan(text[^TailBytes..], hash, _words.AsSpan(count), ref all);
        var words = _words.AsSpan(0, count);
        if (slotOf is not null) slotOf.SlotWords = SlotWords(words);
        if (count == 0) return 0;
        var first = prints;
        prints += Sample(words[..head], prints);
        if (head < count) prints += Sample(words[head..], prints);
        _prints.AsSpan(first, prints - first).Sort();
        return Fold(all);
    }

    private int Sample(ReadOnlySpan<Word> words, int at)
    {
        var all = _all.AsSpan(); // Not on the stack: what is there gets cleared each time.
        var count = PhrasePrints.Of(words, all);
        var room = Math.Min(ExchangeFingerprint.MostPrints, _prints.Length - at);
        var into = _prints.AsSpan(at, Math.Max(0, room));
        if (count <= into.Length)
        {
            all[..count].CopyTo(into);
            return count;
        }

        // Both edges: an instruction may stand before or after what it is about.
        var tail = into.Length / 2;
        all[..(into.Length - tail)].CopyTo(into);
        all[(count - tail)..count].CopyTo(into[(into.Length - tail)..]);
        return into.Length;
    }

    private uint[] SlotWords(ReadOnlySpan<Word> words)
    {
        var count = 0;
        for (var i = 0; i < words.Length; i++)
        {
            var word = words[i];
            if (word.HalfWords == 2 && word.End - word.Start < 5) continue;
            if (word.HalfWords == 1 && (i + 1 == words.Length || words[i + 1].HalfWords == 2)) continue;
            var value = Fold(word.HalfWords == 2 ? word.Hash : hash.Of(word.Hash, words[i + 1].Hash));
            if (count == _slotWords.Length && value >= _slotWords[^1]) continue;
            // Inserted from behind: the row is short, and most of what is still small enough is among its greatest.
            var at = count;
            while (at > 0 && _slotWords[at - 1] > value) at--;
            if (at > 0 && _slotWords[at - 1] == value) continue;
            if (count < _slotWords.Length) count++;
            for (var j = count - 1; j > at; j--) _slotWords[j] = _slotWords[j - 1];
            _slotWords[at] = value;
        }

        return count == 0 ? [] : _slotWords[..count];
    }

    private uint Shape(Exchange exchange)
    {
        var h = hash.Of((ulong)(exchange.MaxTokens ?? -1), (ulong)(exchange.ChoiceCount ?? -1));
        h = hash.Of(h, (ulong)BitConverter.DoubleToInt64Bits(exchange.Temperature ?? -1));
        h = hash.Of(h, (ulong)BitConverter.DoubleToInt64Bits(exchange.TopP ?? -1));
        h = hash.Of(h, (Flag(exchange.Logprobs) * 9) + (Flag(exchange.Thinking) * 3) + Flag(exchange.Stream));
        return Fold(h);

        static ulong Flag(bool? value) => value switch { null => 0, false => 1, true => 2 };
    }

    private ulong Ip(Exchange exchange)
    {
        var text = exchange[ExchangeField.Ip];
        if (text.Length == 0) return 0;
        return IpNumber.Read(text) ?? hash.Of(text) | 1UL << 63;
    }

    private uint Short(Exchange exchange, ExchangeField field) => Fold(Long(exchange, field));

    private ulong Long(Exchange exchange, ExchangeField field)
    {
        var text = exchange[field];
        return text.Length == 0 ? 0 : hash.Of(text) | 1;
    }

    private static uint Fold(ulong h) => (uint)(h >> 32) ^ (uint)h;

    private static int Number(long? value) => value is null or < 0 ? -1 : (int)Math.Min(value.Value, int.MaxValue);
}
