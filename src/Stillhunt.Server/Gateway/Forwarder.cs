using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stillhunt.Ingest.Json;
using Stillhunt.Response.Countermeasures;

using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace Stillhunt.Server.Gateway;

/// <summary>
/// One request after another: <c>who -> decision -> (refusal | request to the provider) -> answer as it comes -> report</c>. Without a verdict nothing of request or answer is changed, and every
/// piece of an answer goes out when it comes in.
/// </summary>
internal sealed partial class Forwarder : IDisposable
{
    /// <summary>As nginx logs it: the client did not wait for an answer.</summary>
    private const int ClientClosedRequest = 499;

    private readonly GatewayOptions _options;
    private readonly TimeProvider _time;
    private readonly GatewayCounters _counters;
    private readonly DecisionDesk _decisions;
    private readonly ReportQueue _reports;
    private readonly CanaryRecord? _canaries;
    private readonly CallMeasures _measures;
    private readonly ServedReplacements _replacements;
    private readonly FieldPath? _accountField;
    private readonly ProviderClient _provider;
    private readonly AnswerRelay _relay;
    private readonly RefusalReply _refusals;
    private readonly ILogger _log;
    private int _open;

    public Forwarder(GatewayOptions options, TimeProvider time, GatewayCounters counters, DecisionDesk decisions, ReportQueue reports, CanaryRecord? canaries, ILogger log)
    {
        (_options, _time, _counters, _decisions, _reports, _canaries, _log) = (options, time, counters, decisions, reports, canaries, log);
        _measures = new CallMeasures(options, counters, time);
        _replacements = new ServedReplacements(time);
        _accountField = options.Account.BodyField is { } field ? new FieldPath(field) : null;
        _provider = new ProviderClient(options.Limits);
        _relay = new AnswerRelay(options.Limits, counters);
        _refusals = new RefusalReply(options.HelpUrl, counters);
    }

    /// <summary>Requests that are being answered.</summary>
    public int Open => Volatile.Read(ref _open);

    public void Dispose() => _provider.Dispose();

