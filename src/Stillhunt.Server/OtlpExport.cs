using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Stillhunt.Server;

/// <summary>Where metrics and traces are sent over OTLP.</summary>
public sealed record OtlpOptions
{
    /// <summary>Base address of the receiver; null for what OpenTelemetry's own variables of the environment say.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Time between two exports of metrics; null for what the environment says, a minute by default.</summary>
    public TimeSpan? MetricInterval { get; init; }

    private static readonly string[] Variables = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    /// <summary>Null where the environment names no receiver, or says that nothing is to be sent.</summary>
    /// <exception cref="ServeRefusedException">A variable holds no address.</exception>
    public static OtlpOptions? FromEnvironment(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (string.Equals(variable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)) return null;
        var named = Variables.Where(name => !string.IsNullOrWhiteSpace(variable(name))).ToList();
        if (named.FirstOrDefault(name => !Uri.TryCreate(variable(name), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) is { } wrong)
            throw new ServeRefusedException($"{wrong} holds no address that begins with http:// or https://.");
        return named.Count == 0 ? null : new OtlpOptions();
    }
}

/// <summary>
/// Sends the meters of the server, of ASP.NET Core and of the runtime, and the server's own spans. Addresses, headers, protocol, intervals, sampling,
/// service name and resource follow OpenTelemetry's variables of the environment.
/// </summary>
internal sealed class OtlpExport : IDisposable
{
    /// <summary>Meters of the framework that name routes and no paths.</summary>
    private static readonly string[] Meters = [Counters.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    public OtlpExport(OtlpOptions options)
    {
        var resource = ResourceBuilder.CreateDefault();
        // CreateDefault names the service after the process, which is the runtime's.
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME"))) resource.AddService("stillhunt");
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Meters).AddOtlpExporter((exporter, reader) =>
        {
            Use(exporter, options, "METRICS", "v1/metrics");
            if (options.MetricInterval is { } interval) reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)interval.TotalMilliseconds;
        }).Build();
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Tracing.SourceName).AddOtlpExporter(exporter => Use(exporter, options, "TRACES", "v1/traces")).Build();
    }

    /// <summary>Sends what is left, for some seconds at most.</summary>
    public void Dispose()
    {
        _metrics.Shutdown(2000);
        _traces.Shutdown(2000);
        _metrics.Dispose();
        _traces.Dispose();
    }

    private static void Use(OtlpExporterOptions exporter, OtlpOptions options, string signal, string path)
    {
        // The specification's default; the package's own is gRPC.
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL")) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable($"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL")))
            exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        if (options.Endpoint is { } endpoint) exporter.Endpoint = new Uri(endpoint, path);
    }
}
