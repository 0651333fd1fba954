using System.Text.Json;
using System.Text.Json.Nodes;
using Stillhunt.Sharing.Intel;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Server.Sharing;

/// <summary>Reads the file of received indicators when it changed. One that can't be read changes nothing: what was known before stays in use.</summary>
/// <param name="path">What <c>share import</c> and <c>share pull</c> write.</param>
internal sealed class IntelFollower(string path)
{
    private const long LargestStore = 512L << 20;

    private (DateTime Written, long Length)? _seen;

    /// <summary>The indicators, or null where the file is as it was.</summary>
    /// <exception cref="IOException">It can't be read; <see cref="InvalidDataException"/> where it is none.</exception>
    public IReadOnlyList<IntelIndicator>? Look()
    {
        var file = new FileInfo(path);
        // The file is made by the first import; until then nothing is looked for.
        var now = file.Exists ? (file.LastWriteTimeUtc, file.Length) : (DateTime.MinValue, 0);
        if (now == _seen) return null;
        // One that can't be opened is tried again; one that holds something else is read again when it changes.
        var bytes = file.Exists && file.Length <= LargestStore ? File.ReadAllBytes(path) : null;
        _seen = now;
        if (!file.Exists) return [];
        if (bytes is null) throw new InvalidDataException($"{path} is larger than any store of indicators is.");
        try
        {
            var root = JsonNode.Parse(bytes, null, new JsonDocumentOptions { MaxDepth = StixLimits.Default.Depth + 4, AllowDuplicateProperties = false });
            return IntelStore.Read(root as JsonObject ?? throw new InvalidDataException($"{path} does not hold a store of indicators."), path).Indicators();
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{path} does not hold a store of indicators: {fault.Message}", fault);
        }
    }
}
