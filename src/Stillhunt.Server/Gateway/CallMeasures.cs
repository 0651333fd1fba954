using Microsoft.AspNetCore.Http;
using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Response;
using Stillhunt.Response.Canaries;
using Stillhunt.Response.Countermeasures;
using Stillhunt.Server.Enforcement;

namespace Stillhunt.Server.Gateway;

/// <summary>What becomes of one request under its decision: measures, or a refusal.</summary>
internal readonly record struct MeasuredCall(Measures Measures, RefusalKind? Refused = null, TimeSpan? Wait = null);

/// <summary>From a decision to what is done to one request and its answer; counts caps.</summary>
internal sealed class CallMeasures(GatewayOptions options, GatewayCounters counters, TimeProvider time)
{
    private readonly RequestCap _requests = new(time);
    private readonly TokenBudget _tokens = new(time);

    public MeasuredCall Of(GatewayCall call, string account, GatewayDecision decision)
    {
        if (decision.Asks(ResponseAction.Suspend)) return Refuse(RefusalKind.Suspended);
        if (decision.Asks(ResponseAction.Hold)) return Refuse(RefusalKind.OnHold);
        if (decision.Asks(ResponseAction.Verify)) return Refuse(RefusalKind.VerificationRequired);
        var measures = Measures.Of(decision.Obligations);
        var caps = decision.Obligations.Where(obligation => obligation.Action == ResponseAction.Cap).ToList();
        if (!measures.IsEmpty || caps.Count > 0)
        {
            // Where answers come later, or in forms that are not known here, obligations could not be kept.
            var path = call.Context.Request.Path.Value ?? "";
            if (ModelApis.IsBatch(path) || (HttpMethods.IsPost(call.Context.Request.Method) && (!ModelApis.IsKnown(path) || (!call.AsksModel && (ModelApis.AsksModel(path) || AsksByConversation(call)))))) return Refuse(RefusalKind.EndpointClosed);
            // What is taken out of one of two members, or counted by it, the provider may read in the other.
            if (call.AsksModel && RequestFacts.IsUnclear(call.Body.Span))
            {
                counters.UnreadableRequests.Add(1);
                return Refuse(RefusalKind.BadRequest);
            }
        }

        measures = measures with { Canary = Mark(call, decision, measures) };
        if (!call.AsksModel || caps.Count == 0) return new MeasuredCall(measures);
        var id = new AccountId(options.Source ?? LogFile.DefaultSource, account);
        if (caps.Min(cap => cap.RequestsPerHour) is { } requests && _requests.Take(id, requests) is { } pause) return Refuse(RefusalKind.RequestsUsedUp, pause);
        if (call.Facts is not { } facts || caps.Min(cap => cap.TokensPerDay) is not { } tokens) return new MeasuredCall(measures);
        // A number that is written as none ("n": "50") is one to some providers, and can't be counted on here.
        if (call.Api == ModelApi.ChatCompletions && !measures.StripCandidates && facts.CandidateCount is null) return Refuse(RefusalKind.BadRequest);
        var candidates = call.Api != ModelApi.ChatCompletions ? 1 : (measures.StripCandidates ? 1 : facts.CandidateCount!.Value) * facts.PromptCount;
        var isCompaction = ModelApis.IsCompaction(call.Context.Request.Path.Value ?? "");
        // A compaction has no limit: what a client names as one would only make what is set aside small, for many at once.
        var limit = isCompaction ? null : facts.OutputTokens;
        var asked = Math.Min(limit ?? options.Limits.TokensWithoutLimit, long.MaxValue / candidates) * candidates;
        call.Reservation = _tokens.TryReserve(id, tokens, Math.Max(1, asked));
        // The refusal gives back what was too little.
        if (call.Reservation is not { } reservation || reservation.Granted < candidates) return Refuse(RefusalKind.TokensUsedUp, TokenBudget.UntilTomorrow(time));
        // A compaction knows no limit of its answer, and what it does not know is refused there: it counts by what it declares.
        if (isCompaction) return new MeasuredCall(measures);
        return new MeasuredCall(measures with { OutputTokens = reservation.Granted / candidates, HideUsage = call.Api == ModelApi.ChatCompletions && facts is { IsStream: true, WantsUsage: false } });
    }

    /// <summary>Conversations that a model answers (Mistral) have a form that is not known here; so has what can't be read.</summary>
    private static bool AsksByConversation(GatewayCall call) => call.Api == ModelApi.Responses && (call.Facts?.HasInputs ?? call.Body.Length > 0);

    /// <summary>Only for an account that a campaign's verdict names; answers that are no plain prose, or that tell their text a second time, go unmarked.</summary>
    private CanaryMark? Mark(GatewayCall call, GatewayDecision decision, Measures measures)
    {
        if (!decision.Asks(ResponseAction.Canary) || decision.Campaign is not { } campaign || call.Api is null) return null;
        if (options.Canaries is not { } canaries)
        {
            counters.CanariesWithoutKey.Add(1);
            return null;
        }

        if (call.Facts is { } facts && (!facts.IsPlainText || (facts.WantsLogprobs && !measures.StripLogprobs))) return null;
        return new CanaryMark(canaries.Keys[^1], campaign, call.Body);
    }

    private static MeasuredCall Refuse(RefusalKind kind, TimeSpan? wait = null) => new(Measures.None, kind, wait);
}
