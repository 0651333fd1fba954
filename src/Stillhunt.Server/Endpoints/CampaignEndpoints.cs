using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Stillhunt.Ledger;
using Stillhunt.Server.Detection;
using Stillhunt.Server.Security;
using Stillhunt.Server.Store;

namespace Stillhunt.Server.Endpoints;

/// <summary><c>GET /v1/campaigns[/{id}]</c>, <c>POST /v1/campaigns/{id}/confirm|dismiss</c>, <c>GET /v1/access</c>.</summary>
internal static class CampaignEndpoints
{
    public static void MapCampaigns(this IEndpointRouteBuilder routes, ServerState state)
    {
        routes.MapGet("/v1/campaigns", context => List(context, state)).Needs(Scopes.Read);
        routes.MapGet("/v1/campaigns/{id}", context => Show(context, state)).Needs(Scopes.Read);
        routes.MapPost("/v1/campaigns/{id}/confirm", context => Review(context, state, ReviewOutcome.Confirmed)).Needs(Scopes.Act);
        routes.MapPost("/v1/campaigns/{id}/dismiss", context => Review(context, state, ReviewOutcome.Dismissed)).Needs(Scopes.Act);
        routes.MapGet("/v1/access", context => Access(context, state)).Needs(Scopes.Read);
    }

    private static Task List(HttpContext context, ServerState state)
    {
        var all = context.Request.Query.ContainsKey("all");
        return Replies.Ok(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("campaigns");
            foreach (var campaign in state.Campaigns.Campaigns.Where(campaign => all || (campaign.Stands && campaign.Announced)).OrderByDescending(campaign => campaign.Confidence))
            {
                writer.WriteStartObject();
                Head(writer, campaign, state);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private static Task Show(HttpContext context, ServerState state)
    {
        if (state.Campaigns.Find(RouteText.Of(context, "id")) is not { } found) return Unknown(context);
        return Replies.Ok(context, writer =>
        {
            writer.WriteStartObject();
            Head(writer, found, state);
            writer.WriteStartArray("members");
            foreach (var member in found.Members)
            {
                writer.WriteStartObject();
                writer.WriteString("id", member.Id);
                writer.WriteString("source", member.Source);
                writer.WriteString("end_user", member.EndUser);
                writer.WriteString("since", Time(member.SinceMs));
                writer.WriteNumber("probability", member.Probability);
                writer.WriteNumber("extracting_count", member.ExtractingCount);
                writer.WriteBoolean("current", member.Current);
                writer.WriteBoolean("successor", member.Successor);
                writer.WriteString("recognised", member.Recognised?.ToString());
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WritePropertyName("latest");
            JsonSerializer.Serialize(writer, found.Latest, LedgerJson.Default.Campaign);
            writer.WriteEndObject();
        });
    }

    private static async Task Review(HttpContext context, ServerState state, ReviewOutcome outcome)
    {
        if (await PersonsNote.Read(context, state.Limits) is not { } note) return;
        try
        {
            if (state.Campaigns.Review(RouteText.Of(context, "id"), outcome, note.By, note.Text) is not { } reviewed)
            {
                await Unknown(context);
                return;
            }

            await Replies.Ok(context, writer =>
            {
                writer.WriteStartObject();
                Head(writer, reviewed, state);
                writer.WriteEndObject();
            });
        }
        catch (IOException fault)
        {
            await Problems.OfStore(context, fault);
        }
    }

    /// <summary>Techniques, capabilities and models as the last detection saw them, and regions and tiers; the latter null until this run's first detection.</summary>
    private static Task Access(HttpContext context, ServerState state) => state.Campaigns.Access is not { } access
        ? Problems.Write(context, StatusCodes.Status404NotFound, "no-detection", "Nothing was detected on yet.")
        : Replies.Ok(context, writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("access");
            JsonSerializer.Serialize(writer, access, LedgerJson.Default.AccessSummary);
            if (state.Detection.Places is { } places) Write(writer, places);
            else writer.WriteNull("places");
            writer.WriteEndObject();
        });

    private static void Write(Utf8JsonWriter writer, AccessByPlace places)
    {
        writer.WriteStartObject("places");
        writer.WriteStartArray("days");
        foreach (var day in places.Days)
        {
            writer.WriteStartObject();
            writer.WriteString("day", day.Day);
            foreach (var (name, shares) in new[] { ("regions", day.Regions), ("tiers", day.Tiers) })
            {
                writer.WriteStartObject(name);
                foreach (var (key, share) in shares) writer.WriteNumber(key, share);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("changes");
        foreach (var change in places.Changes) writer.WriteStringValue(change);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static Task Unknown(HttpContext context) => Problems.Write(context, StatusCodes.Status404NotFound, "unknown-campaign", "There is no such campaign; GET /v1/campaigns lists them.");

    private static void Head(Utf8JsonWriter writer, TrackedCampaign campaign, ServerState state)
    {
        writer.WriteString("id", campaign.Id);
        writer.WriteNumber("confidence", campaign.Confidence);
        writer.WriteString("first_seen", Time(campaign.FirstSeenMs));
        writer.WriteString("last_seen", Time(campaign.LastSeenMs));
        writer.WriteString("first", campaign.Latest.First);
        writer.WriteString("last", campaign.Latest.Last);
        writer.WriteBoolean("flagged", campaign.Announced);
        writer.WriteBoolean("dormant", campaign.Dormant);
        writer.WriteString("merged_into", campaign.MergedInto);
        writer.WriteString("split_from", campaign.SplitFrom);
        writer.WriteNumber("account_count", campaign.Latest.Accounts.Count);
        writer.WriteNumber("member_count", campaign.Members.Count);
        writer.WriteNumber("extracting_count", campaign.Latest.ExtractingCount);
        writer.WriteStartArray("techniques");
        foreach (var technique in campaign.Latest.Techniques)
        {
            writer.WriteStartObject();
            writer.WriteString("id", technique.Id);
            writer.WriteNumber("share", technique.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        IntelEndpoints.WriteCampaign(writer, state.Intel, campaign);
        if (campaign.Review is not { } review)
        {
            writer.WriteNull("review");
            return;
        }

        writer.WriteStartObject("review");
        writer.WriteString("outcome", review.Outcome == ReviewOutcome.Confirmed ? "confirmed" : "dismissed");
        writer.WriteString("by", review.By);
        writer.WriteString("note", review.Note);
        writer.WriteString("at", Time(review.AtMs));
        writer.WriteEndObject();
    }

    private static string Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
