using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Response;
using Stillhunt.Server.Decisions;
using Stillhunt.Server.Security;
using Stillhunt.Server.Store;

namespace Stillhunt.Server.Endpoints;

/// <summary>What people decide: approvals, reversals, grants; the policy in force; the audit trail.</summary>
internal static class ResponseEndpoints
{
    private const int PageLength = 1000;

    public static void MapResponse(this IEndpointRouteBuilder routes, ServerState state)
    {
        routes.MapGet("/v1/approvals", context => Approvals(context, state)).Needs(Scopes.Read);
        routes.MapPost("/v1/approvals/{campaign}/{rule}/approve", context => Approve(context, state, true)).Needs(Scopes.Act);
        routes.MapPost("/v1/approvals/{campaign}/{rule}/deny", context => Approve(context, state, false)).Needs(Scopes.Act);
        routes.MapPost("/v1/accounts/{id}/reverse", context => Reverse(context, state)).Needs(Scopes.Act);
        routes.MapDelete("/v1/accounts/{id}/reverse", context => Withdraw(context, state)).Needs(Scopes.Act);
        routes.MapPost("/v1/accounts/{id}/grants", context => Grant(context, state)).Needs(Scopes.Act);
        routes.MapDelete("/v1/accounts/{id}/grants/{grant}", context => RevokeGrant(context, state)).Needs(Scopes.Act);
        routes.MapGet("/v1/policy", context => Policy(context, state)).Needs(Scopes.Read);
        routes.MapGet("/v1/audit", context => Audit(context, state)).Needs(Scopes.Read);
    }

