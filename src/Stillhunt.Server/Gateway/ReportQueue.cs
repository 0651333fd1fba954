using System.Net;
using System.Net.Http.Headers;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Stillhunt.Server.Gateway;

/// <summary>
/// Sends exchanges to <c>POST /v1/exchanges</c> behind the answers. Bounded by bytes: what does not fit is dropped and counted, and no answer ever waits for it. What failed is sent again,
/// and counts once, because every exchange has an id.
/// </summary>
internal sealed partial class ReportQueue : IAsyncDisposable
{
    private const int MostBatchBytes = 4 << 20;

    /// <summary>A little less than the server takes as one record.</summary>
    private const int MostLineBytes = 15 << 20;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250), LongestPause = TimeSpan.FromSeconds(15), SendTime = TimeSpan.FromSeconds(60);

    private readonly Channel<ExchangeReport> _waiting = Channel.CreateUnbounded<ExchangeReport>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _closing = new();
    private readonly HttpClient _http;
    private readonly GatewayOptions _options;
    private readonly TimeProvider _time;
    private readonly GatewayCounters _counters;
    private readonly ILogger _log;
    private readonly Task _sending;
    private long _waitingBytes;

    public ReportQueue(GatewayOptions options, TimeProvider time, GatewayCounters counters, ILogger log)
    {
        (_options, _time, _counters, _log) = (options, time, counters, log);
        _http = ServerClient.Make(options);
        _sending = Task.Run(Send);
    }

    public long WaitingBytes => Interlocked.Read(ref _waitingBytes);

    /// <summary>Never waits.</summary>
    public void Add(ExchangeReport report)
    {
        var bytes = Bytes(report);
        if (Interlocked.Add(ref _waitingBytes, bytes) <= _options.Limits.ReportQueueBytes && _waiting.Writer.TryWrite(report)) return;
        Interlocked.Add(ref _waitingBytes, -bytes);
        _counters.ReportsDropped.Add(1);
    }

    /// <summary>Sends what waits for <see cref="GatewayLimits.ClosingTime"/> more; what is left then is counted as dropped.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        _closing.CancelAfter(_options.Limits.ClosingTime);
        await _sending;
        long left = 0;
        while (_waiting.Reader.TryRead(out _)) left++;
        _counters.ReportsDropped.Add(left);
        if (left > 0) Lost(_log, left);
        _http.Dispose();
        _closing.Dispose();
    }

    private static long Bytes(ExchangeReport report) => 512 + report.Request.Length + (report.Answer?.Length ?? 0);

    private async Task Send()
    {
        var count = 0;
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(_closing.Token))
            {
                var (batch, bytes) = (new MemoryStream(), 0L);
                while (batch.Length < MostBatchBytes && _waiting.Reader.TryRead(out var report))
                {
                    bytes += Bytes(report);
                    if (Line(report, out var isNone) is { Length: <= MostLineBytes } line)
                    {
                        batch.Write(line);
                        count++;
                    }
                    else if (!isNone)
                    {
                        _counters.ReportsDropped.Add(1);
                    }
                }

                for (var pause = FirstPause; count > 0 && !await Delivered(batch.ToArray(), count); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
                    await Task.Delay(pause, _time, _closing.Token);
                count = 0;
                Interlocked.Add(ref _waitingBytes, -bytes);
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // What waits behind this batch is counted by whoever closes.
            _counters.ReportsDropped.Add(count);
            if (count > 0) Lost(_log, count);
        }
    }

    /// <summary>One exchange that can't be written down must not end the reports of all others.</summary>
    /// <param name="isNone">Whether it says nothing to detection, so that nothing is lost.</param>
    private byte[]? Line(ExchangeReport report, out bool isNone)
    {
        isNone = false;
        try
        {
            var line = report.Line(_options.Limits.ReportAnswerBytes * 4, MostLineBytes);
            isNone = line is null;
            return line;
        }
        catch (Exception fault)
        {
            NotWritten(_log, fault);
            return null;
        }
    }

    /// <returns>False where it has to be sent again.</returns>
    private async Task<bool> Delivered(byte[] lines, int count)
    {
        try
        {
            using var timely = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
            timely.CancelAfter(SendTime);
            using var content = new ByteArrayContent(lines) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } };
            using var answer = await _http.PostAsync(new Uri("v1/exchanges?format=pairs" + (_options.Source is { } source ? "&source=" + Uri.EscapeDataString(source) : ""), UriKind.Relative), content, timely.Token);
            if (answer.IsSuccessStatusCode)
            {
                _counters.Reported.Add(count);
                return true;
            }

            // These stay wrong however often they are sent.
            if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge)
            {
                _counters.ReportsRefused.Add(count);
                Refused(_log, count, (int)answer.StatusCode);
                return true;
            }

            NotTaken(_log, $"the server answered {(int)answer.StatusCode}");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException || (fault is OperationCanceledException && !_closing.IsCancellationRequested))
        {
            NotTaken(_log, fault.Message);
        }

        _counters.ReportFaults.Add(1);
        return false;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reports are not taken and will be sent again: {Why}")]
    private static partial void NotTaken(ILogger log, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "An exchange could not be written down for its report")]
    private static partial void NotWritten(ILogger log, Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} reports were refused with {Status}")]
    private static partial void Refused(ILogger log, int count, int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} exchanges were not reported before the gateway ended")]
    private static partial void Lost(ILogger log, long count);
}
