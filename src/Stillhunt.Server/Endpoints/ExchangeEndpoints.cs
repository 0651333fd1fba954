using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Stillhunt.Ingest;
using Stillhunt.Server.Intake;
using Stillhunt.Server.Security;
using Stillhunt.Server.Store;

namespace Stillhunt.Server.Endpoints;

/// <summary>
/// Takes traffic in: <c>POST /v1/exchanges</c> (JSON Lines, an array, one record; any format that <c>scan</c> reads), and OTLP/HTTP in JSON.
/// What is answered with 200 is durable.
/// </summary>
internal static class ExchangeEndpoints
{
    public static void MapExchanges(this IEndpointRouteBuilder routes, ServerState state)
    {
        routes.MapPost("/v1/exchanges", context => Take(context, state)).Needs(Scopes.Ingest);
        routes.MapPost("/v1/traces", context => TakeOtlp(context, state)).Needs(Scopes.Ingest);
        routes.MapPost("/v1/logs", context => TakeOtlp(context, state)).Needs(Scopes.Ingest);
    }

    private static async Task Take(HttpContext context, ServerState state)
    {
        var source = context.Request.Query["source"].ToString() is { Length: > 0 } named ? named : LogFile.DefaultSource;
        LogFormat? format = null;
        if (context.Request.Query["format"].ToString() is { Length: > 0 } name && name != "auto" && (format = LogFormats.Find(name)) is null)
        {
            await Problems.Write(context, StatusCodes.Status400BadRequest, "unknown-format", $"format may be auto, {string.Join(", ", LogFormats.All.Select(known => known.Name))}.");
            return;
        }

        if (source.Length > 200)
        {
            await Problems.Write(context, StatusCodes.Status400BadRequest, "source", "source may have 200 characters.");
            return;
        }

        if (await TakeIn(context, state, source, format) is not { } reply) return;
        if (reply is { AcceptedCount: 0, DuplicateCount: 0, RejectedCount: > 0 })
        {
            await Problems.Write(context, StatusCodes.Status400BadRequest, "nothing-usable", "No record of the body could be used.", writer => Write(writer, reply));
            return;
        }

        await Replies.Ok(context, writer =>
        {
            writer.WriteStartObject();
            Write(writer, reply);
            writer.WriteEndObject();
        });
    }

    /// <summary>Answers as OTLP/HTTP asks: an empty object, or how many were rejected and why.</summary>
    private static async Task TakeOtlp(HttpContext context, ServerState state)
    {
        if (context.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true)
        {
            await Problems.Write(context, StatusCodes.Status415UnsupportedMediaType, "not-json", "OTLP is taken as JSON: set the exporter's protocol to http/json.");
            return;
        }

        if (await TakeIn(context, state, LogFile.DefaultSource, LogFormats.Otlp) is not { } reply) return;
        await Replies.Ok(context, writer =>
        {
            writer.WriteStartObject();
            if (reply.RejectedCount > 0)
            {
                writer.WriteStartObject("partialSuccess");
                writer.WriteNumber(context.Request.Path.Value!.EndsWith("traces", StringComparison.Ordinal) ? "rejectedSpans" : "rejectedLogRecords", reply.RejectedCount);
                writer.WriteString("errorMessage", string.Join(", ", reply.Rejected.Select(record => record.Reason).Distinct()));
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        });
    }

    private static async Task<IntakeReply?> TakeIn(HttpContext context, ServerState state, string source, LogFormat? format)
    {
        if (!state.IsReady)
        {
            await Problems.Write(context, StatusCodes.Status503ServiceUnavailable, "starting", "The store is being read; come again in a moment.");
            return null;
        }

        if (await RequestBody.Read(context, state.Limits) is not { } body) return null;
        var request = new IntakeRequest(body, source, format);
        if (!state.Intake.TryAdd(request))
        {
            state.Counters.TurnedAway.Add(1);
            await Problems.Write(context, StatusCodes.Status429TooManyRequests, "too-much-waiting", "Too much is waiting to be taken in; send this again later.");
            return null;
        }

        try
        {
            return await request.Done.Task;
        }
        catch (IOException fault)
        {
            await Problems.OfStore(context, fault);
            return null;
        }
    }

    private static void Write(Utf8JsonWriter writer, IntakeReply reply)
    {
        writer.WriteNumber("accepted_count", reply.AcceptedCount);
        writer.WriteNumber("duplicate_count", reply.DuplicateCount);
        writer.WriteNumber("rejected_count", reply.RejectedCount);
        writer.WriteStartArray("rejected");
        foreach (var record in reply.Rejected)
        {
            writer.WriteStartObject();
            writer.WriteNumber("line", record.Line);
            writer.WriteString("reason", record.Reason);
            writer.WriteString("field", record.Field);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("dropped_field_count", reply.DroppedFieldCount);
        writer.WriteStartArray("dropped_fields");
        foreach (var dropped in reply.DroppedFields)
        {
            writer.WriteStartObject();
            writer.WriteNumber("line", dropped.Line);
            writer.WriteString("field", dropped.Field);
            writer.WriteNumber("count", dropped.Count);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
