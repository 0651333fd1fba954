using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Stillhunt.Response;

/// <summary>
/// SHA-256 over what a rule says: whom it meets, what is done, and how long that lasts. Not over its name, which approvals hold beside it, nor over whether it asks for approval. A condition
/// that a rule does not have does not count, so a program that knows more conditions finds the same sum.
/// </summary>
public static class RuleDigest
{
    private static readonly JsonSerializerOptions Plain = new() { Converters = { new JsonStringEnumConverter() }, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>64 hexadecimal digits.</summary>
    public static string Of(PolicyRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var said = new JsonObject
        {
            ["when"] = Sorted(JsonSerializer.SerializeToNode(rule.When, Plain)), ["then"] = new JsonArray([.. rule.Then.Select(obligation => Sorted(JsonSerializer.SerializeToNode(obligation, Plain)))]),
            ["lasts"] = rule.Lasts.Ticks,
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(said)));
    }

    /// <summary>By name, without what is empty: the order of declarations must not reach what is kept.</summary>
    private static JsonObject Sorted(JsonNode? node) => new(node!.AsObject().Where(pair => pair.Value is not (null or JsonArray { Count: 0 }))
        .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, pair.Value!.DeepClone())!)!);
}
