using Stillhunt.Ingest.Content;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>
/// Whom LiteLLM bills: the user, else the team, the organisation, the hash of the key. Names that the proxy itself puts in stand for
/// nobody, and whoever shares one must not become one account.
/// </summary>
internal ref struct LiteLlmIdentity
{
    private bool _service;

    public JsonValue User { get; set; }
    public JsonValue Team { get; set; }
    public JsonValue Organization { get; set; }
    public JsonValue Key { get; set; }

    /// <summary>Fills what is still unknown from a record's metadata.</summary>
    public void TakeMetadata(JsonProperty property)
    {
        if (property.Is("user_api_key_user_id"u8)) User = Taken(User, property.Value);
        else if (property.Is("user_api_key_team_id"u8)) Team = Taken(Team, property.Value);
        else if (property.Is("user_api_key_org_id"u8)) Organization = First(Organization, property.Value);
        else if (property.Is("user_api_key_hash"u8) || property.Is("user_api_key"u8)) Key = Taken(Key, property.Value);
    }

    public readonly void Set(Exchange exchange)
    {
        if (IsSomebody(Organization)) exchange.SetText(ExchangeField.Organization, Organization);
        if (IsSomebody(Key)) exchange.SetText(ExchangeField.Key, Key);
        exchange.SetText(ExchangeField.Account, Account);
    }

    /// <summary>Absent where nobody is named.</summary>
    public readonly JsonValue Account => First(First(User, Team), First(Organization, Key));

    /// <summary>
    /// Calls that the proxy makes for itself (a router's classifier, a health check, a shadow evaluation): no client sent them. Only user, team and key can say so, which the proxy sets; the end
    /// user, an alias and the like are a customer's words, and whoever could choose this name would be neither counted nor refused.
    /// </summary>
    public readonly bool IsInternal => _service || IsServiceName(User) || IsServiceName(Team) || IsServiceName(Key);

    private JsonValue Taken(JsonValue known, JsonValue value)
    {
        _service |= IsServiceName(value);
        return First(known, value);
    }

    private static JsonValue First(JsonValue a, JsonValue b) => IsSomebody(a) ? a : IsSomebody(b) ? b : default;

    private static bool IsSomebody(JsonValue value) =>
        value.IsString && !value.Raw.IsEmpty && !value.Is("default_user_id"u8) && !value.Is("litellm-dashboard"u8)
        && !value.Is("litellm-proxy-budget"u8) && !IsServiceName(value) && !LoggedText.IsPlaceholder(value.Raw);

    private static bool IsServiceName(JsonValue value) =>
        value.IsString && (value.Raw.StartsWith("litellm-internal-"u8) || value.Raw.StartsWith("litellm_internal_"u8));
}
