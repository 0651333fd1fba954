using System.Buffers;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Response.Countermeasures;

/// <summary>Counter-measures on a request: what an account may not have is not asked for in the first place.</summary>
public static class RequestBody
{
    /// <summary>The least thinking budget that Anthropic's API takes.</summary>
    private const long LeastThinkingTokens = 1024;

    /// <summary>Writes the request as the provider is to see it; byte for byte as it came where there is nothing to change.</summary>
    /// <param name="wasReplaced">Whether the account was served replacements of reasoning before, under this verdict or another: what <see cref="WithheldReasoning"/> put into its history is taken out.</param>
    /// <returns>False where the body is no JSON object; nothing was written.</returns>
    public static bool TryRewrite(ModelApi api, Measures measures, ReadOnlySpan<byte> body, IBufferWriter<byte> to, bool wasReplaced = false)
    {
        ArgumentNullException.ThrowIfNull(measures);
        ArgumentNullException.ThrowIfNull(to);
        if (!JsonValue.TryOf(body, out var request) || !request.IsObject) return false;
        var json = new JsonOut();
        Write(api, measures, request, json, wasReplaced || measures.Reasoning == ReasoningView.Summarised);
        to.Write(json.Changed ? json.Written : body);
        return true;
    }

    /// <summary><c>n_predict</c>, <c>max_new_tokens</c>: what llama.cpp and others take in their place, or before them. In whatever case.</summary>
    internal static bool IsLimit(JsonProperty property) => property.IsInAnyCase("max_tokens"u8) || property.IsInAnyCase("max_completion_tokens"u8) || property.IsInAnyCase("max_output_tokens"u8) || property.IsInAnyCase("n_predict"u8) || property.IsInAnyCase("max_new_tokens"u8);

    /// <summary>Whether it is the older Completions' body: that API has but one name for the limit.</summary>
    private static bool IsOfCompletions(JsonValue request) => request.Get("prompt"u8).Exists || request.Get("prompt_embeds"u8).Exists;

    private static ReadOnlySpan<byte> LimitName(ModelApi api, JsonValue request) =>
        api switch { ModelApi.ChatCompletions when !IsOfCompletions(request) => "max_completion_tokens"u8, ModelApi.Responses => "max_output_tokens"u8, _ => "max_tokens"u8 };

    private static void Write(ModelApi api, Measures measures, JsonValue request, JsonOut to, bool restores)
    {
        var (hasLimit, hasStreamOptions) = (false, false);
        var limitName = measures.OutputTokens is null ? default : LimitName(api, request);
        to.BeginObject();
        foreach (var property in request.Properties())
        {
            var value = property.Value;
            if (IsStripped(property, measures, api))
            {
                to.Change();
            }
            else if (measures.OutputTokens is { } limit && IsLimit(property))
            {
                // A name of another API limits nothing; chat takes its older one too.
                hasLimit |= property.Is(limitName) || (limitName.SequenceEqual("max_completion_tokens"u8) && property.Is("max_tokens"u8));
                Limit(property, limit, to);
            }
            else if (measures.OutputTokens is { } most && api == ModelApi.Messages && property.Is("thinking"u8) && value.IsObject)
            {
                Thinking(property, most, to);
            }
            else if (measures.Reasoning != ReasoningView.AsItIs && api == ModelApi.ChatCompletions && property.Is("reasoning_format"u8) && value.Exists)
            {
                ReasoningFormat(property, to);
            }
            else if (measures.HideUsage && property.Is("stream_options"u8))
            {
                hasStreamOptions = true;
                StreamOptions(property, to);
            }
            else if (measures.StripLogprobs && api == ModelApi.Responses && property.Is("include"u8) && value.IsArray)
            {
                Include(property, to);
            }
            else if (restores && api == ModelApi.Messages && property.Is("messages"u8) && value.IsArray)
            {
                Messages(property, to);
            }
            else if (restores && api == ModelApi.Responses && property.Is("input"u8) && value.IsArray && request.Get("store"u8).Type == System.Text.Json.JsonTokenType.False)
            {
                Input(property, to);
            }
            else
            {
                to.Keep(property);
            }
        }

        if (measures.OutputTokens is { } allowed && !hasLimit)
        {
            to.Change();
            to.Name(limitName);
            to.Number(allowed);
        }

        if (measures.HideUsage && !hasStreamOptions)
        {
            to.Change();
            to.Name("stream_options"u8);
            to.Raw("""{"include_usage":true}"""u8);
        }

        to.EndObject();
    }

    private static bool IsStripped(JsonProperty property, Measures measures, ModelApi api) =>
        api != ModelApi.Messages
        && ((measures.StripLogprobs && AskedFields.IsLogprobs(property))
            || (measures.StripCandidates && AskedFields.IsCandidates(property))
            || (measures.StripSeed && AskedFields.IsSeed(property))
            || (measures.Reasoning != ReasoningView.AsItIs && IsWayAround(property, api))
            || (measures.StripLogprobs && IsRawOutput(property)));

