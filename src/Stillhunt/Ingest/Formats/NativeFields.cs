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

    /// <summary>A comparison with text that is known at compile time is one or two of machine words.</summary>
    public static NativeField Find(JsonProperty property)
    {
        if (property.NameEscaped) return Slow(property);
        var name = property.RawName;
        switch (name.Length)
        {
            case 2:
                if (name.SequenceEqual("id"u8)) return NativeField.Id;
                return name.SequenceEqual("ip"u8) ? NativeField.Ip : NativeField.Unknown;
            case 3:
                if (name.SequenceEqual("key"u8)) return NativeField.Key;
                if (name.SequenceEqual("asn"u8)) return NativeField.Asn;
                return name.SequenceEqual("tls"u8) ? NativeField.Tls : NativeField.Unknown;
            case 4:
                if (name.SequenceEqual("time"u8)) return NativeField.Time;
                return name.SequenceEqual("stop"u8) ? NativeField.Stop : NativeField.Unknown;
            case 5:
                if (name.SequenceEqual("model"u8)) return NativeField.Model;
                if (name.SequenceEqual("tools"u8)) return NativeField.Tools;
                return name.SequenceEqual("usage"u8) ? NativeField.Usage : NativeField.Unknown;
            case 6:
                if (name.SequenceEqual("client"u8)) return NativeField.Client;
                if (name.SequenceEqual("system"u8)) return NativeField.System;
                if (name.SequenceEqual("params"u8)) return NativeField.Params;
                if (name.SequenceEqual("status"u8)) return NativeField.Status;
                return name.SequenceEqual("prompt"u8) ? NativeField.Prompt : NativeField.Unknown;
            case 7:
                if (name.SequenceEqual("account"u8)) return NativeField.Account;
                if (name.SequenceEqual("country"u8)) return NativeField.Country;
                if (name.SequenceEqual("pathway"u8)) return NativeField.Pathway;
                if (name.SequenceEqual("headers"u8)) return NativeField.Headers;
                if (name.SequenceEqual("asn_org"u8)) return NativeField.AsnOrg;
                return name.SequenceEqual("request"u8) ? NativeField.Request : NativeField.Unknown;
            case 8:
                if (name.SequenceEqual("messages"u8)) return NativeField.Messages;
                if (name.SequenceEqual("response"u8)) return NativeField.Response;
                return name.SequenceEqual("end_user"u8) ? NativeField.EndUser : NativeField.Unknown;
            case 12:
                if (name.SequenceEqual("conversation"u8)) return NativeField.Conversation;
                return name.SequenceEqual("organization"u8) ? NativeField.Organization : NativeField.Unknown;
            case 13:
                return name.SequenceEqual("reasoning_ref"u8) ? NativeField.ReasoningRef : NativeField.Unknown;
            default:
                return NativeField.Unknown;
        }
    }

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

    private static readonly (NativeField Field, byte[] Name)[] Utf8 =
        [.. Names.Select((name, i) => ((NativeField)i, System.Text.Encoding.UTF8.GetBytes(name)))];
}
