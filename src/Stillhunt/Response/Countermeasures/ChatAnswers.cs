using System.Text;
using Stillhunt.Ingest.Json;
using Stillhunt.Response.Canaries;

namespace Stillhunt.Response.Countermeasures;

/// <summary>
/// Chat Completions (and Completions), as OpenAI and those who speak its dialect answer: candidates, token probabilities, and reasoning in the fields that
/// providers put it into, since the API itself has none.
/// </summary>
internal sealed class ChatAnswers(Measures measures) : AnswerRewriter(measures)
{
    /// <summary>What a stream said so far for each candidate.</summary>
    private readonly Dictionary<long, Told> _told = [];

    /// <summary>The last event that had a candidate, from which one is made where a marked stream ends without its end.</summary>
    private byte[]? _last;

    private sealed class Told
    {
        public long Characters;
        public string? Field;

        /// <summary>Whether reasoning stood in fields that are not counted. It names the sentence's field only where no other does.</summary>
        public bool IsOpaque;

        public bool HasSentence;

        /// <summary>Of a stream that is marked.</summary>
        public CanaryText? Text;
    }

    /// <summary>
    /// <c>reasoning_content</c>: DeepSeek, vLLM, SGLang, LiteLLM. <c>reasoning</c>, <c>reasoning_details</c>: OpenRouter, newer vLLM, Groq. <c>thinking_blocks</c>:
    /// LiteLLM, signatures included. <c>thinking</c>: Ollama. <c>reasoning_opaque</c>, <c>reasoning_text</c>: GitHub Copilot. <c>reasoning_steps</c>: Perplexity. No answer has anything else that begins with these
    /// words, so whatever does is taken for reasoning.
    /// </summary>
    private static bool IsReasoning(JsonProperty property) =>
        property.NameEscaped ? IsReasoning(Encoding.UTF8.GetBytes(JsonValue.Name(property.RawName, escaped: true).ToText()!)) : IsReasoning(property.RawName);

    private static bool IsReasoning(ReadOnlySpan<byte> name) => Starts(name, "reasoning"u8) || Starts(name, "thinking"u8) || Starts(name, "thought"u8);

    private static bool Starts(ReadOnlySpan<byte> name, ReadOnlySpan<byte> word) => name.Length >= word.Length && Ascii.EqualsIgnoreCase(name[..word.Length], word);

    /// <summary>A completion, or a list of stored ones, or of the messages of one.</summary>
    public override void Body(JsonValue body, JsonOut to)
    {
        to.BeginObject();
        foreach (var property in body.Properties())
        {
            if (property.Is("usage"u8)) TakeUsage(property.Value, isFinal: true);
            if (property.Is("choices"u8) && property.Value.IsArray)
            {
                to.Name(property);
                Choices(property.Value, to, isStream: false);
            }
            else if (property.Is("data"u8) && property.Value.IsArray)
            {
                to.Name(property);
                List(property.Value, to);
            }
            else if (!Beside(property, tellsReasoning: false, to))
            {
                to.Keep(property);
            }
        }

        to.EndObject();
    }

    private void List(JsonValue items, JsonOut to)
    {
        to.BeginArray();
        foreach (var item in items.Items())
        {
            if (item.Get("choices"u8).IsArray) Body(item, to);
            else if (item.IsObject && (Withholds || Measures.Canary is not null)) Message(item, new Told(), to, isStream: false, ends: true);
            else to.Keep(item);
        }

        to.EndArray();
    }

    public override bool Event(JsonValue data, JsonOut to, List<MadeEvent> before)
    {
        var (left, choices) = (0, 0);
        to.BeginObject();
        foreach (var property in data.Properties())
        {
            // Some servers tell with every piece what was used so far; the last such event has no candidate.
            if (property.Is("usage"u8)) TakeUsage(property.Value, isFinal: !HasCandidate(data));
            if (property.Is("choices"u8) && property.Value.IsArray)
            {
                to.Name(property);
                left = Choices(property.Value, to, isStream: true);
                foreach (var _ in property.Value.Items()) choices++;
            }
            else if (!Beside(property, tellsReasoning: false, to))
            {
                to.Keep(property);
            }
        }

        to.EndObject();
        if (choices > 0 && Measures.Canary is not null) _last = data.Raw.ToArray();
        var hasUsage = data.Get("usage"u8).IsObject;
        if (choices == 0) return !(hasUsage && Measures.HideUsage);
        return left > 0 || hasUsage || !to.Changed;
    }

