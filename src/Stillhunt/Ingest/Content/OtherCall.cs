using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Content;

/// <summary>
/// Knows calls by which nothing can be distilled: embeddings, moderation, reranking, images, speech. Logs of a gateway hold them beside the others, and what many customers embed (one corpus, cut into
/// the same pieces) would look like one list of work. Names that a customer could choose are not looked at: whoever chose one would not be counted.
/// </summary>
internal static class OtherCall
{
    /// <summary>By LiteLLM's <c>call_type</c>.</summary>
    public static bool IsType(JsonValue type) => Has(type, Types);

    /// <summary>By the path that was called, up to its query.</summary>
    public static bool IsPath(JsonValue path)
    {
        if (!path.IsString) return false;
        var query = path.Raw.IndexOf((byte)'?');
        var called = (query < 0 ? path.Raw : path.Raw[..query]).TrimEnd((byte)'/');
        foreach (var end in Paths) if (called.EndsWith(end)) return true;
        return false;
    }

    /// <summary>By the id of a model of Bedrock's.</summary>
    public static bool IsModel(JsonValue model) => Has(model, Models);

    /// <summary>By the answer: the list of embeddings of OpenAI's API.</summary>
    public static bool IsAnswer(JsonValue response)
    {
        foreach (var item in response.Get("data"u8).Items()) return item.Get("embedding"u8).Exists;
        return false;
    }

    private static bool Has(JsonValue name, byte[][] words)
    {
        if (!name.IsString) return false;
        foreach (var word in words) if (name.Raw.IndexOf(word) >= 0) return true;
        return false;
    }

    private static readonly byte[][] Types = Bytes("embedding", "moderation", "rerank", "image_", "speech", "transcription", "video_");

    private static readonly byte[][] Paths = Bytes(
        "/embeddings", "/embed", ":embedContent", ":batchEmbedContents", "/moderations", "/rerank", "/images/generations", "/images/edits", "/images/variations",
        "/audio/speech", "/audio/transcriptions", "/audio/translations");

    private static readonly byte[][] Models = Bytes("titan-embed", "cohere.embed", "-embed-", "rerank", "titan-image", "nova-canvas", "nova-reel", "stability.");

    private static byte[][] Bytes(params string[] words) => [.. words.Select(System.Text.Encoding.ASCII.GetBytes)];
}
