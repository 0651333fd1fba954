using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stillhunt.Campaigns;

/// <summary>Writes and reads <c>campaigns.json</c>: snake_case, null for unknown, characters that matter in HTML escaped.</summary>
public static class ScanResultJson
{
    private static readonly ScanResultContext Context = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        // Readable in any script; the default blocks of this encoder still escape <, >, &, ' and control characters.
        Encoder = JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All),
        NewLine = "\n",
        // What may be unknown is declared so; null in another place would be found where it is used, if at all.
        RespectNullableAnnotations = true,
    });

    public static void Write(Stream to, ScanResult result) => JsonSerializer.Serialize(to, result, Context.ScanResult);

    /// <exception cref="JsonException">The text is not a result of this schema; says which field is at fault.</exception>
    public static ScanResult Read(Stream from)
    {
        using var content = new MemoryStream();
        from.CopyTo(content);
        return Read(content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    /// <inheritdoc cref="Read(Stream)"/>
    public static ScanResult Read(ReadOnlySpan<byte> json)
    {
        // As a stream is read.
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        ScanResult result;
        try
        {
            result = JsonSerializer.Deserialize(json, Context.ScanResult) ?? throw new JsonException("The file holds null.");
        }
        catch (JsonException fault) when (fault.Path is not null || fault.LineNumber is not null)
        {
            // The framework names its own types; where it stopped is what helps.
            throw new JsonException($"It is not JSON with the schema {ScanResult.SchemaName}{(fault.LineNumber is { } line ? $"; what is wrong stands near line {line + 1}" : "")}{(fault.Path is { Length: > 1 } at ? $", at {at}" : "")}.", fault);
        }

        if (result.Schema != ScanResult.SchemaName)
            throw new JsonException($"The schema is '{result.Schema}', not '{ScanResult.SchemaName}'.");
        ResultFaults.RefuseNullInLists(json);
        ResultFaults.RefuseImpossible(result);
        return result;
    }
}

[JsonSerializable(typeof(ScanResult))]
internal sealed partial class ScanResultContext : JsonSerializerContext;