    public override void End(List<MadeEvent> before)
    {
        foreach (var (index, told) in _told.OrderBy(pair => pair.Key))
        {
            if (told.Text is not { Holds: true } text || _last is null || !JsonValue.TryOf(_last, out var last)) continue;
            var made = new JsonOut();
            made.BeginObject();
            foreach (var property in last.Properties()) if (!property.Is("choices"u8) && !property.Is("usage"u8)) made.Keep(property);
            made.Name("choices"u8);
            made.BeginArray();
            made.BeginObject();
            made.Name("index"u8);
            made.Number(index);
            made.Name("delta"u8);
            made.BeginObject();
            made.Name("content"u8);
            made.RawText(Piece([], text, ends: true));
            made.EndObject();
            made.Name("finish_reason"u8);
            made.Raw("null"u8);
            made.EndObject();
            made.EndArray();
            made.EndObject();
            before.Add(new MadeEvent("", made.Written.ToArray()));
        }
    }

    private static bool HasCandidate(JsonValue data)
    {
        foreach (var _ in data.Get("choices"u8).Items()) return true;
        return false;
    }

    /// <returns>How many still say something.</returns>
    private int Choices(JsonValue choices, JsonOut to, bool isStream)
    {
        var (left, place) = (0, 0);
        to.BeginArray();
        foreach (var choice in choices.Items())
        {
            var index = choice.Get("index"u8).TryGetCount(out var named) ? named : place;
            place++;
            if (Measures.StripCandidates && index > 0)
            {
                to.Change();
                continue;
            }

            if (Choice(choice, isStream ? _told.TryGetValue(index, out var told) ? told : _told[index] = new Told() : new Told(), to, isStream)) left++;
        }

        to.EndArray();
        return left;
    }

    private bool Choice(JsonValue choice, Told told, JsonOut to, bool isStream)
    {
        var isLeft = choice.Get("finish_reason"u8).Exists;
        var tellsReasoning = Withholds && (TellsReasoning(choice) || TellsReasoning(choice.Get("message"u8)) || TellsReasoning(choice.Get("delta"u8)));
        to.BeginObject();
        foreach (var property in choice.Properties())
        {
            if (Beside(property, tellsReasoning, to))
            {
                // Written.
            }
            else if (Withholds && IsReasoning(property) && property.Value.Exists)
            {
                Leave(property, told, to);
            }
            else if ((Withholds || Measures.Canary is not null) && (property.Is("message"u8) || property.Is("delta"u8)) && property.Value.IsObject)
            {
                to.Name(property);
                isLeft |= Message(property.Value, told, to, isStream, ends: choice.Get("finish_reason"u8).Exists);
            }
            else
            {
                isLeft |= property.Is("text"u8) || property.Is("delta"u8) || property.Is("message"u8);
                to.Keep(property);
            }
        }

        to.EndObject();
        return isLeft;
    }

