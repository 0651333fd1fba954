using System.Diagnostics.Metrics;

namespace Stillhunt.Server;

/// <summary>A sum that only grows; safe from any thread.</summary>
internal sealed class Count
{
    private long _value;

    public long Value => Interlocked.Read(ref _value);

    public void Add(long by) => Interlocked.Add(ref _value, by);
}

/// <summary>What the server counts of its own work. The Prometheus endpoint and the meter read the same sums.</summary>
internal sealed class Counters : IDisposable
{
    public const string MeterName = "Stillhunt.Server";

    private readonly Meter _meter = new(MeterName);
    private readonly List<(string Name, string Help, Count Sum)> _all = [];
    private readonly List<(string Name, string Help, Func<double> Value)> _gauges = [];

    public Counters()
    {
        Exchanges = Make("exchanges", "Exchanges taken in.");
        Duplicates = Make("duplicates", "Exchanges whose id was counted before.");
        Rejected = Make("rejected", "Records that could not be used.");
        IntakeFaults = Make("intake_faults", "Batches that could not be kept.");
        TurnedAway = Make("turned_away", "Bodies refused because too much was waiting.");
        Detections = Make("detections", "Detections that ran.");
        QuickLooks = Make("quick_looks", "Quick looks for new campaigns between two detections.");
        DetectionFaults = Make("detection_faults", "Detections that failed.");
        Decisions = Make("decisions", "Decisions given.");
        Denied = Make("denied", "Requests without a valid key or scope.");
        WebhookFaults = Make("webhook_faults", "Deliveries that failed and will be tried again.");
    }

    public Count Exchanges { get; }
    public Count Duplicates { get; }
    public Count Rejected { get; }
    public Count IntakeFaults { get; }
    public Count TurnedAway { get; }
    public Count Detections { get; }
    public Count QuickLooks { get; }
    public Count DetectionFaults { get; }
    public Count Decisions { get; }
    public Count Denied { get; }
    public Count WebhookFaults { get; }

    public IReadOnlyList<(string Name, string Help, Count Sum)> All => _all;

    /// <summary>What stands at a moment, with its unit.</summary>
    public IReadOnlyList<(string Name, string Help, Func<double> Value)> Gauges => _gauges;

    /// <summary>Adds what is read off the running parts.</summary>
    public void Watch(ServerState state)
    {
        Gauge("intake_waiting_bytes", "By", "Bytes that wait to be taken in.", () => state.Intake.WaitingBytes);
        Gauge("store_bytes", "By", "Bytes that the store takes on disk.", () => state.Store.SizeBytes);
        Gauge("campaigns", "{campaign}", "Campaigns that stand and are flagged.", () => state.Campaigns.Campaigns.Count(campaign => campaign.Stands && campaign.Announced));
        Gauge("detection_seconds", "s", "How long the last round of detection took.", () => state.Detection.LastTook.TotalSeconds);
        Gauge("quick_look_seconds", "s", "How long the last quick look took.", () => state.Detection.Quick.LastTook.TotalSeconds);
        Gauge("collector_pause_seconds", "s", "How long all threads stood still for the garbage collector since the start.", () => GC.GetTotalPauseDuration().TotalSeconds);
        Gauge("collections", "{collection}", "Garbage collections since the start.", () => GC.CollectionCount(0));
        Gauge("memory_bytes", "By", "Memory of the process.", () => Environment.WorkingSet);
    }

    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, string unit, string help, Func<double> value)
    {
        _gauges.Add((name, help, value));
        _meter.CreateObservableGauge("stillhunt." + name, value, unit, help);
    }

    private Count Make(string name, string help)
    {
        var sum = new Count();
        _all.Add((name, help, sum));
        _meter.CreateObservableCounter("stillhunt." + name, () => sum.Value, description: help);
        return sum;
    }
}
