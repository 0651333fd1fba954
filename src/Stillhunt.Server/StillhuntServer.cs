using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Stillhunt.Server.Decisions;
using Stillhunt.Server.Detection;
using Stillhunt.Server.Endpoints;
using Stillhunt.Server.Intake;
using Stillhunt.Server.Notices;
using Stillhunt.Server.Security;
using Stillhunt.Server.Sharing;
using Stillhunt.Server.Store;
using Stillhunt.Sharing.Intel;
using Stillhunt.Sketches;

using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace Stillhunt.Server;

/// <summary>
/// The whole server: <c>bytes -> intake (durable) -> detection -> ledger -> decisions</c>. Endpoints answer from what these publish, each
/// group in a file of its own.
/// </summary>
public sealed partial class StillhuntServer : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly ServerState _state;
    private readonly Timer _keyTimer;
    private readonly OtlpExport? _otlp;
    private readonly ILogger _log;

    private StillhuntServer(WebApplication web, ServerState state, OtlpExport? otlp, ILogger log)
    {
        (_web, _state, _otlp, _log) = (web, state, otlp, log);
        _keyTimer = new Timer(_ => LoadKeys(), null, KeyRing.Freshness, KeyRing.Freshness);
    }

    /// <summary>Where the server listens, with the ports that were taken.</summary>
    public IReadOnlyCollection<string> Urls => [.. _web.Urls];

    internal ServerState State => _state;

    internal IReadOnlyList<RouteEndpoint> Endpoints => [.. ((IEndpointRouteBuilder)_web).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];

    /// <summary>Builds the server and starts to listen; the store is read in the background, and until then traffic is told to come later.</summary>
    /// <param name="store">Opened by the caller for this server alone; disposed with it.</param>
    /// <exception cref="ServeRefusedException">The options ask for something unsafe or impossible.</exception>
    public static async Task<StillhuntServer> Start(ServeOptions options, IStore store, KeyedHash hash, TimeProvider time, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(store);
        var keys = new KeyRing(store.Keys, time);
        keys.Load();
        var addresses = ListenAddress.Check(options, keys.IsEmpty);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [], ApplicationName = "stillhunt" });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        ServerLog.Configure(builder, options.Log);
        // A request is read, answered and sent on the thread that its bytes woke: fewer hand-overs, each of which waits for a processor under load.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Configure(kestrel, options, addresses));
        var web = builder.Build();
        var log = web.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Stillhunt.Server");
        var state = Parts(options, store, hash, time, keys, log);
        web.Use(Guarded(state, log));
        web.Use(NoClimbing);
        web.UseRouting();
        web.Use(Tracing.Request);
        web.UseMiddleware<KeyGate>(new Callers(keys, addresses.All(address => address.IsLoopback)), new RateLimits(time, options.Limits.KeyRate, options.Limits.DecideRate), state.Counters);
        web.Use(SocketThreads.Begin);
        web.MapHealth(state);
        web.MapExchanges(state);
        web.MapAccounts(state);
        web.MapCampaigns(state);
        web.MapStream(state);
        web.MapDecisions(state);
        web.MapResponse(state);
        web.MapAppeals(state);
        web.MapEnforcement(state);
        web.MapIntel(state);
        web.MapTaxii(state);
        state.Counters.Watch(state);
        var server = new StillhuntServer(web, state, options.Otlp is { } otlp ? new OtlpExport(otlp) : null, log);
        web.Lifetime.ApplicationStopping.Register(state.Events.Close);
        await web.StartAsync(cancellation);
        _ = Task.Factory.StartNew(server.Load, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return server;
    }

    /// <summary>Serves until the token or a signal ends it.</summary>
    public Task Run(CancellationToken cancellation) => _web.WaitForShutdownAsync(cancellation);

    /// <summary>Waits until the store was read and traffic is taken.</summary>
    /// <exception cref="IOException">The store could not be read.</exception>
    public Task Ready => _loaded.Task;

    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Takes in what waits, folds, and closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        _state.SetReady(false);
        await _web.StopAsync();
        await _keyTimer.DisposeAsync();
        if (_state.Tail is { } tail) await tail.DisposeAsync();
        _state.Intake.Dispose();
        _state.Detection.Dispose();
        _state.Policy?.Dispose();
        _state.Decisions.Dispose();
        _state.Intel.Dispose();
        _state.Prompts.Dispose();
        if (_state.Publisher is { } publisher) await publisher.DisposeAsync();
        if (_state.Messengers is { } messengers) await messengers.DisposeAsync();
        try
        {
            _state.Store.Exchanges.Fold();
        }
        catch (IOException fault)
        {
            // What was taken in is safe as batches.
            NotFolded(_log, fault.Message);
        }

        _otlp?.Dispose();
        _state.Store.Dispose();
        _state.Counters.Dispose();
        await _web.DisposeAsync();
    }

    private static ServerState Parts(ServeOptions options, IStore store, KeyedHash hash, TimeProvider time, KeyRing keys, ILogger log)
    {
        var counters = new Counters();
        var accounts = new AccountBook(store.Accounts, store.Decisions, time);
        var campaigns = new CampaignBook(store, time);
        var events = new EventFeed(store.Campaigns, options.Limits.Listeners);
        campaigns.Told += events.Tell;
        var detection = new DetectionLoop(store, campaigns, accounts, hash, time, options.Pace, options.Limits, counters, log, options.LeaveOut, options.Calibration);
        var intel = new IntelBook(options.Sharing, options.LeaveOut, store, accounts, detection, campaigns, time, log);
        // A whole round weighs what matched before it is completed; a quick look takes what the last whole round weighed.
        detection.Complete = result => intel.Result is { } known ? IntelEvidence.Add(result, known) : result;
        var decisions = new DecisionBook(store, campaigns, accounts, () => detection.Use, hash, time, log, options.LeaveOut);
        var succession = new SuccessionWatch(store.Campaigns, campaigns, detection, time, log);
        var intake = new IntakeLane(store, hash, time, options.Limits, counters, detection.Add, log, options.AccountField, intel, succession);
        return new ServerState
        {
            Tail = options.Tail.Count == 0 ? null : new FileTail(options.Tail, store.Exchanges, intake, options.Limits, hash, time, log),
            Decisions = decisions, Policy = options.PolicyPath is { } policy ? new PolicyWatch(policy, decisions, log) : null,
            Prompts = new PromptExpiry(store.Prompts, options.Limits.PromptDays, time, log), Intel = intel, Publisher = options.Sharing.Publish.Count == 0 ? null : new CampaignPublisher(options.Sharing, store.Sharing, campaigns, () => intel.Result, time, log),
            Messengers = options.Notices.IsEmpty ? null : new Messengers(options.Notices, store.Campaigns, time, counters, log),
            Limits = options.Limits, LeaveOut = options.LeaveOut, Time = time, Hash = hash, Store = store, Counters = counters, Keys = keys, Accounts = accounts, Campaigns = campaigns, Events = events,
            Detection = detection, Intake = intake, Succession = succession,
        };
    }

    private static void Configure(KestrelServerOptions kestrel, ServeOptions options, IReadOnlyList<ListenAddress> addresses)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = options.Limits.Connections;
        kestrel.Limits.MaxRequestBodySize = options.Limits.BodyBytes;
        kestrel.Limits.RequestHeadersTimeout = options.Limits.HeaderTime;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(options.Limits.LeastRate, options.Limits.SlowTime);
        kestrel.Limits.MinResponseDataRate = new MinDataRate(options.Limits.LeastRate, options.Limits.SlowTime);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
        foreach (var address in addresses) address.Bind(kestrel);
    }

    /// <summary>A fault that nobody foresaw: the caller learns nothing of the inside, the log no content of the request.</summary>
    private static Func<HttpContext, RequestDelegate, Task> Guarded(ServerState state, ILogger log) => async (context, next) =>
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away.
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            if (fault is IOException and not BadHttpRequestException) StoreFault(log, fault.Message);
            else Unforeseen(log, context.GetEndpoint()?.DisplayName ?? "none", fault);
            if (fault is StoreFullException or StoreDamagedException or StoreRefusedException) await Problems.OfStore(context, fault);
            else if (fault is BadHttpRequestException bad) await Problems.Write(context, bad.StatusCode, "bad-request", "The request could not be read.");
            else await Problems.Write(context, StatusCodes.Status500InternalServerError, "fault", "The server could not answer this; its log says why.");
        }
    };

    /// <summary>
    /// Resolved, a path that climbs leads out of an adapter's prefix to another endpoint, whose 200 the gateway would take for its answer.
    /// </summary>
    private static Task NoClimbing(HttpContext context, RequestDelegate next) => ClimbingPath.Is(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget)
        ? Problems.Write(context, StatusCodes.Status400BadRequest, "climbing-path", "A path may not hold the segments . or ..")
        : next(context);

    private void Load()
    {
        try
        {
            _state.Accounts.Load();
            _state.Campaigns.Load();
            // Decisions first: verdicts that stood before a restart stand again before traffic is taken.
            _state.Decisions.Load();
            _state.Policy?.Start();
            _state.Decisions.Refresh();
            _state.Messengers?.Start();
            _state.Publisher?.Start();
            _state.Prompts.Start();
            _state.Intel.Load();
            _state.Detection.Load();
            _state.Succession.Load();
            _state.Intake.Start(_state.Detection.NewestMs);
            _state.Detection.Start();
            _state.Tail?.Start();
            _state.SetReady(true);
            Serving(_log, string.Join(' ', Urls));
            _loaded.SetResult();
        }
        catch (Exception fault)
        {
            Unreadable(_log, fault.Message);
            _loaded.TrySetException(fault);
            _web.Lifetime.StopApplication();
        }
    }

    private void LoadKeys()
    {
        try
        {
            _state.Keys.Load();
        }
        catch (IOException fault)
        {
            StoreFault(_log, fault.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Serving on {Urls}")]
    private static partial void Serving(ILogger log, string urls);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The store could not be read: {Fault}")]
    private static partial void Unreadable(ILogger log, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Batches were not folded: {Fault}")]
    private static partial void NotFolded(ILogger log, string fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Fault}")]
    private static partial void StoreFault(ILogger log, string fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unforeseen fault at {Endpoint}")]
    private static partial void Unforeseen(ILogger log, string endpoint, Exception fault);
}

/// <summary>The server was asked for something unsafe or impossible; the message says what to do instead.</summary>
public sealed class ServeRefusedException(string message) : Exception(message);
