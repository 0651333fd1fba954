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

/// <summary>
/// What customers say against what is done to them: <c>POST /v1/accounts/{id}/appeals</c> notes it, <c>GET /v1/appeals</c> lists what waits for a person, who rejects it or reverses the
/// account (<c>/v1/accounts/{id}/reverse</c>), which grants all its appeals.
/// </summary>
internal static class AppealEndpoints
{
    public static void MapAppeals(this IEndpointRouteBuilder routes, ServerState state)
    {
        routes.MapPost("/v1/accounts/{id}/appeals", context => Note(context, state)).Needs(Scopes.Act);
        routes.MapGet("/v1/appeals", context => List(context, state)).Needs(Scopes.Read);
        routes.MapPost("/v1/appeals/{appeal}/reject", context => Reject(context, state)).Needs(Scopes.Act);
    }

    /// <summary>The member <c>appeals</c> of an account.</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<Appeal> appeals)
    {
        writer.WriteStartArray("appeals");
        foreach (var appeal in appeals)
        {
            writer.WriteStartObject();
            WriteFields(writer, appeal);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static async Task Note(HttpContext context, ServerState state)
    {
        if (await PersonsNote.Read(context, state.Limits) is not { } note) return;
        var appeal = state.Decisions.Appeal(new AccountId(context.Request.Query["source"].ToString() is { Length: > 0 } source ? source : LogFile.DefaultSource, RouteText.Of(context, "id")), note.By, note.Text);
        await Replies.Ok(context, writer =>
        {
            writer.WriteStartObject();
            WriteFields(writer, appeal);
            writer.WriteEndObject();
        });
    }

    /// <summary>Each with what is decided on the account now.</summary>
    private static Task List(HttpContext context, ServerState state) => Replies.Ok(context, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("open");
        foreach (var appeal in state.Store.Decisions.OpenAppeals())
        {
            writer.WriteStartObject();
            writer.WriteString("account", appeal.Account.Id);
            writer.WriteString("source", appeal.Account.Source);
            WriteFields(writer, appeal);
            writer.WriteStartObject("decision");
            VerdictJson.Write(writer, state.Decisions.Table.Verdicts.GetValueOrDefault(appeal.Account));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static async Task Reject(HttpContext context, ServerState state)
    {
        if (await PersonsNote.Read(context, state.Limits) is not { } note) return;
        if (!long.TryParse(RouteText.Of(context, "appeal"), NumberStyles.None, CultureInfo.InvariantCulture, out var id) || !state.Decisions.RejectAppeal(id, note.By, note.Text))
        {
            await Problems.Write(context, StatusCodes.Status404NotFound, "unknown-appeal", "There is no open appeal of this id.");
            return;
        }

        await Replies.Done(context);
    }

    private static void WriteFields(Utf8JsonWriter writer, Appeal appeal)
    {
        writer.WriteNumber("id", appeal.Id);
        writer.WriteString("by", appeal.By);
        writer.WriteString("note", appeal.Note);
        writer.WriteString("against", appeal.Against);
        writer.WriteString("at", VerdictJson.Time(appeal.AtMs));
        writer.WriteString("outcome", appeal.Outcome switch { AppealOutcome.Granted => "granted", AppealOutcome.Rejected => "rejected", _ => "open" });
        if (appeal.DecidedMs is not { } decided) return;
        writer.WriteString("decided_by", appeal.DecidedBy);
        writer.WriteString("decided_note", appeal.DecidedNote);
        writer.WriteString("decided_at", VerdictJson.Time(decided));
    }
}
