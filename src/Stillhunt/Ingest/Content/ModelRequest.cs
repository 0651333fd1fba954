using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Content;

/// <summary>Whom a request body names as its user.</summary>
internal ref struct RequestUser
{
    /// <summary>OpenAI's stable hashed user.</summary>
    public JsonValue Safety { get; set; }

    /// <summary>OpenAI's older field.</summary>
    public JsonValue User { get; set; }

    /// <summary>Anthropic's <c>metadata.user_id</c>, which may be a compound.</summary>
    public JsonValue MetadataUser { get; set; }

    public readonly JsonValue OpenAi => Safety.IsString && !Safety.Raw.IsEmpty ? Safety : User;
}

/// <summary>Reads a request body of OpenAI (chat, responses, completions), Anthropic, Gemini, Bedrock Converse, or of the other models on Bedrock (Titan, Llama, Mistral, Cohere) into prompt, tools and parameters.</summary>
internal static class ModelRequest
{
    public static RequestUser Read(JsonValue body, Exchange exchange)
    {
        var user = default(RequestUser);
        JsonValue system = default, instructions = default, messages = default, input = default, prompt = default, tools = default, conversation = default, history = default;
        foreach (var property in body.Properties())
        {
            var value = property.Value;
            if (property.Is("model"u8)) exchange.SetText(ExchangeField.Model, value);
            else if (property.Is("system"u8)) system = value;
            else if (property.Is("instructions"u8) || property.Is("preamble"u8)) instructions = value;
            else if (property.Is("systemInstruction"u8) || property.Is("system_instruction"u8)) instructions = value.Get("parts"u8) is { Exists: true } parts ? parts : value;
            else if (property.Is("messages"u8) || property.Is("contents"u8)) messages = value;
            else if (property.Is("chat_history"u8)) history = value;
            else if (property.Is("input"u8)) input = value;
            else if (property.Is("prompt"u8) || property.Is("inputText"u8) || (property.Is("message"u8) && value.IsString)) prompt = value;
            else if (property.Is("tools"u8) || property.Is("functions"u8)) tools = value.IsArray ? value : tools;
            else if (property.Is("toolConfig"u8)) tools = value.Get("tools"u8);
            else if (property.Is("user"u8)) user.User = value;
            else if (property.Is("safety_identifier"u8)) user.Safety = value;
            else if (property.Is("metadata"u8)) user.MetadataUser = value.Get("user_id"u8);
            else if (property.Is("conversation"u8)) conversation = value.IsObject ? value.Get("id"u8) : value;
            else if (property.Is("inferenceConfig"u8) || property.Is("additionalModelRequestFields"u8) || property.Is("textGenerationConfig"u8) || property.Is("generationConfig"u8)) TakeParameters(value, exchange);
            else CallParameters.Take(property, exchange);
        }

        PromptContent.AddSystem(system, exchange);
        PromptContent.AddSystem(instructions, exchange);
        if (messages.IsString) PromptContent.AddContent(messages, PartRole.User, exchange);
        else PromptContent.AddMessages(messages, exchange);
        foreach (var turn in history.Items()) AddTurn(turn, exchange);
        if (!messages.Exists) AddInput(input.Exists ? input : prompt, exchange);
        ToolDefinitions.Add(tools, exchange);
        if (conversation.IsString && !exchange.Has(ExchangeField.Conversation)) exchange.SetText(ExchangeField.Conversation, conversation);
        return user;
    }

    /// <summary>Parameters beside a body, of which loggers make texts.</summary>
    public static void TakeParameters(JsonValue parameters, Exchange exchange)
    {
        foreach (var property in parameters.Properties()) CallParameters.Take(property.Plain(), exchange);
    }

    /// <summary>A turn of Cohere's.</summary>
    private static void AddTurn(JsonValue turn, Exchange exchange)
    {
        var role = turn.Get("role"u8);
        PromptContent.AddContent(turn.Get("message"u8), role.Is("CHATBOT"u8) ? PartRole.Assistant : role.Is("SYSTEM"u8) ? PartRole.System : PartRole.User, exchange);
    }

    private static void AddInput(JsonValue input, Exchange exchange)
    {
        if (input.IsString) PromptContent.AddContent(input, PartRole.User, exchange);
        else PromptContent.AddMessages(input, exchange);
    }
}
