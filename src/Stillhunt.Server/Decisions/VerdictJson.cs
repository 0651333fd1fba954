using System.Globalization;
using System.Text.Json;
using Stillhunt.Response;
using Stillhunt.Server.Store;

namespace Stillhunt.Server.Decisions;

/// <summary>Verdicts as they are answered: <c>{action, obligations, campaign, rule, state, would, reasons, expires}</c>.</summary>
internal static class VerdictJson
{
    private static readonly string[] States = ["effective", "shadow", "delayed", "awaiting-approval", "denied", "held-out", "reversed"];

    public static string Id(VerdictState state) => States[(int)state];

    /// <summary>The state of an id.</summary>
    public static VerdictState State(string id) => (VerdictState)Array.IndexOf(States, id);

    public static string Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The members of an object that the caller opened and closes.</summary>
    public static void Write(Utf8JsonWriter writer, Grant grant)
    {
        writer.WriteNumber("id", grant.Id);
        writer.WriteString("account", grant.Account);
        writer.WriteString("kind", grant.Kind);
        writer.WriteString("name", grant.Name);
        writer.WriteString("evidence", grant.Evidence);
        writer.WriteString("by", grant.By);
        if (grant.UntilMs is { } until) writer.WriteString("until", Time(until));
    }

    /// <summary>The members of an object that the caller opened and closes. Null: nothing is known against the account.</summary>
    public static void Write(Utf8JsonWriter writer, Verdict? verdict)
    {
        writer.WriteString("action"u8, (verdict?.Action ?? ResponseAction.Observe).Id());
        writer.WritePropertyName("obligations"u8);
        Write(writer, verdict is { State: VerdictState.Effective } ? verdict.Obligations : []);
        if (verdict is null)
        {
            writer.WriteNull("campaign"u8);
            return;
        }

        writer.WriteString("campaign"u8, verdict.Campaign);
        writer.WriteString("rule"u8, verdict.Rule);
        writer.WriteString("state"u8, Id(verdict.State));
        if (verdict.State != VerdictState.Effective)
        {
            writer.WritePropertyName("would"u8);
            Write(writer, verdict.Obligations);
        }

        writer.WriteStartArray("reasons"u8);
        foreach (var reason in verdict.Reasons) writer.WriteStringValue(reason);
        writer.WriteEndArray();
        writer.WriteString("from"u8, Time(verdict.FromMs));
        writer.WriteString("expires"u8, Time(verdict.ExpiresMs));
    }

    public static void Write(Utf8JsonWriter writer, IReadOnlyList<Obligation> obligations)
    {
        writer.WriteStartArray();
        foreach (var obligation in obligations)
        {
            writer.WriteStartObject();
            writer.WriteString("action"u8, obligation.Action.Id());
            if (obligation.RequestsPerHour is { } requests) writer.WriteNumber("requests_per_hour"u8, requests);
            if (obligation.TokensPerDay is { } tokens) writer.WriteNumber("tokens_per_day"u8, tokens);
            if (obligation.Fields.Count > 0)
            {
                writer.WriteStartArray("fields"u8);
                foreach (var field in obligation.Fields) writer.WriteStringValue(field);
                writer.WriteEndArray();
            }

            if (obligation.Summarise) writer.WriteBoolean("summarise"u8, true);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
