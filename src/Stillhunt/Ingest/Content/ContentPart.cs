using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Content;

/// <summary>
/// One part of a message in any of the known dialects: OpenAI chat and responses, Anthropic, Gemini, Bedrock Converse, OpenTelemetry.
/// The fields are gathered first, because their order is the sender's.
/// </summary>
internal ref struct ContentPart
{
    /// <summary>A tool result may hold parts, one of them again a result; what nests deeper than this is nobody's conversation.</summary>
    private const int MaxNesting = 4;

    private JsonValue _type, _text, _content, _name, _arguments, _input, _output, _response, _result, _thinking, _signature;
    private JsonValue _data, _encrypted, _function, _toolUse, _toolResult, _reasoning, _summary, _refusal, _json, _modality, _action, _call, _answer;
    private bool _image, _file;

    public static void Add(JsonValue part, ref MessageText text, Exchange exchange, int nesting)
    {
        if (nesting > MaxNesting) return;
        if (part.IsString)
        {
            text.Add(part);
            return;
        }

        if (!part.IsObject) return;
        var gathered = default(ContentPart);
        foreach (var property in part.Properties()) gathered.Gather(property);
        gathered.Emit(part, ref text, exchange, nesting);
    }

    private void Gather(JsonProperty property)
    {
        var value = property.Value;
        if (property.Is("type"u8)) _type = value;
        else if (property.Is("text"u8)) _text = value;
        else if (property.Is("content"u8)) _content = value;
        else if (property.Is("name"u8) || property.Is("tool_name"u8)) _name = value;
        else if (property.Is("arguments"u8) || property.Is("args"u8)) _arguments = value;
        else if (property.Is("input"u8)) _input = value;
        else if (property.Is("output"u8)) _output = value;
        else if (property.Is("response"u8)) _response = value;
        else if (property.Is("result"u8)) _result = value;
        else if (property.Is("thinking"u8)) _thinking = value;
        else if (property.Is("signature"u8)) _signature = value;
        else if (property.Is("data"u8)) _data = value;
        else if (property.Is("encrypted_content"u8)) _encrypted = value;
        else if (property.Is("function"u8)) _function = value;
        else if (property.Is("toolUse"u8)) _toolUse = value;
        else if (property.Is("toolResult"u8)) _toolResult = value;
        else if (property.Is("reasoningContent"u8)) _reasoning = value;
        else if (property.Is("summary"u8)) _summary = value;
        else if (property.Is("refusal"u8)) _refusal = value;
        else if (property.Is("json"u8)) _json = value;
        else if (property.Is("action"u8)) _action = value;
        else if (property.Is("functionCall"u8)) _call = value;
        else if (property.Is("functionResponse"u8)) _answer = value.Get("response"u8);
        else if (property.Is("thoughtSignature"u8)) _signature = value;
        else if (property.Is("inlineData"u8) || property.Is("fileData"u8)) GatherData(value);
        else if (property.Is("modality"u8) || property.Is("mime_type"u8)) _modality = value;
        else if (property.Is("image"u8) || property.Is("image_url"u8) || property.Is("inline_data"u8)) _image = value.Exists;
        else if (property.Is("document"u8) || property.Is("video"u8) || property.Is("file"u8) || property.Is("input_audio"u8)) _file = value.Exists;
    }

    /// <summary>An attachment of Gemini's, inside the part or at an address.</summary>
    private void GatherData(JsonValue data)
    {
        if (data.Get("mimeType"u8) is { IsString: true } kind && kind.Raw.StartsWith("image"u8)) _image = true;
        else _file = data.Exists;
    }

    private readonly void Emit(JsonValue part, ref MessageText text, Exchange exchange, int nesting)
    {
        if (_call.IsObject || _answer.Exists) AddGemini(ref text, exchange, nesting);
        else if (_toolUse.IsObject) AddCall(_toolUse, ref text, exchange);
        else if (_toolResult.IsObject) AddResult(_toolResult.Get("content"u8), ref text, exchange, nesting);
        else if (_reasoning.IsObject) AddConverseReasoning(ref text, exchange);
        else if (IsType("reasoning"u8) || IsType("thinking"u8) || IsType("redacted_thinking"u8)) AddReasoning(ref text, exchange, nesting);
        else if (IsCall()) AddCall(part, ref text, exchange);
        else if (IsResult()) AddResult(FirstOf(_content, _output, _response, _result), ref text, exchange, nesting);
        else if (_image || TypeHas("image"u8) || (_modality.IsString && _modality.Raw.StartsWith("image"u8))) text.AddImage();
        else if (_text.IsString) text.Add(_text);
        else if (IsType("blob"u8) || IsType("file"u8) || IsType("uri"u8) || IsType("document"u8) || TypeHas("audio"u8) || TypeHas("file"u8) || _file) text.AddAttachment();
        else if (_content.IsString) text.Add(_content);
        else if (_refusal.IsString) text.Add(_refusal);
        else if (_json.Exists) AddRaw(_json, ref text, exchange);
        else if (_content.IsArray) foreach (var inner in _content.Items()) Add(inner, ref text, exchange, nesting + 1);
    }

    private readonly bool IsType(ReadOnlySpan<byte> type) => _type.Is(type);

    private readonly bool TypeHas(ReadOnlySpan<byte> piece) => _type.IsString && _type.Raw.IndexOf(piece) >= 0;

    private readonly bool IsCall() =>
        _function.IsObject || (_type.IsString && !IsResult()
            && (TypeHas("tool_call"u8) || TypeHas("tool_use"u8) || TypeHas("function_call"u8) || _type.Raw.EndsWith("_call"u8)));

    private readonly bool IsResult() =>
        _type.IsString && (TypeHas("tool_result"u8) || TypeHas("tool_call_response"u8) || _type.Raw.EndsWith("_output"u8) || _type.Raw.EndsWith("tool_call_result"u8));

    /// <summary>A call of a tool: its name, a space, its arguments as the model wrote them. Always the assistant's.</summary>
    internal static void AddCall(JsonValue call, ref MessageText text, Exchange exchange)
    {
        var fields = default(ContentPart);
        foreach (var property in call.Properties()) fields.Gather(property);
        if (fields._function.IsObject)
        {
            AddCall(fields._function, ref text, exchange); // {"type":"function","function":{name, arguments}}
            return;
        }

        text.Flush();
        var start = exchange.Position;
        var name = fields._name.IsString ? fields._name : fields._type;
        if (name.IsString) exchange.AppendText(name);
        var arguments = FirstOf(fields._arguments, fields._input, fields._action, default);
        if (arguments.Exists)
        {
            exchange.Append(1)[0] = (byte)' ';
            AppendLoose(arguments, exchange);
        }

        exchange.AddPart(PartRole.Assistant, start, exchange.Position - start);
    }

    private static void AddResult(JsonValue content, ref MessageText text, Exchange exchange, int nesting)
    {
        text.Flush();
        var result = new MessageText(exchange, PartRole.Tool);
        if (content.IsArray)
        {
            foreach (var inner in content.Items()) Add(inner, ref result, exchange, nesting + 1);
        }
        else if (content.IsString)
        {
            result.Add(content);
        }
        else if (content.Exists)
        {
            AddRaw(content, ref result, exchange);
        }

        result.Flush();
    }

    private static void AddRaw(JsonValue value, ref MessageText text, Exchange exchange)
    {
        text.Flush();
        var start = exchange.Position;
        AppendLoose(value, exchange);
        if (exchange.Position > start) exchange.AddPart(text.Role, start, exchange.Position - start);
    }

    private readonly void AddReasoning(ref MessageText text, Exchange exchange, int nesting)
    {
        text.Flush(); // Before the handle, which is written behind the text so far.
        ReasoningHandle.Set(exchange, FirstOf(_signature, _encrypted, _data, default));
        var thought = new MessageText(exchange, PartRole.Assistant);
        thought.Add(FirstOf(_thinking, _content, _text, default));
        if (_summary.IsArray) foreach (var inner in _summary.Items()) Add(inner, ref thought, exchange, nesting + 1);
        thought.Flush();
    }

    private readonly void AddConverseReasoning(ref MessageText text, Exchange exchange)
    {
        var spoken = _reasoning.Get("reasoningText"u8);
        text.Flush();
        ReasoningHandle.Set(exchange, FirstOf(spoken.Get("signature"u8), _reasoning.Get("redactedContent"u8), default, default));
        var thought = new MessageText(exchange, PartRole.Assistant);
        thought.Add(spoken.Get("text"u8));
        thought.Flush();
    }

    private readonly void AddGemini(ref MessageText text, Exchange exchange, int nesting)
    {
        text.Flush();
        ReasoningHandle.Set(exchange, _signature);
        if (_call.IsObject) AddCall(_call, ref text, exchange);
        else AddResult(_answer, ref text, exchange, nesting);
    }

    private static void AppendLoose(JsonValue value, Exchange exchange)
    {
        if (value.IsString) exchange.AppendText(value);
        else value.Raw.CopyTo(exchange.Append(value.Raw.Length));
    }

    private static JsonValue FirstOf(JsonValue a, JsonValue b, JsonValue c, JsonValue d) =>
        a.Exists ? a : b.Exists ? b : c.Exists ? c : d;
}
