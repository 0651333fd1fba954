using System.Text.Json;
using System.Text.Json.Nodes;
using Stillhunt.Sharing.Intel;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Cli.Commands;

/// <summary>A store of received indicators, or a bundle that is looked at without importing it.</summary>
internal static class IntelFile
{
    private const long LargestStore = 512L << 20;

    /// <exception cref="InvalidDataException">With the file and the fault.</exception>
    public static IntelStore Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {path}; 'stillhunt share import BUNDLE --sender NAME' makes a store.", path);
        if (IsStore(path)) return ReadStore(path);
        var store = new IntelStore();
        Tell(store.Add(BundleFile.Read(path), Path.GetFileName(path), IntelOptions.UnknownTrust));
        return store;
    }

    public static IntelStore ReadStore(string path)
    {
        if (new FileInfo(path).Length > LargestStore) throw new InvalidDataException($"{path} is larger than any store is.");
        try
        {
            var root = JsonNode.Parse(File.ReadAllBytes(path), null, new JsonDocumentOptions { MaxDepth = StixLimits.Default.Depth + 4, AllowDuplicateProperties = false });
            return IntelStore.Read(root as JsonObject ?? throw new InvalidDataException($"{path} does not hold a store of indicators."), path);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{path} does not hold a store of indicators: {fault.Message}", fault);
        }
    }

    public static void Tell(IntelStore.Import import)
    {
        foreach (var refused in import.Refused.Take(10)) ExitCodes.Error("refused: " + refused);
        if (import.Refused.Count > 10) ExitCodes.Error($"... and {import.Refused.Count - 10} more refused.");
    }

    private static bool IsStore(string path)
    {
        Span<byte> head = stackalloc byte[200];
        using var from = File.OpenRead(path);
        head = head[..from.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        return head.IndexOf("stillhunt.intel/"u8) >= 0;
    }
}
