using System.Text.Json;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Content;

/// <summary>
/// Reads tool definitions: a name, or a schema of any dialect. A schema becomes its name and all its words (descriptions and
/// property names, a line each): an extraction can be asked for in a parameter's description as well as in a prompt.
/// </summary>
internal static class ToolDefinitions
{
    /// <summary>An array of names or schemas; false for any other type.</summary>
    public static bool Add(JsonValue tools, Exchange exchange)
    {
        if (!tools.Exists) return true;
        if (!tools.IsArray) return false;
        foreach (var tool in tools.Items()) AddTool(tool, exchange, 0);
        return true;
    }

    private static void AddTool(JsonValue tool, Exchange exchange, int nesting)
    {
        var start = exchange.Position;
        if (tool.IsString)
        {
            exchange.AppendText(tool);
        }
        else
        {
            JsonValue name = default, type = default, description = default, schema = default;
            foreach (var property in tool.Properties())
            {
                if ((property.Is("function"u8) || property.Is("toolSpec"u8)) && property.Value.IsObject)
                {
                    if (nesting == 0) AddTool(property.Value, exchange, 1);
                    return;
                }

                if (property.Is("function_declarations"u8) || property.Is("functionDeclarations"u8))
                {
                    if (nesting == 0) foreach (var inner in property.Value.Items()) AddTool(inner, exchange, 1);
                    return;
                }

                if (property.Is("name"u8)) name = property.Value;
                else if (property.Is("type"u8)) type = property.Value;
                else if (property.Is("description"u8)) description = property.Value;
                else if (property.Is("parameters"u8) || property.Is("input_schema"u8) || property.Is("inputSchema"u8)) schema = property.Value;
            }

            AppendLine(name.IsString ? name : type, start, exchange);
            AppendLine(description, start, exchange);
            if (schema.IsObject) AppendWords(schema.Raw, start, exchange);
        }

        var length = exchange.Position - start;
        if (length > 0) exchange.AddPart(PartRole.ToolDefinition, start, length);
    }

    private static void AppendLine(JsonValue text, int start, Exchange exchange)
    {
        if (!text.IsString || text.Raw.IsEmpty) return;
        if (exchange.Position > start) exchange.Append(1)[0] = (byte)'\n';
        exchange.AppendText(text);
    }

    /// <summary>One pass over a schema of any depth with one reader.</summary>
    private static void AppendWords(ReadOnlySpan<byte> schema, int start, Exchange exchange)
    {
        var reader = JsonValue.Reader(schema);
        Span<bool> namesProperties = stackalloc bool[JsonValue.MaxDepth + 1];
        var nextNamesProperties = false;
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                namesProperties[reader.CurrentDepth] = nextNamesProperties && reader.TokenType == JsonTokenType.StartObject;
                nextNamesProperties = false;
            }
            else if (reader.TokenType == JsonTokenType.PropertyName)
            {
                var isName = namesProperties[reader.CurrentDepth - 1];
                if (isName) AppendLine(NameAt(ref reader, schema), start, exchange);
                nextNamesProperties = !isName && reader.ValueTextEquals("properties"u8);
                if (isName || !reader.ValueTextEquals("description"u8)) continue;
                reader.Read();
                if (reader.TokenType == JsonTokenType.String) AppendLine(JsonValue.At(ref reader, schema), start, exchange);
                else if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) reader.Skip();
            }
            else
            {
                nextNamesProperties = false;
            }
        }
    }

    private static JsonValue NameAt(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> schema) =>
        JsonValue.Name(schema.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length), reader.ValueIsEscaped);
}