    private static Task Approvals(HttpContext context, ServerState state) => Replies.Ok(context, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("pending");
        var policy = state.Decisions.Table.Policy;
        foreach (var pending in state.Decisions.Pending)
        {
            writer.WriteStartObject();
            writer.WriteString("campaign", pending.Campaign);
            writer.WriteString("rule", pending.Rule);
            writer.WriteString("why", pending.Why);
            if (DecisionBook.RuleOf(policy, new ApprovalKey(pending.Campaign, pending.Rule)) is { } rule) writer.WriteString("rule_sha256", RuleDigest.Of(rule));
            writer.WriteNumber("account_count", pending.AccountCount);
            writer.WriteNumber("verified_count", pending.VerifiedCount);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static async Task Approve(HttpContext context, ServerState state, bool approved)
    {
        var key = new ApprovalKey(RouteText.Of(context, "campaign"), RouteText.Of(context, "rule"));
        var rule = DecisionBook.RuleOf(state.Decisions.Table.Policy, key);
        if (rule is null || (key.Campaign != AccessBrake.Campaign && state.Campaigns.Find(key.Campaign) is null))
        {
            await Problems.Write(context, StatusCodes.Status404NotFound, "unknown-approval", "There is no such campaign, or the policy in force has no such rule.");
            return;
        }

        // Nothing waits under the old id, and what it became part of holds other accounts, too.
        if (state.Campaigns.Find(key.Campaign) is { } campaign && campaign.Id != key.Campaign)
        {
            await Problems.Write(context, StatusCodes.Status409Conflict, "campaign-merged", $"{key.Campaign} became part of {campaign.Id}; look at what waits there in /v1/approvals.");
            return;
        }

        if (await PersonsNote.Read(context, state.Limits) is not { } note) return;
        // Between looking and deciding the policy may change: whoever says what was looked at decides on nothing else.
        var seen = context.Request.Query["rule_sha256"].ToString();
        if ((seen.Length == 0 || seen == RuleDigest.Of(rule)) && state.Decisions.Approve(key, rule, approved, note.By, note.Text)) await Replies.Done(context);
        else await Problems.Write(context, StatusCodes.Status409Conflict, "rule-changed", "The rule says something else by now; look at it again in /v1/approvals and in the policy.");
    }

    private static async Task Reverse(HttpContext context, ServerState state)
    {
        if (await PersonsNote.Read(context, state.Limits) is not { } note) return;
        if (!Until(context, state.Time, out var until, out var why))
        {
            await Problems.Write(context, StatusCodes.Status400BadRequest, "until", why);
            return;
        }

        state.Decisions.Reverse(new Reversal(Account(context), note.By, note.Text, state.Time.GetUtcNow().ToUnixTimeMilliseconds(), until));
        await Replies.Done(context);
    }

    private static async Task Withdraw(HttpContext context, ServerState state)
    {
        if (await PersonsNote.Read(context, state.Limits) is not { } note) return;
        if (state.Decisions.WithdrawReversal(Account(context), note.By, note.Text)) await Replies.Done(context);
        else await Problems.Write(context, StatusCodes.Status404NotFound, "no-reversal", "There is no reversal for this account.");
    }

    /// <summary><c>{"kind":"program|entitlement","name":"..","evidence":"..","by":"..","note":".."}</c>, with <c>?until=</c> for its end.</summary>
    private static async Task Grant(HttpContext context, ServerState state)
    {
        if (await RequestBody.Read(context, state.Limits, 16 * 1024) is not { } body) return;
        if (!Until(context, state.Time, out var until, out var why))
        {
            await Problems.Write(context, StatusCodes.Status400BadRequest, "until", why);
            return;
        }

        if (GrantBody.Read(body) is not { } read)
        {
            await Problems.Write(context, StatusCodes.Status400BadRequest, "grant", """Send {"kind":"program" or "entitlement","name":"..","evidence":"what was seen","by":"who verified it"}.""");
            return;
        }

        var grant = state.Decisions.Grant(new Grant(0, RouteText.Of(context, "id"), read.Kind, read.Name, read.Evidence, $"{read.By} ({KeyGate.CallerOf(context)})", state.Time.GetUtcNow().ToUnixTimeMilliseconds(), until));
        state.Detection.Ask();
        await Replies.Ok(context, writer =>
        {
            writer.WriteStartObject();
            VerdictJson.Write(writer, grant);
            writer.WriteEndObject();
        });
    }

    private static async Task RevokeGrant(HttpContext context, ServerState state)
    {
        if (await PersonsNote.Read(context, state.Limits) is not { } note) return;
        if (!long.TryParse(RouteText.Of(context, "grant"), NumberStyles.None, CultureInfo.InvariantCulture, out var id) || !state.Decisions.RevokeGrant(RouteText.Of(context, "id"), id, note.By, note.Text))
        {
            await Problems.Write(context, StatusCodes.Status404NotFound, "unknown-grant", "The account has no such grant.");
            return;
        }

        state.Detection.Ask();
        await Replies.Done(context);
    }

    private static Task Policy(HttpContext context, ServerState state) => Replies.Ok(context, writer =>
    {
        var policy = state.Decisions.Table.Policy;
        writer.WriteStartObject();
        writer.WriteString("name", policy.Name);
        writer.WriteString("sha256", policy.Digest);
        writer.WriteString("mode", policy.Enforce ? "enforce" : "shadow");
        writer.WriteStartArray("rules");
        foreach (var rule in policy.CampaignRules.Concat(policy.AccessRules)) writer.WriteStringValue(rule.Id);
        writer.WriteEndArray();
        writer.WriteStartArray("faults");
        foreach (var fault in state.Policy?.Faults ?? [])
        {
            writer.WriteStartObject();
            writer.WriteNumber("line", fault.Line);
            writer.WriteString("field", fault.Field);
            writer.WriteString("text", fault.Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>A page of the trail, as <c>stillhunt audit export</c> writes it.</summary>
    private static async Task Audit(HttpContext context, ServerState state)
    {
        var asked = context.Request.Query["after"].ToString();
        long after = 0;
        if (asked.Length > 0 && !long.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out after))
        {
            await Problems.Write(context, StatusCodes.Status400BadRequest, "after", "after takes the seq of a record.");
            return;
        }

        context.Response.ContentType = "application/x-ndjson";
        foreach (var record in state.Store.Audit.After(after, PageLength)) await context.Response.WriteAsync(AuditJson.Of(record) + "\n", context.RequestAborted);
    }

    private static AccountId Account(HttpContext context) =>
        new(context.Request.Query["source"].ToString() is { Length: > 0 } source ? source : LogFile.DefaultSource, RouteText.Of(context, "id"));

    /// <summary>When it ends, or null for good. What has ended already would be answered with "done" and change nothing.</summary>
    private static bool Until(HttpContext context, TimeProvider time, out long? ms, out string why)
    {
        (ms, why) = (null, "until takes a time with an offset, such as 2027-01-01T00:00:00Z.");
        if (context.Request.Query["until"].ToString() is not { Length: > 0 } text) return true;
        if (!LogTime.TryRead(System.Text.Encoding.UTF8.GetBytes(text), zoneIsUtc: false, out var at, out _)) return false;
        ms = at;
        why = "until lies in the past, so nothing would change; leave it out for good, or name a time to come.";
        return at > time.GetUtcNow().ToUnixTimeMilliseconds();
    }
}