    /// <returns>Whether anything is left in it.</returns>
    private bool Message(JsonValue message, Told told, JsonOut to, bool isStream, bool ends)
    {
        var (says, isLeft, hasText) = (false, false, false);
        var isThought = Withholds && IsThought(message);
        to.BeginObject();
        foreach (var property in message.Properties())
        {
            if (Withholds && IsReasoning(property) && property.Value.Exists)
            {
                Leave(property, told, to);
            }
            else if (Beside(property, tellsReasoning: false, to))
            {
                // Written.
            }
            else if (isThought && property.Is("content"u8) && property.Value.IsString)
            {
                says |= BehindThought(property, told, to);
            }
            else if (property.Is("content"u8) && property.Value.IsArray)
            {
                to.Name(property);
                says |= Parts(property.Value, told, to);
            }
            else if (Withholds && property.Is("tool_calls"u8) && property.Value.IsArray)
            {
                to.Name(property);
                says |= Calls(property.Value, to);
            }
            else if (Measures.Canary is not null && property.Is("content"u8) && property.Value.IsString)
            {
                says |= !property.Value.Raw.IsEmpty;
                hasText = true;
                if (isStream) MarkPiece(property, told.Text ??= Measures.Canary.Text(), ends, to);
                else MarkWhole(property, to, counted: true);
            }
            else if (Measures.Canary is not null && ends && told.Text is { Holds: true } && property.Is("content"u8) && !property.Value.Exists)
            {
                // Written below, with what is held back.
            }
            else
            {
                says |= property.Value.Exists && !property.Is("role"u8) && !(property.Value.IsString && property.Value.Raw.IsEmpty);
                isLeft |= property.Is("role"u8);
                to.Keep(property);
            }
        }

        if (ends && !hasText && told.Text is { Holds: true } text)
        {
            to.Change();
            to.Name("content"u8);
            to.RawText(Piece([], text, ends: true));
            says = true;
        }

        // In a stream the sentence comes with the first piece behind the reasoning, when its length is known.
        if (Summarises && told is { HasSentence: false } && (told.Field ?? (told.IsOpaque ? "reasoning_content" : null)) is { } field && (says || ends || !isStream))
        {
            told.HasSentence = true;
            to.Change();
            to.Name(Encoding.UTF8.GetBytes(field));
            to.Text(WithheldReasoning.Sentence(told.Characters));
            says = true;
        }

        to.EndObject();
        return says || isLeft;
    }

    private static bool TellsReasoning(JsonValue said)
    {
        foreach (var property in said.Properties()) if (IsReasoning(property) && property.Value.Exists && !(property.Value.IsString && property.Value.Raw.IsEmpty)) return true;
        return false;
    }

    /// <summary>
    /// What servers put beside the texts of an answer, a candidate or a message: probabilities of the answer's and the prompt's tokens (vLLM), the tokens themselves, all that the model wrote as it wrote it
    /// (<c>raw_output</c>: Fireworks), and what the provider said beyond the dialect. Where servers tell probabilities of every token, those of withheld reasoning tell it again.
    /// </summary>
    /// <returns>Whether it was one of these, and is written.</returns>
    private bool Beside(JsonProperty property, bool tellsReasoning, JsonOut to)
    {
        if (!property.Value.Exists) return false;
        var isLogprobs = property.Is("logprobs"u8);
        if ((Measures.StripLogprobs && (isLogprobs || property.Is("prompt_logprobs"u8))) || (Withholds && (property.Is("token_ids"u8) || (tellsReasoning && isLogprobs))))
        {
            to.Change();
            to.Name(property);
            to.Raw("null"u8);
            return true;
        }

        if (!(Withholds || Measures.StripLogprobs)) return false;
        if (property.Is("raw_output"u8))
        {
            to.Change();
            return true;
        }

        var isOfProviders = property.Is("extra_content"u8);
        if (!property.Value.IsObject || !(isOfProviders || property.Is("provider_specific_fields"u8))) return false;
        to.Name(property);
        if (isOfProviders) EachInner(property.Value, to);
        else Inner(property.Value, to);
        return true;
    }

    /// <summary><c>extra_content</c> has an object for each provider.</summary>
    private void EachInner(JsonValue providers, JsonOut to)
    {
        to.BeginObject();
        foreach (var provider in providers.Properties())
        {
            to.Name(provider);
            if (provider.Value.IsObject) Inner(provider.Value, to);
            else to.Keep(provider.Value);
        }

        to.EndObject();
    }

    /// <summary>Calls stay; what a provider put beside one to know its reasoning by does not (<c>extra_content</c>: Gemini, <c>provider_specific_fields</c>: LiteLLM).</summary>
    private bool Calls(JsonValue calls, JsonOut to)
    {
        var says = false;
        to.BeginArray();
        foreach (var call in calls.Items())
        {
            says = true;
            if (!call.IsObject)
            {
                to.Keep(call);
                continue;
            }

            to.BeginObject();
            foreach (var property in call.Properties())
            {
                if (IsReasoning(property) && property.Value.Exists) to.Change();
                else if (!Beside(property, tellsReasoning: false, to)) to.Keep(property);
            }

            to.EndObject();
        }

        to.EndArray();
        return says;
    }

