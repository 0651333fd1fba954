using System.Text.Json;
using Stillhunt.Response;

namespace Stillhunt.Server.Gateway;

/// <summary>What <c>POST /v1/decide</c> answered, as far as it is to be carried out.</summary>
/// <param name="Obligations">Empty where nothing is to be done.</param>
/// <param name="Campaign">The campaign that the account's verdict is about; null for an access rule's.</param>
internal sealed record GatewayDecision(IReadOnlyList<Obligation> Obligations, string? Campaign = null)
{
    public static GatewayDecision Nothing { get; } = new([]);

    /// <summary>Whether something is refused, limited or taken out.</summary>
    public bool Restricts => Obligations.Any(obligation => obligation.Action > ResponseAction.Canary);

    public bool Asks(ResponseAction action) => Obligations.Any(obligation => obligation.Action == action);

    /// <exception cref="FormatException">The answer is none, or asks for something that this version can't do: then it is no decision.</exception>
    public static GatewayDecision Read(ReadOnlySpan<byte> answer)
    {
        try
        {
            var reader = new Utf8JsonReader(answer);
            using var json = JsonDocument.ParseValue(ref reader);
            var obligations = json.RootElement.GetProperty("obligations");
            if (obligations.GetArrayLength() == 0) return Nothing;
            var campaign = json.RootElement.TryGetProperty("campaign", out var named) ? named.GetString() : null;
            return new GatewayDecision([.. obligations.EnumerateArray().Select(Read)], campaign);
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("The server's answer is no decision.", broken);
        }
    }

    private static Obligation Read(JsonElement one)
    {
        var action = ResponseActionIds.Find(one.GetProperty("action").GetString()) ?? throw new FormatException("The server's decision asks for an action that is not known here.");
        return new Obligation(action)
        {
            RequestsPerHour = one.TryGetProperty("requests_per_hour", out var requests) ? requests.GetInt64() : null,
            TokensPerDay = one.TryGetProperty("tokens_per_day", out var tokens) ? tokens.GetInt64() : null,
            Fields = one.TryGetProperty("fields", out var fields) ? [.. fields.EnumerateArray().Select(field => field.GetString()!)] : [],
            Summarise = one.TryGetProperty("summarise", out var summarise) && summarise.GetBoolean(),
        };
    }
}
