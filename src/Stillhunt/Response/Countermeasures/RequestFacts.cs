using Stillhunt.Ingest.Json;

namespace Stillhunt.Response.Countermeasures;

/// <summary>What a request's body says of how it is to be answered. Unknown is null.</summary>
/// <param name="Model">As the client wrote it.</param>
/// <param name="IsStream">Whether events are asked for.</param>
/// <param name="OutputTokens">The limit that the client set, for one candidate; null also where it is none (0, -1).</param>
/// <param name="CandidateCount">How many candidates for each prompt, those that are made and not shown too; 1 where it says nothing, null where it is no count, which some servers read as one.</param>
/// <param name="WantsUsage">Whether a chat stream is asked to tell its usage.</param>
public sealed record RequestFacts(string? Model, bool IsStream, long? OutputTokens, long? CandidateCount, bool WantsUsage)
{
    /// <summary>
    /// Whether the answer's text is prose for a reader: not where a structure is asked for, a predicted text, tools of the provider's own whose citations count characters, or
    /// token probabilities that would tell the text again.
    /// </summary>
    public bool IsPlainText { get; init; } = true;

    /// <summary>The older Completions take several prompts, and answer each.</summary>
    public long PromptCount { get; init; } = 1;

    /// <summary>Whether token probabilities are asked for.</summary>
    public bool WantsLogprobs { get; init; }

    /// <summary>Whether it holds <c>inputs</c>, by which Mistral's conversations ask a model. OpenAI's hold <c>items</c> and ask none.</summary>
    public bool HasInputs { get; init; }

    /// <summary>Models that the request names besides: a member that stands twice, of which some providers take the first.</summary>
    public IReadOnlyList<string> OtherModels { get; init; } = [];

    /// <summary>More than these no honest client names, and each is a question to the server.</summary>
    public const int MostOtherModels = 7;

    /// <summary>More candidates than any provider makes.</summary>
    private const long MostCandidates = 1_000_000;

    /// <summary>Longer names of models are nobody's.</summary>
    private const int MostModelCharacters = 256;

    /// <summary>The longest way to write one: every character as an escape.</summary>
    private const int MostModelBytes = MostModelCharacters * 6;

    /// <summary>Whether one object of a body that was read names a member twice, so that nobody here knows which of them the provider goes by.</summary>
    public static bool IsUnclear(ReadOnlySpan<byte> body) => JsonDoubles.Any(body);

    /// <summary>By names in whatever case: providers in Go read them so.</summary>
    /// <returns>Null where the body is no JSON object as RFC 8259 has it, in UTF-8 without a mark, or nests deeper than <see cref="JsonValue.InnerDepth"/>.</returns>
    public static RequestFacts? Read(ReadOnlySpan<byte> body)
    {
        if (!JsonValue.TryOfInner(body, out var request) || !request.IsObject) return null;
        var (model, isStream, wantsUsage, isPlain, wantsLogprobs) = ((string?)null, false, false, true, false);
        var models = new List<string>();
        var hasInputs = false;
        long? limit = null;
        long? candidates = 1;
        long prompts = 0;
        foreach (var property in request.Properties())
        {
            var value = property.Value;
            if (property.IsInAnyCase("model"u8))
            {
                if (model is not null) models.Add(model);
                model = value.Raw.Length <= MostModelBytes && value.ToText() is { Length: <= MostModelCharacters } text ? text : null;
            }
            else if (property.Is("inputs"u8)) hasInputs |= value.Exists;
            else if (property.Is("stream"u8)) isStream = value.IsTrue;
            else if (property.Is("stream_options"u8)) wantsUsage = value.Get("include_usage"u8).IsTrue;
            else if (property.IsInAnyCase("n"u8) || property.IsInAnyCase("best_of"u8)) candidates = !value.Exists ? candidates : value.TryGetCount(out var n) && candidates is { } others ? Math.Max(others, Math.Min(n, MostCandidates)) : null;
            else if (property.IsInAnyCase("prompt"u8) || property.IsInAnyCase("prompt_embeds"u8)) prompts += Prompts(value);
            else if (property.IsInAnyCase("logprobs"u8) || property.IsInAnyCase("top_logprobs"u8)) wantsLogprobs |= value.Exists && !(value.IsBool && !value.IsTrue);
            else if (property.Is("include"u8)) foreach (var item in value.Items()) wantsLogprobs |= item.Is("message.output_text.logprobs"u8);
            else if (property.Is("response_format"u8) || property.Is("output_format"u8)) isPlain &= !value.Exists || value.Get("type"u8).Is("text"u8);
            else if (property.Is("text"u8) && value.Get("format"u8) is { Exists: true } format) isPlain &= format.Get("type"u8).Is("text"u8);
            else if (property.Is("output_config"u8)) isPlain &= !value.Get("format"u8).Exists;
            else if (property.Is("prediction"u8) || property.Is("web_search_options"u8)) isPlain &= !value.Exists;
            else if (property.Is("tools"u8)) foreach (var tool in value.Items()) isPlain &= tool.Get("type"u8) is var type && (!type.Exists || type.Is("function"u8) || type.Is("custom"u8));
            else if (RequestBody.IsLimit(property) && value.TryGetCount(out var tokens) && tokens > 0) limit = tokens;
        }

        return new RequestFacts(model, isStream, limit, candidates, wantsUsage) { IsPlainText = isPlain, WantsLogprobs = wantsLogprobs, PromptCount = Math.Max(1, prompts), HasInputs = hasInputs, OtherModels = [.. models.Where(other => other != model).Distinct(StringComparer.Ordinal)] };
    }

    /// <summary>Texts, or lists of tokens; a list of numbers is one prompt.</summary>
    private static long Prompts(JsonValue value)
    {
        var (count, isOne) = (0L, !value.IsArray);
        foreach (var item in value.Items())
        {
            isOne |= item.IsNumber;
            count++;
        }

        return isOne ? 1 : count;
    }
}
