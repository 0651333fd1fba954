using System.Text.Json;

namespace Stillhunt.Proving.Formats;

/// <summary>A tool's native text (<c>{"name":..,"input_schema":..}</c>) in the shapes of other formats.</summary>
internal static class ToolSchema
{
    public static string NameOf(string tool)
    {
        const string Before = "{\"name\":\"";
        var end = tool.IndexOf('"', Before.Length);
        return tool[Before.Length..end];
    }

    public static ReadOnlySpan<char> SchemaOf(string tool)
    {
        const string Before = "\"input_schema\":";
        var start = tool.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
        return tool.AsSpan(start, tool.Length - start - 1);
    }

    public static void WriteOpenAi(Utf8JsonWriter json, string tool)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, NameOf(tool));
        json.WritePropertyName("parameters"u8);
        json.WriteRawValue(SchemaOf(tool));
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
