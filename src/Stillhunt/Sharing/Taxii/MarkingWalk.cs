using System.Text.Json.Nodes;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Sharing.Taxii;

/// <summary>Which markings of an add would stand in a circle with each other and with what is in the collection already: two requests can make one as well as one can.</summary>
internal sealed class MarkingWalk(ITaxiiObjects store)
{
    /// <summary>Markings of the collection that are looked at for one request: a writer can make a chain as long as it likes, and TLP marks nothing over others.</summary>
    private const int MostLooked = 1000;

    /// <summary>Markings that mark themselves, or all of them where they lead further than is looked at.</summary>
    public IReadOnlySet<string> Circles(JsonArray added)
    {
        var markings = added.OfType<JsonObject>().Where(item => StixBundle.Text(item, "type") == "marking-definition" && StixBundle.Text(item, "id") is not null).ToList();
        if (markings.Count == 0) return new HashSet<string>();
        var all = new List<JsonObject>(markings);
        var known = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>(markings.SelectMany(StixBundle.MarksOf));
        while (open.TryDequeue(out var id))
        {
            if (!known.Add(id)) continue;
            if (known.Count > MostLooked) return markings.Select(item => StixBundle.Text(item, "id")!).ToHashSet(StringComparer.Ordinal);
            foreach (var stored in store.Versions(id))
            {
                if (JsonNode.Parse(stored.Json) is not JsonObject item) continue;
                all.Add(item);
                foreach (var mark in StixBundle.MarksOf(item)) open.Enqueue(mark);
            }
        }

        return StixBundle.MarkingCircles(all);
    }
}
