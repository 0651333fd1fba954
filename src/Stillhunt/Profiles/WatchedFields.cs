using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;

namespace Stillhunt.Profiles;

/// <summary>The kinds of fields of which a result says whether the log had them; one bit a kind.</summary>
internal static class WatchedFields
{
    private static readonly (ExchangeField Field, string Name)[] Fields =
    [
        (ExchangeField.Ip, "ip"), (ExchangeField.Asn, "asn"), (ExchangeField.Client, "client"), (ExchangeField.Tls, "tls"),
        (ExchangeField.Headers, "headers"), (ExchangeField.Country, "country"), (ExchangeField.Conversation, "conversation"),
        (ExchangeField.Model, "model"), (ExchangeField.Organization, "organization"), (ExchangeField.Response, "response"),
        (ExchangeField.ReasoningRef, "reasoning_ref"), (ExchangeField.Pathway, "pathway"),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. Fields.Select(field => field.Name), "prompt", "usage", "params"];

    public static uint Of(Exchange exchange, ExchangeFingerprint print)
    {
        var bits = 0u;
        for (var i = 0; i < Fields.Length; i++)
            if (exchange.Has(Fields[i].Field)) bits |= 1u << i;
        if (exchange.HasPrompt) bits |= 1u << Fields.Length;
        if (print.OutputTokens >= 0) bits |= 2u << Fields.Length;
        if (print.MaxTokens >= 0) bits |= 4u << Fields.Length;
        return bits;
    }
}
