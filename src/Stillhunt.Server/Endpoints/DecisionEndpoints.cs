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

namespace Stillhunt.Server.Endpoints;

/// <summary>
/// What to do: <c>POST /v1/decide</c> for one request or a batch, <c>POST /v1/decide/signup</c> for an applicant, <c>GET /v1/decisions/stream</c>
/// for enforcement points that poll.
/// </summary>
internal static class DecisionEndpoints
{
    private const long MostBytes = 4 << 20;

    public static void MapDecisions(this IEndpointRouteBuilder routes, ServerState state)
    {
        routes.MapPost("/v1/decide", context => Decide(context, state)).Needs(Scopes.Decide).InPlace();
        routes.MapPost("/v1/decide/signup", context => Signup(context, state)).Needs(Scopes.Decide).InPlace();
        routes.MapGet("/v1/decisions/stream", context => Poll(context, state)).Needs(Scopes.Decide);
    }

    private static async Task Decide(HttpContext context, ServerState state)
    {
        if (await RequestBody.Read(context, state.Limits, MostBytes) is not { } body) return;
        if (Read(body.Span, state.Limits.DecisionBatch, out var one, out var many) is { } wrong)
        {
            await Problems.Write(context, StatusCodes.Status400BadRequest, "question", wrong);
            return;
        }

        state.Counters.Decisions.Add(many?.Count ?? 1);
        await Replies.Ok(context, writer =>
        {
            writer.WriteStartObject();
            if (many is null)
            {
                Answer(writer, state, one);
            }
            else
            {
                writer.WriteStartArray("decisions"u8);
                foreach (var question in many)
                {
                    writer.WriteStartObject();
                    writer.WriteString("account"u8, question.Account);
                    Answer(writer, state, question);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        });
    }

    private static void Answer(Utf8JsonWriter writer, ServerState state, Question asked) =>
        VerdictJson.Write(writer, asked.AnsweredBy(state.Decisions));

    /// <summary>Reads <c>{"account":..}</c> or <c>{"requests":[{"account":..},..]}</c>; a sentence where it is neither.</summary>
    private static string? Read(ReadOnlySpan<byte> body, int most, out Question one, out List<Question>? many)
    {
        one = default;
        many = null;
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 16 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return """Ask with {"account":".."} or {"requests":[{"account":".."}]}.""";
            if (ReadOne(ref reader, most, out one, ref many) is { } wrong) return wrong;
            return reader.Read() ? "Something follows the end of the JSON object." : null;
        }
        catch (JsonException)
        {
            return "The body is no JSON.";
        }
        catch (InvalidOperationException)
        {
            return "A field holds text that is no valid UTF-8 or UTF-16.";
        }
    }

    private static string? ReadOne(ref Utf8JsonReader reader, int most, out Question question, ref List<Question>? many, bool inner = false)
    {
        string? account = null, source = null, region = null, model = null, tier = null;
        question = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!inner && reader.ValueTextEquals("requests"u8))
            {
                if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) return "requests takes an array.";
                many = [];
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (reader.TokenType != JsonTokenType.StartObject) return "requests takes objects with an account each.";
                    List<Question>? none = null;
                    if (ReadOne(ref reader, most, out var each, ref none, inner: true) is { } wrong) return wrong;
                    if (many.Count == most) return string.Create(CultureInfo.InvariantCulture, $"At most {most} requests can be asked about at once.");
                    many.Add(each);
                }

