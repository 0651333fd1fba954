using System.Globalization;
using System.Text.Json.Nodes;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Sharing.Formats;

/// <summary>
/// Addresses and networks for a firewall or gateway: a JSON list as CrowdSec's <c>cscli decisions import</c> reads it. The decision is to look closer
/// ("captcha" there), not to ban: behind an address there may be others.
/// </summary>
public static class DecisionList
{
    public const string Decision = "captcha";

    /// <summary>Those whose indicators have not ended.</summary>
    public static JsonArray Write(JsonObject bundle, DateTimeOffset now)
    {
        var list = new JsonArray();
        foreach (var indicator in Places(bundle))
        {
            if (!StixTime.TryRead(indicator.ValidUntil, out var until) || until <= now) continue;
            list.Add((JsonNode)new JsonObject
            {
                ["scope"] = indicator.Pattern.Kind == "ip" ? "ip" : "range", ["value"] = indicator.Pattern.Value, ["type"] = Decision, ["origin"] = "stillhunt",
                ["duration"] = string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling((until - now).TotalHours):0}h"),
                ["reason"] = string.Create(CultureInfo.InvariantCulture, $"{indicator.Campaign}, confidence {indicator.Confidence}"),
            });
        }

        return list;
    }

    /// <summary>Addresses and networks in a bundle, whether their time is over or not.</summary>
    public static int PlaceCount(JsonObject bundle) => Places(bundle).Count();

    private static IEnumerable<SharedIndicator> Places(JsonObject bundle) => SharedIndicator.Of(bundle).Where(indicator => indicator.Pattern.Kind is "ip" or "network");
}
