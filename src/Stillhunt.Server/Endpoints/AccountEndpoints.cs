using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Response;
using Stillhunt.Server.Decisions;
using Stillhunt.Server.Security;
using Stillhunt.Server.Store;

namespace Stillhunt.Server.Endpoints;

/// <summary>What is known of accounts: <c>PUT /v1/accounts</c>, <c>GET</c> and <c>DELETE /v1/accounts/{id}</c>.</summary>
internal static class AccountEndpoints
{
    private const int MostFaults = 20, MostPrompts = 100;

    public static void MapAccounts(this IEndpointRouteBuilder routes, ServerState state)
    {
        routes.MapPut("/v1/accounts", context => Put(context, state)).Needs(Scopes.Accounts);
        routes.MapGet("/v1/accounts/{id}", context => Show(context, state)).Needs(Scopes.Read);
        routes.MapGet("/v1/accounts/{id}/prompts", context => Prompts(context, state)).Needs(Scopes.Admin);
        routes.MapDelete("/v1/accounts/{id}", context => Delete(context, state)).Needs(Scopes.Admin);
    }

    /// <summary>The account file's own forms: CSV with a header, JSON Lines, an array.</summary>
    private static async Task Put(HttpContext context, ServerState state)
    {
        if (await RequestBody.Read(context, state.Limits) is not { } body) return;
        AccountsFile read;
        try
        {
            read = AccountsFile.Load(new MemoryStream(body.ToArray(), writable: false), "body");
        }
        catch (IOException fault)
        {
            await Problems.Write(context, StatusCodes.Status400BadRequest, "not-accounts", fault.Message);
            return;
        }

        if (read.Records.Count == 0)
        {
            await Problems.Write(context, StatusCodes.Status400BadRequest, "nothing-usable", "The body names no account.", writer => Faults(writer, read));
            return;
        }

        try
        {
            state.Accounts.Put([.. read.Records.Values]);
        }
        catch (IOException fault)
        {
            await Problems.OfStore(context, fault);
            return;
        }

        // Who is entitled from here on is spared from the next decision on.
        state.Decisions.Refresh();
        state.Detection.Mark();
        await Replies.Ok(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("accepted_count", read.Records.Count);
            Faults(writer, read);
            writer.WriteEndObject();
        });
    }

    private static Task Show(HttpContext context, ServerState state)
    {
        var (id, source) = Named(context);
        var account = new AccountId(source ?? LogFile.DefaultSource, id);
        var profile = state.Store.Exchanges.Find(AccountHash.Of(state.Hash, account));
        var record = state.Accounts.Find(id);
        var campaigns = state.Campaigns.Of(id, source);
        // One that has run out is none; the trail keeps it.
        var reversal = state.Decisions.Table.Reversals.GetValueOrDefault(account) is { } word && word.HoldsAt(state.Time.GetUtcNow().ToUnixTimeMilliseconds()) ? word : null;
        var appeals = state.Store.Decisions.AppealsOf(account);
        var grants = state.Accounts.GrantsOf(id);
        // What people decided or said stands without traffic, too.
        if (profile is null && record is null && campaigns.Count == 0 && reversal is null && appeals.Count == 0 && grants.Count == 0)
            return Problems.Write(context, StatusCodes.Status404NotFound, "unknown-account", "Nothing is known of this account. Where the log has several sources, name one with ?source=.");
        return Replies.Ok(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("id", id);
            writer.WriteString("source", source ?? LogFile.DefaultSource);
            WriteRecord(writer, record);
            WriteDays(writer, profile);
            writer.WriteStartObject("decision");
            VerdictJson.Write(writer, state.Decisions.Table.Verdicts.GetValueOrDefault(account));
            writer.WriteEndObject();
            IntelEndpoints.WriteAccount(writer, state.Intel, account);
            WriteReversal(writer, reversal);
            AppealEndpoints.Write(writer, appeals);
            writer.WriteStartArray("grants");
            foreach (var grant in grants)
            {
                writer.WriteStartObject();
                writer.WriteNumber("id", grant.Id);
                writer.WriteString("kind", grant.Kind);
                writer.WriteString("name", grant.Name);
                writer.WriteString("evidence", grant.Evidence);
                writer.WriteString("by", grant.By);
                writer.WriteString("until", grant.UntilMs is { } until ? VerdictJson.Time(until) : null);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartArray("campaigns");
            foreach (var (campaign, member) in campaigns)
            {
                writer.WriteStartObject();
                writer.WriteString("id", campaign.Id);
                writer.WriteNumber("confidence", campaign.Confidence);
                writer.WriteString("end_user", member.EndUser);
                writer.WriteNumber("probability", member.Probability);
                writer.WriteBoolean("current", member.Current);
                writer.WriteBoolean("successor", member.Successor);
                writer.WriteString("recognised", member.Recognised?.ToString());
                writer.WriteNumber("extracting_count", member.ExtractingCount);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    /// <summary>The newest prompts that were kept in full; that they were read, and by whom, stands in the audit trail.</summary>
    private static Task Prompts(HttpContext context, ServerState state)
    {
        var (id, source) = Named(context);
        var account = new AccountId(source ?? LogFile.DefaultSource, id);
        var kept = state.Store.Prompts.Of(account, MostPrompts);
        state.Decisions.Audit.Write("prompts-read", KeyGate.CallerOf(context), writer =>
        {
            writer.WriteString("account", id);
            writer.WriteNumber("count", kept.Count);
        });
        return Replies.Ok(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("prompts");
            foreach (var prompt in kept)
            {
                writer.WriteStartObject();
                writer.WriteString("time", VerdictJson.Time(prompt.TimeMs));
                writer.WriteString("id", prompt.ExchangeId);
                writer.WritePropertyName("parts");
                JsonSerializer.Serialize(writer, prompt.Parts, PromptJson.Default.IReadOnlyListPromptPart);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    /// <summary>Deletes what is kept of an account: its traffic, its record, and its place in campaigns. The audit trail keeps what was decided.</summary>
    private static async Task Delete(HttpContext context, ServerState state)
    {
        var (id, source) = Named(context);
        var account = new AccountId(source ?? LogFile.DefaultSource, id);
        try
        {
            var key = AccountHash.Of(state.Hash, account);
            var days = state.Store.Exchanges.Delete(key);
            var known = state.Accounts.Delete(id);
            state.Detection.Delete(key);
            var rest = state.Campaigns.Forget(account) + state.Store.Prompts.Delete(account) + state.Store.Decisions.DeleteAppeals(account) + state.Succession.Forget(account) + state.Intel.Forget(account);
            state.Decisions.Audit.WriteDeletion(account, days > 0 || known || rest > 0, KeyGate.CallerOf(context));
            await Replies.Ok(context, writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("day_count", days);
                writer.WriteBoolean("record", known);
                writer.WriteEndObject();
            });
        }
        catch (IOException fault)
        {
            await Problems.OfStore(context, fault);
        }
    }

    private static (string Id, string? Source) Named(HttpContext context) =>
        (RouteText.Of(context, "id"), context.Request.Query["source"].ToString() is { Length: > 0 } source ? source : null);

    private static void WriteRecord(Utf8JsonWriter writer, AccountRecord? record)
    {
        writer.WritePropertyName("record");
        if (record is null) writer.WriteNullValue();
        else JsonSerializer.Serialize(writer, record, AccountJson.Default.AccountRecord);
    }

    /// <summary>A person's word that nothing is to touch the account; null where there is none.</summary>
    private static void WriteReversal(Utf8JsonWriter writer, Reversal? reversal)
    {
        if (reversal is null)
        {
            writer.WriteNull("reversal");
            return;
        }

        writer.WriteStartObject("reversal");
        writer.WriteString("by", reversal.By);
        writer.WriteString("note", reversal.Note);
        writer.WriteString("at", VerdictJson.Time(reversal.AtMs));
        writer.WriteString("until", reversal.UntilMs is { } until ? VerdictJson.Time(until) : null);
        writer.WriteEndObject();
    }

    private static void WriteDays(Utf8JsonWriter writer, AccountProfile? profile)
    {
        writer.WriteStartArray("days");
        foreach (var (number, day) in profile?.Days.ToArray() ?? [])
        {
            writer.WriteStartObject();
            writer.WriteString("day", DateTimeOffset.UnixEpoch.AddDays(number).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
            writer.WriteNumber("exchange_count", day.ExchangeCount);
            writer.WriteNumber("answered_count", day.AnsweredCount);
            writer.WriteNumber("limited_count", day.LimitedCount);
            if (day.OutputKnownCount > 0) writer.WriteNumber("output_tokens", day.OutputTokens);
            else writer.WriteNull("output_tokens");
            writer.WriteStartObject("techniques");
            for (var t = 0; t < day.Techniques.Length; t++)
                if (day.Techniques[t] > 0) writer.WriteNumber(((Technique)t).Id(), day.Techniques[t]);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Faults(Utf8JsonWriter writer, AccountsFile read)
    {
        writer.WriteNumber("fault_count", read.Faults.Count);
        writer.WriteStartArray("faults");
        foreach (var fault in read.Faults.Take(MostFaults))
        {
            writer.WriteStartObject();
            writer.WriteNumber("line", fault.Line);
            writer.WriteString("reason", fault.Reason);
            writer.WriteString("field", fault.Field);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