                continue;
            }

            var field = reader.ValueTextEquals("account"u8) ? 0 : reader.ValueTextEquals("source"u8) ? 1 : reader.ValueTextEquals("region"u8) ? 2
                : reader.ValueTextEquals("model"u8) ? 3 : reader.ValueTextEquals("tier"u8) ? 4 : -1;
            reader.Read();
            if (field < 0)
            {
                reader.Skip();
                continue;
            }

            if (reader.TokenType == JsonTokenType.Null) continue;
            if (reader.TokenType != JsonTokenType.String) return "account, source, region, model and tier take text.";
            var text = reader.GetString();
            switch (field)
            {
                case 0: account = text; break;
                case 1: source = text; break;
                case 2: region = text; break;
                case 3: model = text; break;
                default: tier = text; break;
            }
        }

        if (many is not null) return null;
        if (string.IsNullOrEmpty(account)) return "A request needs an account.";
        question = new Question(account, source, region, model, tier);
        return null;
    }

    /// <summary>An applicant, in the fields of the accounts file: what it shares with known campaigns, and what access rules say.</summary>
    private static async Task Signup(HttpContext context, ServerState state)
    {
        if (await RequestBody.Read(context, state.Limits, MostBytes) is not { } body) return;
        AccountsFile read;
        try
        {
            read = AccountsFile.Load(new MemoryStream(body.ToArray(), writable: false), "body");
        }
        catch (IOException fault)
        {
            await Problems.Write(context, StatusCodes.Status400BadRequest, "not-an-applicant", fault.Message);
            return;
        }

        if (read.Records.Count != 1 || read.Faults.Count > 0)
        {
            await Problems.Write(context, StatusCodes.Status400BadRequest, "not-an-applicant",
                read.Faults.Count > 0 ? $"{read.Faults[0].Field ?? "record"}: {read.Faults[0].Reason}" : "Send one object with account and what is known: payment, phone, email_domain, email_shape, referrer, created, owner_country, program, ...");
            return;
        }

        var applicant = read.Records.Values.First();
        var finding = state.Decisions.Score(applicant);
        var access = Decision.OfAccess(new AccountId(LogFile.DefaultSource, applicant.Account), new RuleFacts { Now = state.Time.GetUtcNow(), Record = applicant, Signup = () => finding.Score }, state.Decisions.Table.Policy);
        state.Counters.Decisions.Add(1);
        await Replies.Ok(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("score", Math.Round(finding.Score, 6));
            writer.WriteString("like_campaign", finding.Campaign);
            writer.WriteStartArray("evidence");
            foreach (var reason in finding.Reasons) writer.WriteStringValue(reason);
            writer.WriteEndArray();
            VerdictJson.Write(writer, access);
            writer.WriteEndObject();
        });
    }

    /// <summary>
    /// <c>?since=</c> the number of the last answer gives what changed since; without it, or from before a restart, everything that stands
    /// (<c>"complete": true</c>). One decision for each campaign and rule, with its accounts.
    /// </summary>
    private static async Task Poll(HttpContext context, ServerState state)
    {
        var table = state.Decisions.Table;
        var asked = context.Request.Query["since"].ToString();
        long since = 0;
        if (asked.Length > 0 && !long.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out since))
        {
            await Problems.Write(context, StatusCodes.Status400BadRequest, "since", "since takes the seq of an earlier answer.");
            return;
        }

        var complete = since < state.Decisions.FirstSeq || since > table.Seq;
        await Replies.Ok(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("seq", table.Seq);
            writer.WriteBoolean("complete", complete);
            writer.WriteStartArray("decisions");
            foreach (var decision in table.Standing.Values.Where(decision => complete || decision.Seq > since).OrderBy(decision => decision.Id, StringComparer.Ordinal)) Write(writer, decision);
            writer.WriteEndArray();
            writer.WriteStartArray("ended");
            if (!complete)
                foreach (var (id, _) in table.Ended.Where(pair => pair.Seq > since)) writer.WriteStringValue(id);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter writer, StandingDecision decision)
    {
        writer.WriteStartObject();
        writer.WriteString("id", decision.Id);
        writer.WriteString("campaign", decision.Campaign);
        writer.WriteString("rule", decision.Rule);
        writer.WritePropertyName("obligations");
        VerdictJson.Write(writer, decision.Obligations);
        writer.WriteStartArray("accounts");
        foreach (var account in decision.Accounts)
        {
            writer.WriteStartObject();
            writer.WriteString("source", account.Source);
            writer.WriteString("id", account.Id);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("expires", VerdictJson.Time(decision.ExpiresMs));
        writer.WriteEndObject();
    }
}
