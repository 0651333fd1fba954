namespace Stillhunt.Response.Countermeasures;

/// <summary>The APIs whose bodies and event streams counter-measures know.</summary>
public enum ModelApi
{
    /// <summary>
    /// OpenAI Chat Completions, and the older Completions, as many providers speak them; also what stands behind <c>/invocations</c>, which takes either, and behind <c>deferred-completion</c>, where xAI's are fetched that were
    /// not waited for.
    /// </summary>
    ChatCompletions,

    /// <summary>OpenAI Responses, and Conversations, which hold the same items.</summary>
    Responses,

    /// <summary>Anthropic Messages.</summary>
    Messages,
}

public static class ModelApis
{
    /// <summary>What is answered to these holds no text of a language model.</summary>
    private static readonly HashSet<string> WithoutText = new(StringComparer.OrdinalIgnoreCase) { "embeddings", "moderations", "rerank", "tokenize", "detokenize", "files", "uploads", "speech", "transcriptions", "translations" };

    /// <summary>
    /// The API that a path belongs to, null where none is known. By whole segments, whatever stands before them, without regard to case, doubled
    /// slashes or parameters (<c>;a=b</c>): a server that is lenient about these must not be a way around.
    /// </summary>
    /// <param name="path">Decoded, without the query.</param>
    public static ModelApi? Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var segments = Segments(path);
        for (var i = segments.Count - 1; i >= 0; i--)
        {
            if (Is(segments[i], "completions") || Is(segments[i], "invocations") || Is(segments[i], "deferred-completion")) return ModelApi.ChatCompletions;
            if (Is(segments[i], "responses") || Is(segments[i], "conversations")) return ModelApi.Responses;
            // Of a completion that was stored.
            if (Is(segments[i], "messages")) return i >= 2 && Is(segments[i - 2], "completions") ? ModelApi.ChatCompletions : ModelApi.Messages;
        }

        return null;
    }

    /// <summary>
    /// Whether a POST to this path asks a language model: it is the API's own endpoint, or <see cref="IsCompaction"/>; no other below it does. Behind <c>/invocations</c> there are models of all kinds, and tables and images are for those of another.
    /// </summary>
    /// <param name="contentType">What the request says that its body is; null where it says nothing.</param>
    public static bool AsksModel(string path, string? contentType = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (IsCompaction(path)) return true;
        return Segments(path) is [.., var last] && !Is(last, "conversations") && Find(last) is not null
            && !(Is(last, "invocations") && contentType is { Length: > 0 } && !contentType.Contains("json", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>
    /// Whether it is <c>/v1/responses/compact</c>: a model reads a conversation and answers with a shorter one, whole and never as a stream, and declares its tokens. It takes <c>model</c>, <c>input</c>,
    /// <c>instructions</c> and <c>previous_response_id</c>, and no limit of the answer.
    /// </summary>
    public static bool IsCompaction(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Segments(path) is [.., var api, var last] && Is(api, "responses") && Is(last, "compact");
    }

    /// <summary>
    /// Whether answers come later, in files that no counter-measure reaches, or many in one body, or inside another (<c>/async/chat/completions</c>: Perplexity; <c>/async-result</c>: Z.ai, which asks under <c>/async</c>, too).
    /// </summary>
    public static bool IsBatch(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Segments(path).Any(segment => Is(segment, "batches") || Is(segment, "batch") || Is(segment, "async") || Is(segment, "async-result"));
    }

    /// <summary>
    /// Whether it is known what a POST to this path is answered: by a model that <see cref="AsksModel"/> knows of, or without one. Below an endpoint a server may let a model answer in any form and under any name
    /// (<c>/v1/responses/compact</c> is younger than <c>/v1/responses</c>), uncounted by a cap: there only what is named here is known to ask none.
    /// </summary>
    public static bool IsKnown(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (AsksModel(path)) return true;
        var segments = Segments(path);
        if (Find(path) is null) return (segments is [.., var last] && WithoutText.Contains(last)) || (segments is [.., var images, _] && Is(images, "images"));
        return segments switch
        {
            [.., var api, var count] when Is(api, "messages") && Is(count, "count_tokens") => true,
            [.., var api, var count] when Is(api, "responses") && Is(count, "input_tokens") => true,
            [.., var api, _, var cancel] when Is(api, "responses") && Is(cancel, "cancel") => true,
            // Mistral's, which a model answers, are known by what they hold.
            [.., var api, _, var items] when Is(api, "conversations") && Is(items, "items") => true,
            [.., var api, _] when Is(api, "conversations") => true,
            [.., var api] => Is(api, "conversations"),
            _ => false,
        };
    }

    private static List<string> Segments(string path) => [.. path.Split('/').Select(segment => segment.Split(';', 2)[0]).Where(segment => segment.Length > 0)];

    private static bool Is(string segment, string name) => segment.Equals(name, StringComparison.OrdinalIgnoreCase);
}
