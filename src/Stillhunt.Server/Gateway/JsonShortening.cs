using Stillhunt.Ingest.Json;
using Stillhunt.Response.Countermeasures;

namespace Stillhunt.Server.Gateway;

/// <summary>The same JSON in fewer bytes, for a report that would be too long.</summary>
internal static class JsonShortening
{
    /// <summary>Names of models, limits and ids are shorter, prompts are longer.</summary>
    private const int MostFieldBytes = 1024;

    /// <param name="json">Well-formed.</param>
    public static byte[] WithoutBlanks(ReadOnlySpan<byte> json)
    {
        var (shorter, length, isText) = (new byte[json.Length], 0, false);
        for (var i = 0; i < json.Length; i++)
        {
            var one = json[i];
            if (!isText && one is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') continue;
            shorter[length++] = one;
            if (one == (byte)'"') isText = !isText;
            else if (one == (byte)'\\') shorter[length++] = json[++i];
        }

        return shorter[..length];
    }

    public static ReadOnlySpan<byte> WithoutLongFields(JsonValue json)
    {
        var to = new JsonOut();
        to.BeginObject();
        foreach (var property in json.Properties()) if (property.RawName.Length + property.Value.Raw.Length <= MostFieldBytes) to.Keep(property);
        to.EndObject();
        return to.Written;
    }
}