    /// <summary>Gemini tells its thoughts as content, and beside it that they are some.</summary>
    private static bool IsThought(JsonValue message) => message.Get("extra_content"u8).Get("google"u8).Get("thought"u8).IsTrue;

    private static ReadOnlySpan<char> EndOfThought => "</thought>";

    /// <summary>Writes what stands behind the thought in the same text, where anything does.</summary>
    private static bool BehindThought(JsonProperty property, Told told, JsonOut to)
    {
        var text = property.Value.ToText()!;
        var end = text.AsSpan().LastIndexOf(EndOfThought);
        var left = end < 0 ? "" : text[(end + EndOfThought.Length)..];
        told.Field ??= "reasoning_content";
        told.Characters += WithheldReasoning.Characters(property.Value) - left.EnumerateRunes().Count();
        to.Change();
        to.Name(property);
        to.Text(left);
        return left.Length > 0;
    }

    /// <summary>Where LiteLLM keeps what the provider answered beyond the dialect, under the provider's own names: <c>reasoningContentBlocks</c>, <c>thinking_blocks</c>, <c>thought_signatures</c>.</summary>
    private void Inner(JsonValue fields, JsonOut to)
    {
        to.BeginObject();
        foreach (var property in fields.Properties())
        {
            // Counted where it stands a second time beside these.
            var name = JsonValue.Name(property.RawName, property.NameEscaped).ToText()!;
            var isTold = Withholds && (Has(name, "reasoning") || Has(name, "thinking") || Has(name, "thought") || Has(name, "token_ids"));
            if (property.Value.Exists && (isTold || (Measures.StripLogprobs && Has(name, "logprobs")))) to.Change();
            else to.Keep(property);
        }

        to.EndObject();
    }

    private static bool Has(string name, string part) => name.Contains(part, StringComparison.OrdinalIgnoreCase);

    /// <summary>Content in parts, as Mistral answers.</summary>
    private bool Parts(JsonValue parts, Told told, JsonOut to)
    {
        var says = false;
        to.BeginArray();
        foreach (var part in parts.Items())
        {
            if (Withholds && part.Get("type"u8).ToText() is { } type && (IsReasoning(Encoding.UTF8.GetBytes(type)) || type == "redacted_thinking"))
            {
                to.Change();
                told.Field ??= "reasoning_content";
                told.Characters += WithheldReasoning.Characters(part.Get("thinking"u8)) + WithheldReasoning.Characters(part.Get("text"u8));
                foreach (var inner in part.Get("thinking"u8).Items()) told.Characters += WithheldReasoning.Characters(inner.Get("text"u8));
                foreach (var inner in part.Get("summary"u8).Items()) told.Characters += WithheldReasoning.Characters(inner.Get("text"u8));
            }
            else
            {
                says = true;
                to.Keep(part);
            }
        }

        to.EndArray();
        return says;
    }

    private static void Leave(JsonProperty property, Told told, JsonOut to)
    {
        to.Change();
        // The same text often stands in several of these fields; the first that holds text is the one that counts.
        if (property.Is("reasoning_content"u8) || property.Is("reasoning"u8))
        {
            var field = property.Is("reasoning"u8) ? "reasoning" : "reasoning_content";
            told.Field ??= field;
            if (told.Field == field) told.Characters += WithheldReasoning.Characters(property.Value);
        }
        else if (property.Is("thinking"u8) || property.Is("reasoning_text"u8))
        {
            told.Field ??= property.Is("thinking"u8) ? "thinking" : "reasoning_text";
            if (property.Is(Encoding.ASCII.GetBytes(told.Field))) told.Characters += WithheldReasoning.Characters(property.Value);
        }
        else
        {
            told.IsOpaque = true;
        }
    }
}
