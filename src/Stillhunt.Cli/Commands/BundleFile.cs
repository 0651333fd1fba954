using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Stillhunt.Cli.Files;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Cli.Commands;

/// <summary>A STIX bundle on disk or on standard output.</summary>
internal static class BundleFile
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <exception cref="InvalidDataException">With the file and the reason.</exception>
    public static JsonObject Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no bundle {path}.", path);
        using var from = File.OpenRead(path);
        return StixBundle.Read(from, StixLimits.Default, out var fault) ?? throw new InvalidDataException($"{path}: {fault}");
    }

    public static void Write(string? path, JsonNode bundle)
    {
        var text = bundle.ToJsonString(Readable) + "\n";
        if (path is null) Console.Out.Write(text);
        else OutputFile.WriteText(path, to => to.Write(text));
    }
}
