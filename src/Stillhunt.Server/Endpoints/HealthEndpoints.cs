using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Stillhunt.Campaigns;
using Stillhunt.Server.Decisions;
using Stillhunt.Server.Security;

namespace Stillhunt.Server.Endpoints;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: the store was read and traffic is taken. <c>/metrics</c>: Prometheus text. <c>/v1/status</c>.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes, ServerState state)
    {
        routes.MapGet("/healthz", context => Replies.Ok(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("status", "ok");
            writer.WriteEndObject();
        })).IsOpen().InPlace();
        routes.MapGet("/readyz", context => state.IsReady
            ? Replies.Ok(context, writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("status", "ready");
                writer.WriteEndObject();
            })
            : Problems.Write(context, StatusCodes.Status503ServiceUnavailable, "starting", "The store is being read.")).IsOpen().InPlace();
        routes.MapGet("/metrics", context => Metrics(context, state)).Needs(Scopes.Read);
        routes.MapGet("/v1/status", context => Status(context, state)).Needs(Scopes.Read);
    }

    private static Task Metrics(HttpContext context, ServerState state)
    {
        var text = new StringBuilder();
        foreach (var (name, help, sum) in state.Counters.All)
            text.Append(CultureInfo.InvariantCulture, $"# HELP stillhunt_{name}_total {help}\n# TYPE stillhunt_{name}_total counter\nstillhunt_{name}_total {sum.Value}\n");
        foreach (var (name, help, value) in state.Counters.Gauges)
            text.Append(CultureInfo.InvariantCulture, $"# HELP stillhunt_{name} {help}\n# TYPE stillhunt_{name} gauge\nstillhunt_{name} {value()}\n");
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }

    private static Task Status(HttpContext context, ServerState state) => Replies.Ok(context, writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("ready", state.IsReady);
        writer.WriteNumber("exchange_count", state.IsReady ? state.Store.Exchanges.CountExchanges() : 0);
        writer.WriteNumber("account_count", state.Detection.Use.Count);
        writer.WriteNumber("known_account_count", state.Accounts.Count);
        writer.WriteNumber("campaign_count", state.Campaigns.Campaigns.Count(campaign => campaign.Stands && campaign.Announced));
        writer.WriteNumber("detection_count", state.Counters.Detections.Value);
        writer.WriteNumber("detected_exchange_count", state.Detection.DetectedCount);
        writer.WriteNumber("quick_look_count", state.Counters.QuickLooks.Value);
        writer.WriteNumber("quick_look_seconds", Math.Round(state.Detection.Quick.LastTook.TotalSeconds, 3));
        writer.WriteNumber("detection_fault_count", state.Counters.DetectionFaults.Value);
        writer.WriteNumber("detection_seconds", Math.Round(state.Detection.LastTook.TotalSeconds, 3));
        if (state.Detection.LastEnded is { } ended) writer.WriteString("detection_ended", VerdictJson.Time(ended.ToUnixTimeMilliseconds()));
        writer.WriteStartArray("left_out");
        foreach (var kind in EvidenceKinds.All.Where(state.LeaveOut.Contains)) writer.WriteStringValue(kind);
        writer.WriteEndArray();
        writer.WriteNumber("store_bytes", state.Store.SizeBytes);
        writer.WriteNumber("event_seq", state.Store.Campaigns.LastEvent);
        writer.WriteEndObject();
    });
}
