using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Stillhunt.Ingest.Formats;
using Stillhunt.Ingest.Json;
using Stillhunt.Response;
using Stillhunt.Server.Decisions;
using Stillhunt.Server.Enforcement;
using Stillhunt.Server.Security;

namespace Stillhunt.Server.Endpoints;

/// <summary>
/// LiteLLM's Generic Guardrail API (beta), from its documentation: asked with the texts of a request, and again with those of its answer; the reply is <c>NONE</c>,
/// <c>BLOCKED</c>, or <c>GUARDRAIL_INTERVENED</c> with all texts anew. The account follows the rule by which LiteLLM's logs are read.
/// </summary>
internal static class LiteLlmEndpoint
{
    public static void MapLiteLlm(this IEndpointRouteBuilder routes, ServerState state, Admissions admissions) =>
        routes.MapPost("/beta/litellm_basic_guardrail_api", context => Answer(context, state, admissions)).Needs(Scopes.Decide).InPlace();

    private static async Task Answer(HttpContext context, ServerState state, Admissions admissions)
    {
        if (!admissions.IsOpen)
        {
            await EnforcementEndpoints.NotYet(context);
            return;
        }

        if (await GatewayBody.Read(context, state.Limits, asked => Of(asked, admissions), Blocked) is { } write) await Replies.Ok(context, write);
    }

    private static Action<Utf8JsonWriter> Of(JsonElement asked, Admissions admissions)
    {
        var isResponse = GatewayBody.Text(asked, "input_type") == "response";
        var account = Account(asked, out var isInternal);
        // The proxy's own calls are nobody's. An answer that bears no name belongs to a request that was asked about.
        if (isInternal || (isResponse && account is null)) return None;
        var admission = admissions.Of(new Question(account ?? "", null, null, GatewayBody.Text(asked, "model"), null), counts: !isResponse);
        if (admission.Refusal is { } refusal) return Blocked(refusal);
        return isResponse && admission.Obligations.Any(obligation => obligation.Action == ResponseAction.WithholdReasoning) && WithoutReasoning(asked) is { } texts
            ? Intervened(texts)
            : None;
    }

    private static string? Account(JsonElement asked, out bool isInternal)
    {
        isInternal = false;
        if (!asked.TryGetProperty("request_data", out var data) || data.ValueKind != JsonValueKind.Object) return null;
        var identity = default(LiteLlmIdentity);
        var json = JsonSerializer.SerializeToUtf8Bytes(data);
        foreach (var property in JsonValue.Of(json).Properties()) identity.TakeMetadata(property);
        isInternal = identity.IsInternal;
        return identity.Account.ToText();
    }

    /// <summary>All texts, in order; null where none holds reasoning.</summary>
    private static string[]? WithoutReasoning(JsonElement asked)
    {
        if (!asked.TryGetProperty("texts", out var texts) || texts.ValueKind != JsonValueKind.Array) return null;
        var before = texts.EnumerateArray().Select(text => text.GetString() ?? "").ToArray();
        var after = Array.ConvertAll(before, TaggedReasoning.Without);
        return before.SequenceEqual(after) ? null : after;
    }

    private static void None(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("action"u8, "NONE"u8);
        writer.WriteEndObject();
    }

    /// <summary>LiteLLM shows the reason to the client, so it holds what a client may know.</summary>
    private static Action<Utf8JsonWriter> Blocked(Refusal refusal) => writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("action"u8, "BLOCKED"u8);
        writer.WriteString("blocked_reason"u8, string.Create(CultureInfo.InvariantCulture, $"{refusal.Code}: {refusal.Message}{(refusal.RetrySeconds is { } seconds ? $" Come again in {seconds} s." : "")}"));
        writer.WriteEndObject();
    };

    private static Action<Utf8JsonWriter> Intervened(string[] texts) => writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("action"u8, "GUARDRAIL_INTERVENED"u8);
        writer.WriteStartArray("texts"u8);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
        writer.WriteEndObject();
    };
}
