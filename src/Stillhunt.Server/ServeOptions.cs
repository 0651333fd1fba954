using Microsoft.Extensions.Logging;
using Stillhunt.Campaigns;
using Stillhunt.Server.Detection;
using Stillhunt.Server.Notices;
using Stillhunt.Server.Sharing;

namespace Stillhunt.Server;

/// <summary>What <c>stillhunt serve</c> was asked for.</summary>
public sealed record ServeOptions
{
    public required string StorePath { get; init; }

    /// <summary>Where to listen. Default the loopback interface only.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8087"];

    /// <summary>PEM certificate and key for https urls.</summary>
    public string? Certificate { get; init; }

    /// <inheritdoc cref="Certificate"/>
    public string? CertificateKey { get; init; }

    /// <summary>Allows plain http beyond loopback, for a TLS proxy in front. Default false.</summary>
    public bool PlainHttp { get; init; }

    /// <summary>Dotted path to the account in place of each format's own rule; or several with commas between, of which the first that a record fills counts.</summary>
    public string? AccountField { get; init; }

    /// <summary>Files, globs and folders to follow. Default none.</summary>
    public IReadOnlyList<string> Tail { get; init; } = [];

    /// <summary>The policy's file; null watches only.</summary>
    public string? PolicyPath { get; init; }

    /// <summary>Who is told of events.</summary>
    public NoticeConfig Notices { get; init; } = new();

    /// <summary>What is shared with others, and what of theirs is looked for.</summary>
    public SharingConfig Sharing { get; init; } = new();

    /// <summary>Where metrics and traces are sent; null for nowhere.</summary>
    public OtlpOptions? Otlp { get; init; }

    /// <summary>What the log tells; standard error. Default information.</summary>
    public LogLevel Log { get; init; } = LogLevel.Information;

    /// <summary>Kinds of evidence that may play no part (<see cref="EvidenceKinds.All"/>): neither in detection, nor in the score of sign-ups, nor as indicators of others. Default none.</summary>
    public IReadOnlySet<string> LeaveOut { get; init; } = EvidenceKinds.None;

    /// <summary>At which prevalence confidences are to hold. Default that of the traffic that they were calibrated on.</summary>
    public Calibration Calibration { get; init; } = Calibration.Reference;

    public ServeLimits Limits { get; init; } = new();

    public DetectionPace Pace { get; init; } = new();
}
