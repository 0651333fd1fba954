using Microsoft.Extensions.Logging;
using Stillhunt.Response.Canaries;

namespace Stillhunt.Server.Gateway;

/// <summary>What <c>stillhunt gateway</c> was asked for.</summary>
public sealed record GatewayOptions
{
    /// <summary>The endpoint in front of which it stands; a path in it goes before every request's.</summary>
    public required Uri Upstream { get; init; }

    /// <summary><c>stillhunt serve</c>.</summary>
    public required Uri Server { get; init; }

    /// <summary>Key of <see cref="Server"/> with the scopes <c>ingest</c> and <c>decide</c>; null where it has no keys.</summary>
    public string? ServerKey { get; init; }

    /// <summary>Where to listen. Default the loopback interface only.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8088"];

    /// <summary>Where health and metrics are told; loopback only, so that customers can't ask.</summary>
    public string AdminUrl { get; init; } = "http://127.0.0.1:8089";

    /// <summary>PEM certificate and key for https urls.</summary>
    public string? Certificate { get; init; }

    /// <inheritdoc cref="Certificate"/>
    public string? CertificateKey { get; init; }

    /// <summary>Allows plain http beyond loopback, for a TLS proxy in front. Default false.</summary>
    public bool PlainHttp { get; init; }

    /// <summary>Whether requests are refused while no decision can be had, and none was of late. No default: whoever runs it has to say which.</summary>
    public required bool FailClosed { get; init; }

    public AccountRule Account { get; init; } = new();

    /// <summary>Header with the client's country, set by a proxy in front; null where there is none.</summary>
    public string? RegionHeader { get; init; }

    /// <summary>Header with the client's address, to which proxies in front append; null takes the connection's.</summary>
    public string? AddressHeader { get; init; }

    /// <summary>Proxies in front that append to <see cref="AddressHeader"/>: so many entries from the right stands what the first of them saw. Default 1. What is further left the client wrote.</summary>
    public int AddressProxies { get; init; } = 1;

    /// <summary>As accounts are (source, id): under which source they are asked about and reported.</summary>
    public string? Source { get; init; }

    /// <summary>Where a customer that was challenged, held or suspended can act; stands in the error.</summary>
    public string? HelpUrl { get; init; }

    /// <summary>How answers to campaigns are marked where a verdict asks for it; null marks none.</summary>
    public GatewayCanaries? Canaries { get; init; }

    /// <summary>What the log tells; standard error. Default information.</summary>
    public LogLevel Log { get; init; } = LogLevel.Information;

    public GatewayLimits Limits { get; init; } = new();
}

/// <param name="Keys">Of all epochs; the last is in use.</param>
/// <param name="RecordPath">Where it is noted what was served.</param>
public sealed record GatewayCanaries(IReadOnlyList<CanaryKey> Keys, string RecordPath);

/// <summary>Who sent a request. The first that is set counts.</summary>
public sealed record AccountRule
{
    /// <summary>Header that names the account, set by a proxy in front that strips it from what clients send.</summary>
    public string? Header { get; init; }

    /// <summary>Dotted path into the request's body, for example <c>safety_identifier</c> or <c>metadata.user_id</c>.</summary>
    public string? BodyField { get; init; }

    /// <summary>
    /// All headers in which the provider takes an API key, whose SHA-256 is the account otherwise; a request in which they hold different keys is refused. Default <c>Authorization</c> (without its scheme), then <c>x-api-key</c>, then <c>api-key</c>.
    /// </summary>
    public IReadOnlyList<string> KeyHeaders { get; init; } = ["Authorization", "x-api-key", "api-key"];
}

/// <summary>What one client, or all together, may take up.</summary>
public sealed record GatewayLimits
{
    /// <summary>Bytes of a request's body. Default 32 MiB, which is what Anthropic's API takes.</summary>
    public long RequestBytes { get; init; } = 32 << 20;

    /// <summary>Bytes of a whole (not streamed) answer that has to be rewritten. Default 64 MiB.</summary>
    public int AnswerBytes { get; init; } = 64 << 20;

    /// <summary>Bytes of an answer that are kept for its report; longer ones are reported without it. Default 4 MiB.</summary>
    public int ReportAnswerBytes { get; init; } = 4 << 20;

    /// <summary>Bytes of reports that wait to be sent; what comes beyond is dropped and counted. Default 64 MiB. Larger: memory, and fewer lost while the server is away.</summary>
    public long ReportQueueBytes { get; init; } = 64 << 20;

    /// <summary>How long reports that wait are still sent while the gateway stops. Default 5 s. Larger: fewer lost where the server is slow, and a slower stop where it is away.</summary>
    public TimeSpan ClosingTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time for a decision, after which <see cref="GatewayOptions.FailClosed"/> decides. Default 250 ms.</summary>
    public TimeSpan DecideTime { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a decision is used again. Default 2 s. Larger: fewer questions, later effect.</summary>
    public TimeSpan DecideKept { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long what was decided last is used while no decision can be had. Default 10 minutes: the server may be restarted and read its store meanwhile. Larger: verdicts outlast a longer absence, and
    /// ones that were taken back meanwhile too.
    /// </summary>
    public TimeSpan DecideRemembered { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Time until the provider begins to answer. Default 10 minutes: models may think for long.</summary>
    public TimeSpan UpstreamTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Time between two pieces of an answer. Default 5 minutes.</summary>
    public TimeSpan UpstreamSilence { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Time to connect to the provider. Default 10 s.</summary>
    public TimeSpan UpstreamConnect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections open at once. Default 4,096.</summary>
    public int Connections { get; init; } = 4096;

    /// <summary>Output tokens that a capped request may have that names no limit of its own. Default 4,096.</summary>
    public long TokensWithoutLimit { get; init; } = 4096;
}
