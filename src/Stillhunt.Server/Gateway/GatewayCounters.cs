namespace Stillhunt.Server.Gateway;

/// <summary>What the gateway counts of its own work.</summary>
internal sealed class GatewayCounters
{
    private readonly List<(string Name, string Help, Count Sum)> _all = [];

    public GatewayCounters()
    {
        Requests = Make("requests", "Requests taken.");
        Unchanged = Make("unchanged", "Requests passed on unchanged, byte for byte.");
        Rewritten = Make("rewritten", "Requests passed on under counter-measures.");
        Challenged = Make("challenged", "Requests refused because the account has to be verified.");
        Held = Make("held", "Requests refused because the account is on hold or suspended.");
        Capped = Make("capped", "Requests refused because a cap is used up.");
        OtherRefused = Make("other_refused", "Requests refused for their form, size or endpoint.");
        UnreadableRequests = Make("unreadable_requests", "Requests to a model that were refused because they could not be looked at: no JSON, or packed in a way that is not taken.");
        Unidentified = Make("unidentified", "Requests that named no account.");
        Asked = Make("decisions_asked", "Decisions asked of the server.");
        Undecided = Make("undecided", "Requests without a decision, because the server could not be asked and nothing recent was known.");
        Remembered = Make("decisions_remembered", "Requests decided as before, because the server could not be asked.");
        DecisionFaults = Make("decision_faults", "Questions that failed or took too long.");
        UpstreamFaults = Make("upstream_faults", "Answers of the provider that failed, broke off or took too long.");
        Cancelled = Make("cancelled", "Answers that the client did not wait for; the provider was told.");
        UnreadableEvents = Make("unreadable_events", "Events left out of rewritten answers because they could not be read.");
        CanaryPlaces = Make("canary_places", "Places in answers to campaigns where a canary key chose the form of words.");
        CanariesWithoutKey = Make("canaries_without_key", "Answers that a verdict wanted marked, and no canary key was given.");
        Reported = Make("reported", "Exchanges that the server took.");
        ReportsDropped = Make("reports_dropped", "Exchanges that were not reported: the queue was full, or they were too large.");
        ReportsRefused = Make("reports_refused", "Exchanges that the server could not use.");
        ReportFaults = Make("report_faults", "Deliveries of reports that failed and will be tried again.");
    }

    public Count Requests { get; }
    public Count Unchanged { get; }
    public Count Rewritten { get; }
    public Count Challenged { get; }
    public Count Held { get; }
    public Count Capped { get; }
    public Count OtherRefused { get; }
    public Count UnreadableRequests { get; }
    public Count Unidentified { get; }
    public Count Asked { get; }
    public Count Undecided { get; }
    public Count Remembered { get; }
    public Count DecisionFaults { get; }
    public Count UpstreamFaults { get; }
    public Count Cancelled { get; }
    public Count UnreadableEvents { get; }
    public Count CanaryPlaces { get; }
    public Count CanariesWithoutKey { get; }
    public Count Reported { get; }
    public Count ReportsDropped { get; }
    public Count ReportsRefused { get; }
    public Count ReportFaults { get; }

    public IReadOnlyList<(string Name, string Help, Count Sum)> All => _all;

    private Count Make(string name, string help)
    {
        var sum = new Count();
        _all.Add((name, help, sum));
        return sum;
    }
}
