using System.Globalization;
using System.Text.Json.Nodes;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Sharing.Intel;

/// <summary>
/// What was received, schema <c>stillhunt.intel/1</c>: the indicators as their senders wrote them, with who sent them and how far that sender is
/// trusted. The newest version of an id from one sender counts; another sender can neither overwrite nor revoke it.
/// </summary>
public sealed class IntelStore
{
    public const string SchemaName = "stillhunt.intel/1";

    /// <summary>Held at most; the store is read whole.</summary>
    private const int MostIndicators = 100_000;

    /// <summary>Held of one sender: a quarter, so that no sender fills the store and leaves the others no room. Ten thousand are a large export.</summary>
    private const int MostOfSender = MostIndicators / 4;

    private readonly SortedDictionary<string, Received> _received = new(StringComparer.Ordinal);

    private sealed record Received(string Sender, string Source, double Trust, JsonObject Object);

    public int Count => _received.Count;

    /// <summary>What an import did.</summary>
    public sealed record Import(int Added, int Updated, int Unchanged, int Revoked, IReadOnlyList<string> Refused);

    /// <param name="bundle">Read by <see cref="StixBundle"/>, so within its limits.</param>
    /// <param name="sender">The name that you give the sender; a bundle can claim any other.</param>
    /// <param name="trust">0 to 1.</param>
    public Import Add(JsonObject bundle, string sender, double trust)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        int added = 0, updated = 0, unchanged = 0, revoked = 0;
        var refused = new List<string>();
        var ofSender = _received.Values.Count(received => received.Sender == sender);
        var items = (bundle["objects"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        var names = items.Where(item => StixBundle.Text(item, "type") == "identity").Select(item => (StixBundle.Text(item, "id")!, StixBundle.Text(item, "name"))).DistinctBy(pair => pair.Item1)
            .ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);
        foreach (var item in items.Where(item => StixBundle.Text(item, "type") == "indicator"))
        {
            var id = StixBundle.Text(item, "id")!;
            if (Fault(item) is { } fault)
            {
                refused.Add($"{id}: {fault}");
                continue;
            }

            var author = names.GetValueOrDefault(StixBundle.Text(item, "created_by_ref") ?? "");
            var received = new Received(sender, author is null ? sender : $"{sender}: {author}", trust, (JsonObject)item.DeepClone());
            var key = sender + "\n" + id;
            if (!_received.TryGetValue(key, out var held))
            {
                if (_received.Count == MostIndicators)
                {
                    refused.Add(string.Create(CultureInfo.InvariantCulture, $"{id}: the store holds {MostIndicators:N0} indicators and takes no more"));
                    continue;
                }

                if (ofSender == MostOfSender)
                {
                    refused.Add(string.Create(CultureInfo.InvariantCulture, $"{id}: the store holds {MostOfSender:N0} indicators of {sender} and takes no more of one sender"));
                    continue;
                }

                (added, ofSender) = (added + 1, ofSender + 1);
            }
            else if (Modified(held.Object) > Modified(item))
            {
                unchanged++;
                continue;
            }
            else if (Modified(held.Object) == Modified(item))
            {
                if (!JsonNode.DeepEquals(held.Object, item)) refused.Add($"{id}: differs from what {sender} sent before as the same version");
                else unchanged++;
                if (held.Trust == trust) continue;
                received = held with { Trust = trust };
            }
            else
            {
                updated++;
            }

            if (IsRevoked(item)) revoked++;
            _received[key] = received;
        }

        return new Import(added, updated, unchanged, revoked, refused);
    }

    /// <exception cref="InvalidDataException">With the file, the place and the field.</exception>
    public static IntelStore Read(JsonObject root, string path)
    {
        ArgumentNullException.ThrowIfNull(root);
        if (StixBundle.Text(root, "schema") != SchemaName) throw new InvalidDataException($"{path}, field schema: '{SchemaName}' is expected.");
        if (root["received"] is not JsonArray all) throw new InvalidDataException($"{path}, field received: a list is expected.");
        var store = new IntelStore();
        for (var i = 0; i < all.Count; i++)
        {
            var where = string.Create(CultureInfo.InvariantCulture, $"{path}, received[{i}]");
            if (all[i] is not JsonObject entry || StixBundle.Text(entry, "sender") is not { } sender || entry["object"] is not JsonObject item) throw new InvalidDataException($"{where}: sender and object are expected.");
            if (entry["trust"] is not JsonValue value || !value.TryGetValue<double>(out var trust) || trust is not (>= 0 and <= 1)) throw new InvalidDataException($"{where}.trust: a number from 0 to 1 is expected.");
            if ((StixBundle.CheckObject(item) ?? Fault(item)) is { } fault) throw new InvalidDataException($"{where}.object: {fault}");
            store._received[sender + "\n" + StixBundle.Text(item, "id")] = new Received(sender, StixBundle.Text(entry, "source") ?? sender, trust, (JsonObject)item.DeepClone());
        }

        return store;
    }

    public JsonObject ToJson() => new()
    {
        ["schema"] = SchemaName,
        ["received"] = new JsonArray([.. _received.Values.Select(received => new JsonObject
        {
            ["sender"] = received.Sender, ["source"] = received.Source, ["trust"] = received.Trust, ["object"] = received.Object.DeepClone(),
        })]),
    };

    internal IReadOnlyList<IntelIndicator> Indicators() => [.. _received.Values.Select(received =>
    {
        var item = received.Object;
        StixTime.TryRead(StixBundle.Text(item, "valid_from"), out var from);
        var pattern = IndicatorPattern.Read(StixBundle.Text(item, "pattern_type")!, StixBundle.Text(item, "pattern")!, out var reason);
        return new IntelIndicator
        {
            Id = StixBundle.Text(item, "id")!, Sender = received.Sender, Source = received.Source, Maker = StixBundle.Text(item, "created_by_ref"), Trust = received.Trust, Pattern = pattern, Unsupported = reason, ValidFrom = from,
            ValidUntil = StixTime.TryRead(StixBundle.Text(item, "valid_until"), out var until) ? until : null, Modified = Modified(item), Revoked = IsRevoked(item),
        };
    })];

    private static string? Fault(JsonObject item)
    {
        if (StixBundle.Text(item, "pattern") is null || StixBundle.Text(item, "pattern_type") is null) return "pattern and pattern_type are required";
        if (!StixTime.TryRead(StixBundle.Text(item, "valid_from"), out var from)) return "valid_from: a timestamp in UTC is required";
        if (item.ContainsKey("valid_until") && (!StixTime.TryRead(StixBundle.Text(item, "valid_until"), out var until) || until <= from)) return "valid_until: a timestamp after valid_from is expected";
        return StixTime.TryRead(StixBundle.Text(item, "modified"), out _) ? null : "modified: a timestamp in UTC is required";
    }

    private static DateTimeOffset Modified(JsonObject item) => StixTime.TryRead(StixBundle.Text(item, "modified"), out var time) ? time : DateTimeOffset.MinValue;

    private static bool IsRevoked(JsonObject item) => item["revoked"] is JsonValue value && value.TryGetValue<bool>(out var revoked) && revoked;
}
