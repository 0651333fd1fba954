using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>The top-level names of the native format.</summary>
internal enum NativeField : byte
{
    Unknown,
    Time, Account, System, Messages, Prompt, Tools, Params, Usage, Request, Status, Asn, Id,
    Organization, Key, EndUser, Pathway, Ip, AsnOrg, Country, Client, Tls, Headers, Model, Conversation, Response, Stop, ReasoningRef,
}

/// <summary>Finds a native field by its name: by length first, so that a name costs one comparison or two.</summary>
internal static class NativeFields
{
    private static readonly string[] Names =
    [
        "", "time", "account", "system", "messages", "prompt", "tools", "params", "usage", "request", "status", "asn", "id",
        "organization", "key", "end_user", "pathway", "ip", "asn_org", "country", "client", "tls", "headers", "model", "conversation",
        "response", "stop", "reasoning_ref",
    ];

    /// <summary>Fields that a mapping may fill, in the native format's spelling; parameters and usage by dotted name.</summary>
    public static IReadOnlyList<string> Text => Names[(int)NativeField.Organization..];

    public static string NameOf(NativeField field) => Names[(int)field];

    public static NativeField Named(string name) => (NativeField)Array.IndexOf(Names, name);

    public static NativeField Find(JsonProperty property) => property.RawName.Length switch
    {
        _ when property.NameEscaped => Slow(property),
        2 => Match(property, NativeField.Id, NativeField.Ip),
        3 => Match(property, NativeField.Key, NativeField.Asn, NativeField.Tls),
        4 => Match(property, NativeField.Time, NativeField.Stop),
        5 => Match(property, NativeField.Model, NativeField.Tools, NativeField.Usage),
        6 => Match(property, NativeField.Client, NativeField.System, NativeField.Params, NativeField.Status, NativeField.Prompt),
        7 => Match(property, NativeField.Account, NativeField.Country, NativeField.Pathway, NativeField.Headers, NativeField.AsnOrg, NativeField.Request),
        8 => Match(property, NativeField.Messages, NativeField.Response, NativeField.EndUser),
        12 => Match(property, NativeField.Conversation, NativeField.Organization),
        13 => Match(property, NativeField.ReasoningRef),
        _ => NativeField.Unknown,
    };

    public static ExchangeField TextOf(NativeField field) => field switch
    {
        NativeField.Id => ExchangeField.Id,
        NativeField.Account => ExchangeField.Account,
        NativeField.Organization => ExchangeField.Organization,
        NativeField.Key => ExchangeField.Key,
        NativeField.EndUser => ExchangeField.EndUser,
        NativeField.Pathway => ExchangeField.Pathway,
        NativeField.Ip => ExchangeField.Ip,
        NativeField.Asn => ExchangeField.Asn,
        NativeField.AsnOrg => ExchangeField.AsnOrg,
        NativeField.Country => ExchangeField.Country,
        NativeField.Client => ExchangeField.Client,
        NativeField.Tls => ExchangeField.Tls,
        NativeField.Headers => ExchangeField.Headers,
        NativeField.Model => ExchangeField.Model,
        NativeField.Conversation => ExchangeField.Conversation,
        NativeField.Response => ExchangeField.Response,
        NativeField.Stop => ExchangeField.Stop,
        NativeField.ReasoningRef => ExchangeField.ReasoningRef,
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "not a text field"),
    };

    /// <summary>The constant for a parameter's name, so that counting a dropped one allocates no name.</summary>
    public static string ParameterName(JsonProperty property) =>
        property.Is("temperature"u8) ? "params.temperature" : property.Is("top_p"u8) ? "params.top_p" : property.Is("n"u8) ? "params.n"
        : property.Is("logprobs"u8) ? "params.logprobs" : property.Is("thinking"u8) ? "params.thinking"
        : property.Is("stream"u8) ? "params.stream" : "params.max_tokens";

    private static NativeField Slow(JsonProperty property)
    {
        foreach (var (field, name) in Utf8)
        {
            if (property.Is(name)) return field;
        }

        return NativeField.Unknown;
    }

    private static NativeField Match(JsonProperty property, params ReadOnlySpan<NativeField> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (property.RawName.SequenceEqual(Utf8[(int)candidate].Name)) return candidate;
        }

        return NativeField.Unknown;
    }

    private static readonly (NativeField Field, byte[] Name)[] Utf8 =
        [.. Names.Select((name, i) => ((NativeField)i, System.Text.Encoding.UTF8.GetBytes(name)))];
}
