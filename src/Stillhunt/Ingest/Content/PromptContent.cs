using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Content;

/// <summary>Reads system prompts and conversations, in every dialect of <see cref="ContentPart"/>, into the parts of an exchange.</summary>
internal static class PromptContent
{
    /// <summary>A string, one part, or an array of parts; false for any other type.</summary>
    public static bool AddSystem(JsonValue system, Exchange exchange)
    {
        if (!system.Exists) return true;
        if (!system.IsString && !system.IsArray && !system.IsObject) return false;
        AddContent(system, PartRole.System, exchange);
        return true;
    }

    /// <summary>An array of messages or one message; false for any other type. A bare string in the array is the user's.</summary>
    public static bool AddMessages(JsonValue messages, Exchange exchange)
    {
        if (!messages.Exists) return true;
        if (messages.IsObject)
        {
            AddMessage(messages, PartRole.User, exchange);
            return true;
        }

        if (!messages.IsArray) return false;
        foreach (var message in messages.Items()) AddMessage(message, PartRole.User, exchange);
        return true;
    }

    /// <summary>As <see cref="AddMessages(JsonValue, Exchange)"/>, of a property that is an array; a message of a role and a text, as most are, is read by its tokens.</summary>
    public static void AddMessages(JsonMembers members, int member, ReadOnlySpan<byte> json, Exchange exchange)
    {
        var walk = default((int, int));
        while (members.TryNext(json, member, ref walk, out var message))
        {
            if (members.ItemCount == 2)
            {
                var one = members.ItemProperty(0, json);
                var other = members.ItemProperty(1, json);
                if (one.Value.IsString && other.Value.IsString)
                {
                    if (one.RawName.SequenceEqual("role"u8) && other.RawName.SequenceEqual("content"u8))
                    {
                        AddContent(other.Value, RoleOf(one.Value, PartRole.User), exchange);
                        continue;
                    }

                    if (one.RawName.SequenceEqual("content"u8) && other.RawName.SequenceEqual("role"u8))
                    {
                        AddContent(one.Value, RoleOf(other.Value, PartRole.User), exchange);
                        continue;
                    }
                }
            }

            AddMessage(message, PartRole.User, exchange);
        }
    }

    public static void AddMessage(JsonValue message, PartRole fallback, Exchange exchange)
    {
        if (message.IsString)
        {
            AddContent(message, fallback, exchange);
            return;
        }

        JsonValue role = default, type = default, content = default, calls = default, call = default, thinking = default, reasoning = default;
        foreach (var property in message.Properties())
        {
            if (property.Is("role"u8)) role = property.Value;
            else if (property.Is("content"u8) || property.Is("parts"u8)) content = property.Value.Exists || !content.Exists ? property.Value : content;
            else if (property.Is("type"u8)) type = property.Value;
            else if (property.Is("tool_calls"u8)) calls = property.Value;
            else if (property.Is("function_call"u8)) call = property.Value;
            else if (property.Is("thinking_blocks"u8)) thinking = property.Value;
            else if (property.Is("reasoning_content"u8)) reasoning = property.Value;
        }

        if (!role.Exists && (type.Is("human"u8) || type.Is("system"u8) || type.Is("ai"u8) || type.Is("tool"u8))) role = type; // LangChain's messages.
        if (!role.Exists && type.IsString && !type.Is("message"u8))
        {
            // An item of the Responses API that is no message: a call, its result, reasoning, or a bare part.
            var bare = new MessageText(exchange, type.Is("reasoning"u8) ? PartRole.Assistant : fallback);
            ContentPart.Add(message, ref bare, exchange, 0);
            bare.Flush();
            return;
        }

        var who = role.IsString ? RoleOf(role, fallback) : fallback;
        if (thinking.IsArray) AddContent(thinking, PartRole.Assistant, exchange);
        else if (reasoning.IsString) AddContent(reasoning, PartRole.Assistant, exchange);
        AddContent(content, who, exchange);
        if (!calls.IsArray && !call.IsObject) return;
        var text = new MessageText(exchange, PartRole.Assistant);
        foreach (var one in calls.Items()) ContentPart.AddCall(one, ref text, exchange);
        if (call.IsObject) ContentPart.AddCall(call, ref text, exchange);
    }

    public static void AddContent(JsonValue content, PartRole role, Exchange exchange)
    {
        if (content.IsString && exchange.TryAddHeld(role, content)) return;
        var text = new MessageText(exchange, role);
        if (content.IsString) text.Add(content);
        else if (content.IsObject) ContentPart.Add(content, ref text, exchange, 0);
        else foreach (var part in content.Items()) ContentPart.Add(part, ref text, exchange, 0);
        text.Flush();
    }

    private static PartRole RoleOf(JsonValue role, PartRole fallback)
    {
        if (role.Is("user"u8) || role.Is("human"u8)) return PartRole.User;
        if (role.Is("assistant"u8) || role.Is("model"u8) || role.Is("ai"u8)) return PartRole.Assistant;
        if (role.Is("system"u8) || role.Is("developer"u8)) return PartRole.System;
        return role.Is("tool"u8) || role.Is("function"u8) ? PartRole.Tool : fallback;
    }
}
