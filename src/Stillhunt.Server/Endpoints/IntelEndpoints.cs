using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Stillhunt.Campaigns;
using Stillhunt.Ledger;
using Stillhunt.Profiles;
using Stillhunt.Server.Security;
using Stillhunt.Server.Sharing;

namespace Stillhunt.Server.Endpoints;

/// <summary><c>GET /v1/intel</c>: what became of each indicator of others, and which accounts matched; and the same beside an account and a campaign.</summary>
internal static class IntelEndpoints
{
    /// <summary>Accounts in one answer, the strongest matches first.</summary>
    private const int MostAccounts = 1000;

    public static void MapIntel(this IEndpointRouteBuilder routes, ServerState state) => routes.MapGet("/v1/intel", context => Show(context, state)).Needs(Scopes.Read);

    /// <summary>What an account matched, from its first matching request on; what that is worth is null until the next detection has weighed it.</summary>
    public static void WriteAccount(Utf8JsonWriter writer, IntelBook intel, AccountId account)
    {
        var result = intel.Result;
        writer.WriteStartObject("intel");
        if (result?.Accounts.FirstOrDefault(match => match.Id == account.Id && match.Source == account.Source) is { } weighed) writer.WriteNumber("bits", weighed.Bits);
        else writer.WriteNull("bits");
        writer.WriteStartArray("matches");
        foreach (var (sender, id, hit) in intel.Of(account))
        {
            var use = result?.Indicators.FirstOrDefault(use => use.Id == id && IsOf(use, sender));
            writer.WriteStartObject();
            writer.WriteString("sender", sender);
            writer.WriteString("source", use?.Source ?? sender);
            writer.WriteString("indicator", id);
            writer.WriteString("kind", use?.Kind);
            writer.WriteString("status", use?.Status);
            writer.WriteNumber("exchange_count", hit.Count);
            writer.WriteString("first", Time(hit.FirstMs));
            writer.WriteString("last", Time(hit.LastMs));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>How many of a campaign's accounts matched, and whose indicators.</summary>
    public static void WriteCampaign(Utf8JsonWriter writer, IntelBook intel, TrackedCampaign campaign)
    {
        var members = campaign.Members.Where(member => member.Current).Select(member => member.Account).ToHashSet();
        var matched = (intel.Result?.Accounts ?? []).Where(match => members.Contains(new AccountId(match.Source, match.Id))).ToList();
        writer.WriteStartObject("intel");
        writer.WriteNumber("account_count", matched.Count);
        writer.WriteStartArray("sources");
        foreach (var source in matched.SelectMany(match => match.Senders).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)) writer.WriteStringValue(source);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static Task Show(HttpContext context, ServerState state) => Replies.Ok(context, writer =>
    {
        var result = state.Intel.Result;
        writer.WriteStartObject();
        writer.WriteString("fault", state.Intel.Fault);
        writer.WriteStartArray("indicators");
        foreach (var use in result?.Indicators ?? []) Write(writer, use);
        writer.WriteEndArray();
        writer.WriteNumber("account_count", result?.Accounts.Count ?? 0);
        writer.WriteStartArray("accounts");
        foreach (var match in (result?.Accounts ?? []).Take(MostAccounts))
        {
            writer.WriteStartObject();
            writer.WriteString("id", match.Id);
            writer.WriteString("source", match.Source);
            writer.WriteNumber("bits", match.Bits);
            writer.WriteNumber("exchange_count", match.ExchangeCount);
            writer.WriteString("first", match.First);
            writer.WriteStartArray("senders");
            foreach (var sender in match.Senders) writer.WriteStringValue(sender);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, IntelIndicatorUse use)
    {
        writer.WriteStartObject();
        writer.WriteString("id", use.Id);
        writer.WriteString("source", use.Source);
        writer.WriteString("kind", use.Kind);
        writer.WriteString("status", use.Status);
        writer.WriteString("text", use.Text);
        writer.WriteNumber("account_count", use.AccountCount);
        writer.WriteNumber("exchange_count", use.ExchangeCount);
        if (use.Bits is { } bits) writer.WriteNumber("bits", bits);
        else writer.WriteNull("bits");
        writer.WriteString("first", use.First);
        writer.WriteString("last", use.Last);
        writer.WriteEndObject();
    }

    /// <summary>A source is "sender: author" where the bundle names an author.</summary>
    private static bool IsOf(IntelIndicatorUse use, string sender) => use.Source == sender || use.Source.StartsWith(sender + ": ", StringComparison.Ordinal);

    private static string Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
