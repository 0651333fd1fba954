using System.Globalization;
using System.Text.Json;

namespace Stillhunt.Campaigns;

/// <summary>What the types of a result do not forbid and no reader of one expects, because it was written by hand or by another program.</summary>
internal static class ResultFaults
{
    /// <exception cref="JsonException">A list holds null; names the place.</exception>
    public static void RefuseNullInLists(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 64 });
        // For each list or object that is open: its name, and how many values of the list were read, or -1 for an object.
        var open = new Stack<(string Name, int Count)>();
        var name = "";
        while (reader.Read())
        {
            var isEnd = reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject;
            if (isEnd)
            {
                open.Pop();
                continue;
            }

            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                name = reader.GetString()!;
                continue;
            }

            var at = name;
            if (open.TryPeek(out var list) && list.Count >= 0)
            {
                at = string.Create(CultureInfo.InvariantCulture, $"[{list.Count}]");
                open.Pop();
                open.Push(list with { Count = list.Count + 1 });
                if (reader.TokenType == JsonTokenType.Null) throw new JsonException($"{Path(open.Skip(1).Select(outer => outer.Name).Prepend(list.Name))}{at} is null.");
            }

            if (reader.TokenType == JsonTokenType.StartArray) open.Push((at, 0));
            else if (reader.TokenType == JsonTokenType.StartObject) open.Push((at, -1));
        }
    }

    /// <exception cref="JsonException">A number means nothing; names the place.</exception>
    public static void RefuseImpossible(ScanResult result)
    {
        foreach (var (list, campaigns) in new[] { ("campaigns", result.Campaigns), ("suspected", result.Suspected) })
        {
            for (var i = 0; i < campaigns.Count; i++)
            {
                var campaign = campaigns[i];
                Share(campaign.Confidence, $"{list}[{i}].confidence");
                for (var j = 0; j < campaign.Accounts.Count; j++) Share(campaign.Accounts[j].Probability, $"{list}[{i}].accounts[{j}].probability");
                for (var j = 0; j < campaign.Shared.Count; j++)
                {
                    if (campaign.Shared[j].Accounts.Any(at => at < 0 || at >= campaign.Accounts.Count)) throw new JsonException($"{list}[{i}].shared[{j}].accounts names a place that the campaign's accounts do not have.");
                }
            }
        }
    }

    private static void Share(double value, string at)
    {
        if (value is not (>= 0 and <= 1)) throw new JsonException(string.Create(CultureInfo.InvariantCulture, $"{at} is {value}, and must be from 0 to 1."));
    }

    private static string Path(IEnumerable<string> names) =>
        names.Reverse().Aggregate("", (path, name) => path.Length == 0 || name.StartsWith('[') ? path + name : $"{path}.{name}");
}
