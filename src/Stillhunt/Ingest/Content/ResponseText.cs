using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Content;

/// <summary>
/// Collects the visible answer: text, and calls of tools as name and arguments. Hidden reasoning is not part of it. Nothing else may be
/// appended to the exchange until <see cref="End"/>.
/// </summary>
internal readonly ref struct ResponseText(Exchange exchange)
{
    private readonly int _start = exchange.Position;

    /// <summary>A piece on a line of its own.</summary>
    public void Add(JsonValue text)
    {
        if (!text.IsString || text.Raw.IsEmpty) return;
        Separate();
        AddDelta(text);
    }

    /// <summary>A piece of a stream, which continues the one before.</summary>
    public void AddDelta(JsonValue text)
    {
        if (!text.IsString) return;
        var room = exchange.Append(text.Raw.Length);
        exchange.Trim(room.Length - JsonText.Unescape(text.Raw, room));
    }

    public void AddCall(JsonValue name, JsonValue arguments)
    {
        Separate();
        AddDelta(name);
        if (!arguments.Exists) return;
        exchange.Append(1)[0] = (byte)' ';
        if (arguments.IsString) AddDelta(arguments);
        else arguments.Raw.CopyTo(exchange.Append(arguments.Raw.Length));
    }

    /// <summary>A piece of a call in a stream: the first has its name, the others go on with its arguments.</summary>
    public void AddCallPiece(JsonValue function)
    {
        var name = function.Get("name"u8);
        if (name.IsString && !name.Raw.IsEmpty)
        {
            Separate();
            AddDelta(name);
            exchange.Append(1)[0] = (byte)' ';
        }

        AddDelta(function.Get("arguments"u8));
    }

    /// <summary>The parts of one event of Gemini's, which go on with the text before.</summary>
    public void AddPieces(JsonValue content)
    {
        foreach (var part in content.Get("parts"u8).Items()) AddPart(part, goesOn: true);
    }

    /// <summary>A part of an answer in any dialect.</summary>
    public void AddPart(JsonValue part, bool goesOn = false)
    {
        if (part.IsString)
        {
            Add(part);
            return;
        }

        JsonValue type = default, text = default, content = default, name = default, arguments = default, refusal = default, use = default, call = default, thought = default;
        foreach (var property in part.Properties())
        {
            if (property.Is("type"u8)) type = property.Value;
            else if (property.Is("text"u8)) text = property.Value;
            else if (property.Is("content"u8)) content = property.Value;
            else if (property.Is("name"u8)) name = property.Value;
            else if (property.Is("arguments"u8) || property.Is("input"u8)) arguments = property.Value;
            else if (property.Is("refusal"u8)) refusal = property.Value;
            else if (property.Is("toolUse"u8)) use = property.Value;
            else if (property.Is("functionCall"u8)) call = property.Value;
            else if (property.Is("thought"u8)) thought = property.Value;
        }

        if (use.IsObject) AddCall(use.Get("name"u8), use.Get("input"u8));
        else if (call.IsObject) AddCall(call.Get("name"u8), call.Get("args"u8));
        else if (thought.IsTrue || type.Is("reasoning"u8) || type.Is("thinking"u8) || type.Is("redacted_thinking"u8)) return;
        else if (name.IsString) AddCall(name, arguments);
        else if (text.IsString && goesOn) AddDelta(text);
        else if (text.IsString) Add(text);
        else if (content.IsString) Add(content);
        else if (content.IsArray) foreach (var inner in content.Items()) Add(inner.IsString ? inner : inner.Get("text"u8));
        else Add(refusal);
    }

    /// <summary>A message of the assistant: content and tool calls.</summary>
    public void AddMessage(JsonValue message)
    {
        if (message.IsString)
        {
            Add(message);
            return;
        }

        foreach (var property in message.Properties())
        {
            if (property.Is("content"u8) || property.Is("parts"u8))
            {
                if (property.Value.IsString) Add(property.Value);
                else foreach (var part in property.Value.Items()) AddPart(part);
            }
            else if (property.Is("refusal"u8))
            {
                Add(property.Value);
            }
            else if (property.Is("tool_calls"u8))
            {
                foreach (var call in property.Value.Items()) AddFunction(call.Get("function"u8) is { IsObject: true } function ? function : call); // LangChain's are the function itself.
            }
            else if (property.Is("function_call"u8) && property.Value.IsObject)
            {
                AddFunction(property.Value);
            }
        }
    }

    /// <summary>Ends the answer; an empty one is known to be empty only where the log says so, and stays absent here.</summary>
    public void End()
    {
        var length = LoggedText.Clean(exchange, _start);
        if (length > 0) exchange.SetAppended(ExchangeField.Response, length);
    }

    private void AddFunction(JsonValue function) => AddCall(function.Get("name"u8), function.Get("arguments"u8) is { Exists: true } arguments ? arguments : function.Get("args"u8));

    private void Separate()
    {
        if (exchange.Position > _start) exchange.Append(1)[0] = (byte)'\n';
    }
}