    public async Task Handle(HttpContext context)
    {
        _counters.Requests.Add(1);
        Interlocked.Increment(ref _open);
        var call = new GatewayCall(context, _time.GetUtcNow(), ModelApis.Find(context.Request.Path.Value ?? ""), _options.Limits.ReportAnswerBytes);
        try
        {
            await Handle(call);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            _counters.Cancelled.Add(1);
            call.Status ??= ClientClosedRequest;
        }
        catch (BadHttpRequestException bad)
        {
            await _refusals.Send(call, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? RefusalKind.TooLarge : RefusalKind.BadRequest);
        }
        finally
        {
            // Without an answer there were no tokens. Where one broke off, or the client left before its end, nobody knows how many, and all that was set aside counts.
            call.Reservation?.Settle(call.OutputTokens ?? (call.Status is >= 400 and not ClientClosedRequest ? 0 : null));
            if (call.Canary is { } mark) _canaries?.Add(mark);
            Report(call);
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task Handle(GatewayCall call)
    {
        var request = call.Context.Request;
        if (ProxyHeaders.AsksForWebSocket(request) || ProxyHeaders.IsLoop(request) || UpstreamTarget.Of(call.Context, _options.Upstream) is not { } target)
        {
            await _refusals.Send(call, RefusalKind.Unsupported);
            return;
        }

        await call.ReadBody(_options.Limits.RequestBytes);
        call.Facts = call.AsksModel && !RequestCharset.IsTaken(request.ContentType) ? null : RequestFacts.Read(call.Body.Span);
        // Some providers read what is no JSON here (marks, UTF-16, NaN): a model that is not seen is a rule that is not asked, and a prompt that detection misses. No honest client sends it.
        if (call is { AsksModel: true, Facts: null } or { Facts.OtherModels.Count: > RequestFacts.MostOtherModels })
        {
            _counters.UnreadableRequests.Add(1);
            await _refusals.Send(call, RefusalKind.BadRequest);
            return;
        }

        call.Sender = RequestSender.Of(request.Headers, call.Body.Span, _options.Account, _accountField);
        if (call.Sender.IsUnclear)
        {
            await _refusals.Send(call, RefusalKind.SeveralKeys);
            return;
        }

        call.Region = _options.RegionHeader is { } header ? request.Headers[header].ToString() : null;
        if (call.Sender.Account is not { } account)
        {
            _counters.Unidentified.Add(1);
            // A browser asks whether it may ask (CORS) without its key.
            if (_options.FailClosed && !HttpMethods.IsOptions(request.Method)) await _refusals.Send(call, RefusalKind.NoAccount);
            else await Pass(call, target, Measures.None);
            return;
        }

        var decision = await Decide(call, account);
        if (decision is null)
        {
            _counters.Undecided.Add(1);
            if (_options.FailClosed)
            {
                await _refusals.Send(call, RefusalKind.Undecided, TimeSpan.FromSeconds(1));
                return;
            }

            decision = GatewayDecision.Nothing;
        }

        var measured = _measures.Of(call, account, decision);
        if (measured.Refused is { } kind) await _refusals.Send(call, kind, measured.Wait);
        else await Pass(call, target, measured.Measures);
    }

    /// <summary>Whichever model the provider takes of several: where a rule is about one of them, the request is under it.</summary>
    private async Task<GatewayDecision?> Decide(GatewayCall call, string account)
    {
        var region = call.Region is { Length: > 0 } named ? named : null;
        var decision = await _decisions.Ask(account, call.Facts?.Model, region).WaitAsync(call.Aborted);
        var isUnknown = decision is null;
        foreach (var other in call.Facts?.OtherModels ?? [])
        {
            if (decision is { Restricts: true }) break;
            var about = await _decisions.Ask(account, other, region).WaitAsync(call.Aborted);
            isUnknown |= about is null;
            if (decision is not { Obligations.Count: > 0 } || about is { Restricts: true }) decision = about ?? decision;
        }

        return isUnknown && decision is not { Restricts: true } ? null : decision;
    }

    private async Task Pass(GatewayCall call, Uri target, Measures measures)
    {
        var body = call.Sent;
        var rewritesAnswer = call.Api is not null && (measures.ChangesAnswers || call.Reservation is not null);
        if (call is { AsksModel: true, Api: { } api })
        {
            // Also under a verdict that replaces nothing, or whose measures are others now.
            var wasReplaced = _replacements.Were(call.Sender.Account);
            if (measures.ChangesRequests || wasReplaced)
            {
                var changed = new ArrayBufferWriter<byte>(call.Body.Length + 64);
                if (!RequestBody.TryRewrite(api, measures, call.Body.Span, changed, wasReplaced))
                {
                    await _refusals.Send(call, RefusalKind.BadRequest);
                    return;
                }

                // What came packed and says what it may goes on as it came.
                if (!changed.WrittenSpan.SequenceEqual(call.Body.Span)) body = changed.WrittenMemory;
            }
        }

        var isRewritten = !body.Equals(call.Sent);
        (rewritesAnswer || isRewritten ? _counters.Rewritten : _counters.Unchanged).Add(1);
        if (rewritesAnswer && measures.Reasoning == ReasoningView.Summarised) _replacements.Note(call.Sender.Account!);
        using var timely = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted);
        timely.CancelAfter(_options.Limits.UpstreamTime);
        try
        {
            using var answer = await _provider.Send(call, target, body, isRewritten, readable: rewritesAnswer, timely.Token);
            var isChanged = rewritesAnswer && answer.IsSuccessStatusCode;
            if (isChanged) call.Canary = measures.Canary;
            await _relay.Send(call, answer, isChanged ? measures : null, timely);
        }
        catch (Exception fault) when ((fault is HttpRequestException or IOException or InvalidDataException or OperationCanceledException) && !call.Aborted.IsCancellationRequested)
        {
            _counters.UpstreamFaults.Add(1);
            UpstreamFailed(_log, fault is not OperationCanceledException ? fault.Message : call.Status is null ? "no answer in time" : "silence in the middle of an answer");
            // The client must see that the answer is not whole.
            if (call.Context.Response.HasStarted) call.Context.Abort();
            else await _refusals.Send(call, fault is OperationCanceledException ? RefusalKind.UpstreamTooSlow : fault is InvalidDataException ? RefusalKind.UpstreamUnreadable : RefusalKind.UpstreamUnreachable);
        }
    }

    private void Report(GatewayCall call)
    {
        if (call is not { AsksModel: true, Api: { } api, Status: { } status, Facts: not null, Sender.Account: not null }) return;
        var request = call.Context.Request;
        _reports.Add(new ExchangeReport
        {
            Time = call.Began, Id = "gw-" + Guid.CreateVersion7(call.Began).ToString("N"), Sender = call.Sender, Region = call.Region, Client = request.Headers.UserAgent.ToString(),
            Address = _options.AddressHeader is { } header ? ProxyHeaders.Address(request.Headers[header], _options.AddressProxies) : call.Context.Connection.RemoteIpAddress?.ToString(),
            Api = api, Request = call.Body, Status = status, Answer = status < 400 ? call.Tee.Kept : null, Encoding = call.Encoding, IsStream = call.IsStream,
        });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The provider failed: {Why}")]
    private static partial void UpstreamFailed(ILogger log, string why);
}
