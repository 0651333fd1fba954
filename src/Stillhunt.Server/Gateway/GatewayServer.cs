using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Stillhunt.Server.Endpoints;

namespace Stillhunt.Server.Gateway;

/// <summary>
/// A streaming reverse proxy in front of a model's API that carries out verdicts. Health and metrics are told on an address of their own, so that every path of the
/// provider's stays its own, and customers can't ask.
/// </summary>
public sealed partial class GatewayServer : IAsyncDisposable
{
    private const string Admin = "stillhunt.admin";

    private readonly WebApplication _web;
    private readonly DecisionDesk _decisions;
    private readonly ReportQueue _reports;
    private readonly CanaryRecord? _canaries;
    private readonly Forwarder _forwarder;
    private readonly GatewayOptions _options;

    private GatewayServer(WebApplication web, GatewayOptions options, GatewayCounters counters, DecisionDesk decisions, ReportQueue reports, CanaryRecord? canaries, Forwarder forwarder) =>
        (_web, _options, Counters, _decisions, _reports, _canaries, _forwarder) = (web, options, counters, decisions, reports, canaries, forwarder);

    /// <summary>Where it listens, with the ports that were taken; the last is for health and metrics.</summary>
    public IReadOnlyList<string> Urls => [.. _web.Urls];

    internal GatewayCounters Counters { get; }

    /// <summary>Whether every request that was taken is answered, counted and settled.</summary>
    internal bool IsIdle => _forwarder.Open == 0;

    /// <exception cref="ServeRefusedException">The options ask for something unsafe or impossible.</exception>
    public static async Task<GatewayServer> Start(GatewayOptions options, TimeProvider time, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        var addresses = ListenAddress.Check(options.Urls, options.Certificate, options.CertificateKey, options.PlainHttp);
        var admin = ListenAddress.Check([options.AdminUrl], null, null, plainHttp: false)[0];
        if (!admin.IsLoopback) throw new ServeRefusedException($"{options.AdminUrl} can be reached from other machines; health and metrics are told on loopback only.");
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [], ApplicationName = "stillhunt-gateway" });
        // Answers that are being written are let run to their end for this long.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        ServerLog.Configure(builder, options.Log);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = options.Limits.Connections;
            kestrel.Limits.MaxRequestBodySize = options.Limits.RequestBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
            // Header bytes go through as they are.
            kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
            foreach (var address in addresses) address.Bind(kestrel);
            admin.Bind(kestrel, listen => listen.Use(next => connection =>
            {
                connection.Items[Admin] = true;
                return next(connection);
            }));
        });
        var web = builder.Build();
        var log = web.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Stillhunt.Gateway");
        var counters = new GatewayCounters();
        var canaries = options.Canaries is { } marked ? new CanaryRecord(marked.RecordPath, time, counters, log) : null;
        var decisions = new DecisionDesk(options, time, counters, log);
        var reports = new ReportQueue(options, time, counters, log);
        var forwarder = new Forwarder(options, time, counters, decisions, reports, canaries, log);
        var server = new GatewayServer(web, options, counters, decisions, reports, canaries, forwarder);
        web.Run(context => context.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(Admin) == true ? server.Tell(context) : Guarded(context, forwarder, log));
        await web.StartAsync(cancellation);
        return server;
    }

    /// <summary>Serves until the token or a signal ends it.</summary>
    public Task Run(CancellationToken cancellation) => _web.WaitForShutdownAsync(cancellation);

    /// <summary>Lets answers end, sends what waits to be reported, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync();
        await _reports.DisposeAsync();
        _decisions.Dispose();
        _forwarder.Dispose();
        _canaries?.Dispose();
        await _web.DisposeAsync();
    }

    private static void Check(GatewayOptions options)
    {
        foreach (var (name, url) in new[] { ("--upstream", options.Upstream), ("--server", options.Server) })
        {
            if (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https") || url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
                throw new ServeRefusedException($"{name} takes an http or https address without a query, such as https://api.example.com.");
        }

        if (options.HelpUrl is { } help && (!Uri.TryCreate(help, UriKind.Absolute, out var page) || page.Scheme is not ("http" or "https") || help.Any(c => c is '<' or '>' or '"' or <= ' ')))
            throw new ServeRefusedException("--help-url takes the http or https address of a page.");
    }

    /// <summary>A fault that nobody foresaw: the client learns nothing of the inside, the log no content of the request.</summary>
    private static async Task Guarded(HttpContext context, Forwarder forwarder, ILogger log)
    {
        try
        {
            await forwarder.Handle(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away while it was told so.
        }
        catch (Exception fault)
        {
            Unforeseen(log, fault);
            if (context.Response.HasStarted) context.Abort();
            else context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private Task Tell(HttpContext context)
    {
        switch (context.Request.Path.Value)
        {
            case "/healthz":
                return Status(context, StatusCodes.Status200OK, "ok");
            case "/readyz":
                return _options.FailClosed && _decisions.IsSilent ? Status(context, StatusCodes.Status503ServiceUnavailable, "no-decisions") : Status(context, StatusCodes.Status200OK, "ready");
            case "/metrics":
                var text = new StringBuilder();
                foreach (var (name, help, sum) in Counters.All)
                    text.Append(CultureInfo.InvariantCulture, $"# HELP stillhunt_gateway_{name}_total {help}\n# TYPE stillhunt_gateway_{name}_total counter\nstillhunt_gateway_{name}_total {sum.Value}\n");
                Gauge(text, "open", "Requests that are being answered.", _forwarder.Open);
                Gauge(text, "report_queue_bytes", "Bytes of reports that wait to be sent.", _reports.WaitingBytes);
                Gauge(text, "deciding", "1 while the server gives decisions, 0 while it is silent.", _decisions.IsSilent ? 0 : 1);
                context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
                return context.Response.WriteAsync(text.ToString(), context.RequestAborted);
            default:
                return Problems.Write(context, StatusCodes.Status404NotFound, "not-found", "Here are /healthz, /readyz and /metrics.");
        }
    }

    private static Task Status(HttpContext context, int status, string text) => Replies.Json(context, status, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("status", text);
        writer.WriteEndObject();
    });

    private static void Gauge(StringBuilder text, string name, string help, long value) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP stillhunt_gateway_{name} {help}\n# TYPE stillhunt_gateway_{name} gauge\nstillhunt_gateway_{name} {value}\n");

    [LoggerMessage(Level = LogLevel.Error, Message = "Unforeseen fault")]
    private static partial void Unforeseen(ILogger log, Exception fault);
}
