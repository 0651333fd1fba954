using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Stillhunt.Server.Endpoints;
using Stillhunt.Server.Store;

namespace Stillhunt.Server.Notices;

/// <summary>
/// Carries events to webhooks and syslog. The store remembers how far each receiver has come, so that an event is delivered at least once and in
/// order, over restarts and outages; a receiver tells a repeated one by its number.
/// </summary>
internal sealed partial class Messengers : IAsyncDisposable
{
    private const int PageLength = 100;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1), MostWait = TimeSpan.FromMinutes(5), Patience = TimeSpan.FromSeconds(10);

    private readonly NoticeConfig _config;
    private readonly ICampaignStore _store;
    private readonly TimeProvider _time;
    private readonly Counters _counters;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    // No redirects: a receiver can't send a signed message on to somebody else.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Patience };
    private Task _work = Task.CompletedTask;

    public Messengers(NoticeConfig config, ICampaignStore store, TimeProvider time, Counters counters, ILogger log) => (_config, _store, _time, _counters, _log) = (config, store, time, counters, log);

    public void Start()
    {
        var receivers = _config.Webhooks.Select(hook => Carry("webhook " + hook.Url, told => hook.Events.Contains(told.Event.Kind) ? Send(hook, told) : Task.CompletedTask)).ToList();
        if (_config.Syslog is { } address) receivers.Add(Carry($"syslog {address.Host}:{address.Port}", told => Send(address, told)));
        _work = Task.WhenAll(receivers);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _http.Dispose();
        _stop.Dispose();
    }

    /// <summary>The signature of a body at a time: HMAC-SHA256 of "time.body", as <c>t=..,v1=..</c>. A receiver refuses old times, so that nobody can send a message again.</summary>
    internal static string Sign(string secret, long unixSeconds, string body) => string.Create(CultureInfo.InvariantCulture,
        $"t={unixSeconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{unixSeconds}.{body}"))))}");

    private async Task Carry(string receiver, Func<NumberedEvent, Task> send)
    {
        var wait = Pace;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                foreach (var told in _store.EventsAfter(_store.DeliveredTo(receiver), PageLength))
                {
                    await send(told);
                    // What follows waits for the disk.
                    await SocketThreads.Leave();
                    _store.SetDelivered(receiver, told.Seq);
                    wait = Pace;
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException or SocketException or OperationCanceledException)
            {
                if (_stop.IsCancellationRequested) return;
                _counters.WebhookFaults.Add(1);
                NotDelivered(_log, receiver, wait.TotalSeconds, fault.Message);
                wait = wait * 2 > MostWait ? MostWait : wait * 2;
            }

            try
            {
                await Task.Delay(wait, _time, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task Send(WebhookTarget hook, NumberedEvent told)
    {
        var body = EventJson.Of(told);
        using var request = new HttpRequestMessage(HttpMethod.Post, hook.Url) { Content = new StringContent(body, new MediaTypeHeaderValue("application/json", "utf-8")) };
        request.Headers.Add("Stillhunt-Signature", Sign(hook.Secret, _time.GetUtcNow().ToUnixTimeSeconds(), body));
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _stop.Token);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>RFC 5424: facility 13 (log audit), severity 4 (warning).</summary>
    private async Task Send(System.Net.DnsEndPoint address, NumberedEvent told)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(told.Event.AtMs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var message = string.Create(CultureInfo.InvariantCulture, $"<108>1 {time} {Environment.MachineName} stillhunt {Environment.ProcessId} {told.Event.Kind} - {EventJson.Of(told)}");
        using var socket = new UdpClient();
        await socket.SendAsync(Encoding.UTF8.GetBytes(message), address.Host, address.Port, _stop.Token);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Receiver} could not be told; again in {Seconds} s: {Fault}")]
    private static partial void NotDelivered(ILogger log, string receiver, double seconds, string fault);
}
