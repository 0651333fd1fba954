namespace Stillhunt.Response.Countermeasures;

/// <summary>The APIs whose bodies and event streams counter-measures know.</summary>
public enum ModelApi
{
    /// <summary>OpenAI Chat Completions, and the older Completions, as many providers speak them.</summary>
    ChatCompletions,

    /// <summary>OpenAI Responses.</summary>
    Responses,

    /// <summary>Anthropic Messages.</summary>
    Messages,
}

public static class ModelApis
{
    /// <summary>
    /// The API that a path belongs to, null where none is known. By whole segments, whatever stands before them, without regard to case or doubled
    /// slashes: a server that is lenient about these must not be a way around.
    /// </summary>
    /// <param name="path">Decoded, without the query.</param>
    public static ModelApi? Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = segments.Length - 1; i >= 0; i--)
        {
            if (Is(segments[i], "completions")) return ModelApi.ChatCompletions;
            if (Is(segments[i], "responses")) return ModelApi.Responses;
            if (Is(segments[i], "messages")) return ModelApi.Messages;
        }

        return null;
    }

    /// <summary>Whether a POST to this path asks a model: it is the API's own endpoint, none below it.</summary>
    public static bool AsksModel(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Split('/', StringSplitOptions.RemoveEmptyEntries) is [.., var last] && Find(last) is not null;
    }

    /// <summary>Whether answers come later, in files that no counter-measure reaches.</summary>
    public static bool IsBatch(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Split('/', StringSplitOptions.RemoveEmptyEntries).Any(segment => Is(segment, "batches"));
    }

    private static bool Is(string segment, string name) => segment.Equals(name, StringComparison.OrdinalIgnoreCase);
}
