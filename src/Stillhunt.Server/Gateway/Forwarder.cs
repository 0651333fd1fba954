using System.Buffers;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stillhunt.Ingest.Json;
using Stillhunt.Response;
using Stillhunt.Response.Countermeasures;

using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace Stillhunt.Server.Gateway;

/// <summary>
/// One request after another: <c>who -> decision -> (refusal | request to the provider) -> answer as it comes -> report</c>. Without a verdict nothing of request or answer is changed, and every
/// piece of an answer goes out when it comes in.
/// </summary>
internal sealed partial class Forwarder : IDisposable
{
    private readonly GatewayOptions _options;
    private readonly TimeProvider _time;
    private readonly GatewayCounters _counters;
    private readonly DecisionDesk _decisions;
    private readonly ReportQueue _reports;
    private readonly Allowances _allowances;
    private readonly ServedReplacements _replacements;
    private readonly FieldPath? _accountField;
    private readonly HttpMessageInvoker _upstream;
    private readonly ILogger _log;
    private int _open;

    public Forwarder(GatewayOptions options, TimeProvider time, GatewayCounters counters, DecisionDesk decisions, ReportQueue reports, ILogger log)
    {
        (_options, _time, _counters, _decisions, _reports, _log) = (options, time, counters, decisions, reports, log);
        _allowances = new Allowances(time);
        _replacements = new ServedReplacements(time);
        _accountField = options.Account.BodyField is { } field ? new FieldPath(field) : null;
        _upstream = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null,
            ConnectTimeout = options.Limits.UpstreamConnect, EnableMultipleHttp2Connections = true, PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxConnectionsPerServer = int.MaxValue,
            // A client that left must not keep the provider generating: no waiting for the rest of an answer.
            ResponseDrainTimeout = TimeSpan.Zero, MaxResponseDrainSize = 0,
            RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.Latin1, ResponseHeaderEncodingSelector = (_, _) => System.Text.Encoding.Latin1,
        });
    }

    /// <summary>Requests that are being answered.</summary>
    public int Open => Volatile.Read(ref _open);

    public void Dispose() => _upstream.Dispose();

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
            await Refuse(call, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? RefusalKind.TooLarge : RefusalKind.BadRequest);
        }
        finally
        {
            call.Reservation?.Settle(call.OutputTokens);
            Report(call);
            Interlocked.Decrement(ref _open);
        }
    }

    /// <summary>As nginx logs it: the client did not wait for an answer.</summary>
    private const int ClientClosedRequest = 499;

    private async Task Handle(GatewayCall call)
    {
        var request = call.Context.Request;
        if (request.Headers.Upgrade.Count > 0 || ProxyHeaders.IsLoop(request) || UpstreamTarget.Of(call.Context, _options.Upstream) is not { } target)
        {
            await Refuse(call, RefusalKind.Unsupported);
            return;
        }

        await call.ReadBody();
        call.Facts = RequestFacts.Read(call.Body.Span);
        call.Sender = RequestSender.Of(request.Headers, call.Body.Span, _options.Account, _accountField);
        call.Region = _options.RegionHeader is { } header ? request.Headers[header].ToString() : null;
        if (call.Sender.Account is not { } account)
        {
            _counters.Unidentified.Add(1);
            if (_options.FailClosed) await Refuse(call, RefusalKind.NoAccount);
            else await Pass(call, target, Measures.None);
            return;
        }

        var decision = await _decisions.Ask(account, call.Facts?.Model, call.Region is { Length: > 0 } region ? region : null).WaitAsync(call.Aborted);
        if (decision is null)
        {
            _counters.Undecided.Add(1);
            if (_options.FailClosed)
            {
                await Refuse(call, RefusalKind.Undecided, TimeSpan.FromSeconds(1));
                return;
            }

            decision = GatewayDecision.Nothing;
        }

        if (decision.Asks(ResponseAction.Suspend)) await Refuse(call, RefusalKind.Suspended);
        else if (decision.Asks(ResponseAction.Hold)) await Refuse(call, RefusalKind.OnHold);
        else if (decision.Asks(ResponseAction.Verify)) await Refuse(call, RefusalKind.VerificationRequired);
        else if (await Measured(call, account, decision) is { } measures) await Pass(call, target, measures);
    }

    /// <summary>What is done to this request and its answer; null where it was refused.</summary>
    private async Task<Measures?> Measured(GatewayCall call, string account, GatewayDecision decision)
    {
        var measures = Measures.Of(decision.Obligations);
        var caps = decision.Obligations.Where(obligation => obligation.Action == ResponseAction.Cap).ToList();
        if (!measures.IsEmpty || caps.Count > 0)
        {
            // Where answers come later, and in forms that can't be read here, obligations could not be kept.
            if (ModelApis.IsBatch(call.Context.Request.Path.Value ?? "")) return await Refuse(call, RefusalKind.EndpointClosed);
            if (call.Context.Request.Headers.ContentEncoding.Count > 0) return await Refuse(call, RefusalKind.BadRequest);
        }

        var asksModel = call.AsksModel;
        foreach (var cap in caps)
        {
            if (asksModel && cap.RequestsPerHour is { } requests && !_allowances.TryTakeRequest(account, requests, out var wait)) return await Refuse(call, RefusalKind.RequestsUsedUp, wait);
        }

        if (asksModel && call.Facts is { } facts && caps.Min(cap => cap.TokensPerDay) is { } tokens)
        {
            var candidates = measures.StripCandidates || call.Api != ModelApi.ChatCompletions ? 1 : facts.CandidateCount;
            var asked = Math.Min(facts.OutputTokens ?? _options.Limits.TokensWithoutLimit, long.MaxValue / candidates) * candidates;
            if (_allowances.TryReserve(account, tokens, Math.Max(1, asked), out var wait) is not { } reservation || reservation.Granted < candidates) return await Refuse(call, RefusalKind.TokensUsedUp, wait);
            call.Reservation = reservation;
            measures = measures with { OutputTokens = reservation.Granted / candidates, HideUsage = call.Api == ModelApi.ChatCompletions && facts is { IsStream: true, WantsUsage: false } };
        }

        return measures;
    }

    private async Task Pass(GatewayCall call, Uri target, Measures measures)
    {
        var body = call.Body;
        var rewritesAnswer = call.Api is not null && (measures.ChangesAnswers || call.Reservation is not null);
        if (call is { AsksModel: true, Api: { } api })
        {
            var isRestored = !measures.ChangesRequests && _replacements.Were(call.Sender.Account);
            if (measures.ChangesRequests || isRestored)
            {
                var changed = new ArrayBufferWriter<byte>(body.Length + 64);
                if (measures.ChangesRequests ? RequestBody.TryRewrite(api, measures, body.Span, changed) : RequestBody.TryRestore(api, body.Span, changed)) body = changed.WrittenMemory;
                else if (!isRestored)
                {
                    await Refuse(call, RefusalKind.BadRequest);
                    return;
                }
            }
        }

        (rewritesAnswer || !body.Equals(call.Body) ? _counters.Rewritten : _counters.Unchanged).Add(1);
        if (rewritesAnswer && measures.Reasoning == ReasoningView.Summarised) _replacements.Note(call.Sender.Account!);
        using var request = new HttpRequestMessage(new HttpMethod(call.Context.Request.Method), target) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionOrHigher };
        if (call.HasBody) request.Content = new ReadOnlyMemoryContent(body);
        ProxyHeaders.Copy(call.Context.Request, request, readable: rewritesAnswer);
        using var timely = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted);
        timely.CancelAfter(_options.Limits.UpstreamTime);
        HttpResponseMessage answer;
        try
        {
            answer = await _upstream.SendAsync(request, timely.Token);
        }
        catch (Exception fault) when ((fault is HttpRequestException or IOException or OperationCanceledException) && !call.Aborted.IsCancellationRequested)
        {
            _counters.UpstreamFaults.Add(1);
            UpstreamFailed(_log, fault is OperationCanceledException ? "no answer in time" : fault.Message);
            await Refuse(call, fault is OperationCanceledException ? RefusalKind.UpstreamTooSlow : RefusalKind.UpstreamUnreachable);
            return;
        }

        using (answer)
        {
            try
            {
                await Answer(call, answer, rewritesAnswer && answer.IsSuccessStatusCode ? measures : Measures.None, timely, rewritesAnswer && answer.IsSuccessStatusCode);
            }
            catch (Exception fault) when ((fault is HttpRequestException or IOException or InvalidDataException or OperationCanceledException) && !call.Aborted.IsCancellationRequested)
            {
                _counters.UpstreamFaults.Add(1);
                UpstreamFailed(_log, fault is OperationCanceledException ? "silence in the middle of an answer" : fault.Message);
                // The client must see that the answer is not whole.
                if (call.Context.Response.HasStarted) call.Context.Abort();
                else await Refuse(call, fault is OperationCanceledException ? RefusalKind.UpstreamTooSlow : fault is InvalidDataException ? RefusalKind.UpstreamUnreadable : RefusalKind.UpstreamUnreachable);
            }
        }
    }

    private async Task Answer(GatewayCall call, HttpResponseMessage answer, Measures measures, CancellationTokenSource timely, bool rewrites)
    {
        var response = call.Context.Response;
        call.Status = response.StatusCode = (int)answer.StatusCode;
        call.IsStream = answer.Content.Headers.ContentType?.MediaType?.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase) == true;
        ProxyHeaders.Copy(answer, response, rewrites);
        timely.CancelAfter(_options.Limits.UpstreamSilence);
        await using var content = await answer.Content.ReadAsStreamAsync(timely.Token);
        if (!rewrites)
        {
            call.Encoding = string.Join(',', answer.Content.Headers.ContentEncoding);
            await response.StartAsync(call.Aborted);
            await response.Body.FlushAsync(call.Aborted);
            await Copy(content, timely, async piece =>
            {
                call.Tee.Add(piece.Span);
                await response.Body.WriteAsync(piece, call.Aborted);
            });
            return;
        }

        // Some providers compress whether asked or not.
        await using var plain = ContentCoding.Decoded(content, string.Join(',', answer.Content.Headers.ContentEncoding)) ?? throw new InvalidDataException("The answer has an encoding that is not known here.");
        if (call.IsStream) await Stream(call, plain, measures, timely);
        else await Whole(call, plain, measures, timely);
    }

    private async Task Stream(GatewayCall call, Stream content, Measures measures, CancellationTokenSource timely)
    {
        var response = call.Context.Response;
        var events = new AnswerEvents(call.Api!.Value, measures);
        var changed = new ArrayBufferWriter<byte>(16 * 1024);
        async Task Send()
        {
            call.OutputTokens = events.OutputTokens;
            if (changed.WrittenCount == 0) return;
            call.Tee.Add(changed.WrittenSpan);
            await response.Body.WriteAsync(changed.WrittenMemory, call.Aborted);
            changed.ResetWrittenCount();
        }

        await response.StartAsync(call.Aborted);
        await response.Body.FlushAsync(call.Aborted);
        await Copy(content, timely, piece =>
        {
            events.Push(piece.Span, changed);
            return Send();
        });
        events.End(changed);
        await Send();
        _counters.UnreadableEvents.Add(events.UnreadableCount);
    }

    private async Task Whole(GatewayCall call, Stream content, Measures measures, CancellationTokenSource timely)
    {
        var response = call.Context.Response;
        var whole = new ArrayBufferWriter<byte>(64 * 1024);
        await Copy(content, timely, piece =>
        {
            if (whole.WrittenCount + piece.Length > _options.Limits.AnswerBytes) throw new InvalidDataException("The answer is too long to be rewritten.");
            whole.Write(piece.Span);
            return Task.CompletedTask;
        });
        // The answer to HEAD, and statuses without a body.
        if (whole.WrittenCount == 0) return;
        var changed = new ArrayBufferWriter<byte>(whole.WrittenCount + 64);
        if (!AnswerBody.TryRewrite(call.Api!.Value, measures, whole.WrittenSpan, changed, out var tokens)) throw new InvalidDataException("The answer is no JSON object, and can't be rewritten.");
        call.OutputTokens = tokens;
        response.ContentLength = changed.WrittenCount;
        call.Tee.Add(changed.WrittenSpan);
        await response.Body.WriteAsync(changed.WrittenMemory, call.Aborted);
    }

    /// <summary>Reads no faster than the pieces are taken, and gives up where the provider falls silent.</summary>
    private async Task Copy(Stream from, CancellationTokenSource timely, Func<ReadOnlyMemory<byte>, Task> take)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (true)
            {
                timely.CancelAfter(_options.Limits.UpstreamSilence);
                var read = await from.ReadAsync(buffer, timely.Token);
                if (read == 0) return;
                // A slow client is no silence of the provider.
                timely.CancelAfter(Timeout.InfiniteTimeSpan);
                await take(buffer.AsMemory(0, read));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<Measures?> Refuse(GatewayCall call, RefusalKind kind, TimeSpan? wait = null)
    {
        (kind switch
        {
            RefusalKind.VerificationRequired => _counters.Challenged,
            RefusalKind.OnHold or RefusalKind.Suspended => _counters.Held,
            RefusalKind.RequestsUsedUp or RefusalKind.TokensUsedUp => _counters.Capped,
            _ => _counters.OtherRefused,
        }).Add(1);
        var refusal = Refusal.Of(kind);
        var response = call.Context.Response;
        // Headers of an answer that was given up must not describe this one.
        response.Clear();
        call.Status = response.StatusCode = refusal.Status;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        if (wait is { } pause) response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(pause.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (_options.HelpUrl is { } help && refusal.Status is 403 or 429) response.Headers.Link = $"<{help}>; rel=\"help\"";
        var body = refusal.Body(call.Api, _options.HelpUrl);
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(call.Context.Request.Method)) await response.Body.WriteAsync(body, call.Aborted);
        return null;
    }

    private void Report(GatewayCall call)
    {
        if (call is not { AsksModel: true, Api: { } api, Status: { } status, Facts: not null, Sender.Account: not null }) return;
        var request = call.Context.Request;
        _reports.Add(new ExchangeReport
        {
            Time = call.Began, Id = "gw-" + Guid.CreateVersion7(call.Began).ToString("N"), Sender = call.Sender, Region = call.Region, Client = request.Headers.UserAgent.ToString(),
            Address = _options.AddressHeader is { } header ? request.Headers[header].ToString().Split(',')[0].Trim() : call.Context.Connection.RemoteIpAddress?.ToString(),
            Api = api, Request = call.Body, Status = status, Answer = status < 400 ? call.Tee.Kept : null, Encoding = call.Encoding, IsStream = call.IsStream,
        });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The provider failed: {Why}")]
    private static partial void UpstreamFailed(ILogger log, string why);
}
