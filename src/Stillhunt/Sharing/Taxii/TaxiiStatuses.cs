using System.Text.Json.Nodes;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Sharing.Taxii;

/// <summary>What became of adds (TAXII 2.1, section 4.3), for a while and in memory; each is shown to whoever made it.</summary>
internal sealed class TaxiiStatuses(TimeProvider time, TimeSpan kept)
{
    /// <summary>The oldest goes first where more are kept.</summary>
    private const int Most = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string User, DateTimeOffset Ended, JsonObject Status)> _statuses = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public JsonObject Add(string user, DateTimeOffset requested, JsonArray successes, JsonArray failures)
    {
        var id = Guid.NewGuid().ToString();
        var status = new JsonObject
        {
            ["id"] = id, ["status"] = "complete", ["request_timestamp"] = StixTime.WriteMicroseconds(requested), ["total_count"] = successes.Count + failures.Count,
            ["success_count"] = successes.Count, ["failure_count"] = failures.Count, ["pending_count"] = 0,
        };
        if (successes.Count > 0) status["successes"] = successes;
        if (failures.Count > 0) status["failures"] = failures;
        lock (_lock)
        {
            _statuses.Add(id, (user, time.GetUtcNow(), status));
            _order.Enqueue(id);
            while (_order.Count > Most || (_order.TryPeek(out var oldest) && _statuses[oldest].Ended + kept < time.GetUtcNow())) _statuses.Remove(_order.Dequeue());
        }

        return (JsonObject)status.DeepClone();
    }

    public JsonObject? Find(string user, string id)
    {
        lock (_lock) return _statuses.TryGetValue(id, out var held) && held.User == user && held.Ended + kept >= time.GetUtcNow() ? (JsonObject)held.Status.DeepClone() : null;
    }
}