    /// <summary>By which reasoning would come in another place than its field: SGLang leaves it in the text if it is not to be separated, vLLM tells the tokens of it, or repeats all messages as the model wrote them.</summary>
    private static bool IsWayAround(JsonProperty property, ModelApi api) => api == ModelApi.Responses
        ? property.Is("enable_response_messages"u8) && property.Value.Exists
        : (property.Is("separate_reasoning"u8) && !property.Value.IsTrue) || (property.Is("return_token_ids"u8) && property.Value.Exists) || IsRawOutput(property);

    /// <summary>Fireworks: all that the model wrote as it wrote it, with tokens and their probabilities.</summary>
    private static bool IsRawOutput(JsonProperty property) => property.Is("raw_output"u8) && property.Value.Exists;

    /// <summary>Forms that keep reasoning out of the text stay (Groq, llama.cpp); the others go, and Groq's <c>raw</c>, which is its default, becomes the one with a field.</summary>
    private static void ReasoningFormat(JsonProperty property, JsonOut to)
    {
        var value = property.Value;
        if (value.Is("parsed"u8) || value.Is("hidden"u8) || value.Is("auto"u8) || value.Is("deepseek"u8))
        {
            to.Keep(property);
            return;
        }

        to.Change();
        if (!value.Is("raw"u8)) return;
        to.Name(property);
        to.Raw("\"parsed\""u8);
    }

    /// <summary>A limit that is no number might be read as one upstream, and one below 1 is none to many servers, so they are replaced.</summary>
    private static void Limit(JsonProperty property, long limit, JsonOut to)
    {
        if (property.Value.TryGetDouble(out var asked) && asked >= 1 && asked <= limit)
        {
            to.Keep(property);
            return;
        }

        to.Change();
        to.Name(property);
        to.Number(limit);
    }

    /// <summary>A thinking budget has to stay below the limit; where no budget fits, there is no thinking.</summary>
    private static void Thinking(JsonProperty property, long limit, JsonOut to)
    {
        if (!property.Value.Get("budget_tokens"u8).TryGetDouble(out var budget) || budget < limit)
        {
            to.Keep(property);
            return;
        }

        to.Change();
        to.Name(property);
        if (limit <= LeastThinkingTokens)
        {
            to.Raw("""{"type":"disabled"}"""u8);
            return;
        }

        to.BeginObject();
        foreach (var inner in property.Value.Properties())
        {
            if (inner.Is("budget_tokens"u8))
            {
                to.Name(inner);
                to.Number(Math.Max(LeastThinkingTokens, limit / 2));
            }
            else
            {
                to.Keep(inner);
            }
        }

        to.EndObject();
    }

    private static void StreamOptions(JsonProperty property, JsonOut to)
    {
        to.Change();
        to.Name(property);
        to.BeginObject();
        foreach (var inner in property.Value.Properties()) if (!inner.Is("include_usage"u8)) to.Keep(inner);
        to.Name("include_usage"u8);
        to.Raw("true"u8);
        to.EndObject();
    }

    private static void Include(JsonProperty property, JsonOut to)
    {
        to.Name(property);
        to.BeginArray();
        foreach (var item in property.Value.Items())
        {
            if (item.Is(System.Text.Encoding.ASCII.GetBytes(AskedFields.IncludedLogprobs))) to.Change();
            else to.Keep(item);
        }

        to.EndArray();
    }

    private static void Messages(JsonProperty property, JsonOut to)
    {
        to.Name(property);
        to.BeginArray();
        foreach (var message in property.Value.Items())
        {
            if (!message.Get("content"u8).IsArray)
            {
                to.Keep(message);
                continue;
            }

            to.BeginObject();
            foreach (var inner in message.Properties())
            {
                if (!inner.Is("content"u8))
                {
                    to.Keep(inner);
                    continue;
                }

                to.Name(inner);
                to.BeginArray();
                foreach (var block in inner.Value.Items())
                {
                    if (block.Get("signature"u8).Is(WithheldReasoning.Signature) && MessagesAnswers.IsReasoning(block)) to.Change();
                    else to.Keep(block);
                }

                to.EndArray();
            }

            to.EndObject();
        }

        to.EndArray();
    }

    /// <summary>An item without its encrypted form means nothing to a provider that stored nothing.</summary>
    private static void Input(JsonProperty property, JsonOut to)
    {
        to.Name(property);
        to.BeginArray();
        foreach (var item in property.Value.Items())
        {
            var isWithheld = false;
            if (item.Get("type"u8).Is("reasoning"u8)) foreach (var part in item.Get("summary"u8).Items()) isWithheld |= WithheldReasoning.Is(part.Get("text"u8));
            if (isWithheld) to.Change();
            else to.Keep(item);
        }

        to.EndArray();
    }
}
