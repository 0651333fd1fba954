using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Stillhunt.Response;
using Stillhunt.Server.Decisions;
using Stillhunt.Server.Enforcement;
using Stillhunt.Server.Security;

namespace Stillhunt.Server.Endpoints;

/// <summary>
/// The webhook guardrail of Portkey's gateway. It is asked with the whole request, and with its answer where it is set for both; the account stands in the request's metadata under
/// <c>_user</c>, or what <c>?account=</c> names. Portkey shows the reply's <c>data</c> to the client, so it holds what a client may know.
/// </summary>
internal static class PortkeyEndpoint
{
    private const string DefaultAccountField = "_user";

    public static void MapPortkey(this IEndpointRouteBuilder routes, ServerState state, Admissions admissions) =>
        routes.MapPost("/v1/enforce/portkey", context => Answer(context, state, admissions)).Needs(Scopes.Decide).InPlace();

    private static async Task Answer(HttpContext context, ServerState state, Admissions admissions)
    {
        if (!admissions.IsOpen)
        {
            await EnforcementEndpoints.NotYet(context);
            return;
        }

        var field = context.Request.Query["account"].ToString() is { Length: > 0 } named ? named : DefaultAccountField;
        if (await GatewayBody.Read(context, state.Limits, hook => Of(hook, field, admissions), Refused) is { } write) await Replies.Ok(context, write);
    }

    private static Action<Utf8JsonWriter> Of(JsonElement hook, string field, Admissions admissions)
    {
        var question = new Question(GatewayBody.Text(hook, "metadata", field) ?? "", GatewayBody.Text(hook, "metadata", "source"), null, GatewayBody.Text(hook, "request", "json", "model"), null);
        var isBefore = GatewayBody.Text(hook, "eventType") != "afterRequestHook";
        var admission = admissions.Of(question, counts: isBefore);
        if (admission.Refusal is { } refusal) return Refused(refusal);
        var stripped = isBefore && hook.TryGetProperty("request", out var request) && request.ValueKind == JsonValueKind.Object && request.TryGetProperty("json", out var json)
            ? RequestFields.Without(json, admission.Obligations)
            : null;
        return writer =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("verdict"u8, true);
            if (stripped is not null)
            {
                writer.WriteStartObject("transformedData"u8);
                writer.WriteStartObject("request"u8);
                writer.WritePropertyName("json"u8);
                writer.WriteRawValue(stripped, skipInputValidation: true);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        };
    }

    private static Action<Utf8JsonWriter> Refused(Refusal refusal) => writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("verdict"u8, false);
        writer.WriteStartObject("data"u8);
        writer.WriteString("code"u8, refusal.Code);
        writer.WriteString("message"u8, refusal.Message);
        if (refusal.RetrySeconds is { } seconds) writer.WriteNumber("retry_after_seconds"u8, seconds);
        writer.WriteEndObject();
        writer.WriteEndObject();
    };
}
