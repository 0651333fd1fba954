using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Stillhunt.Campaigns;

namespace Stillhunt.Sharing.Stix;

/// <summary>The indicators of one campaign, and the observables that they rest on.</summary>
internal sealed partial class IndicatorExport(BundleBuilder builder, ShareRequest request, Campaign campaign, Redaction redaction)
{
    /// <summary>
    /// A payment token leaves, keyed, only if it can't be guessed: long, and of letters and digits that take turns at least so often, as drawn ones do and names with a year do not. A card's
    /// number has sixteen digits of which ten are known to every clerk.
    /// </summary>
    private const int LeastToken = 20, LeastTurns = 4;

    /// <summary>How long a value stays worth looking for: addresses change hands within weeks, habits within months.</summary>
    private static readonly Dictionary<string, int> Days = new(StringComparer.Ordinal)
    {
        ["ip"] = 14, ["network"] = 30, ["asn"] = 60, ["client"] = 60, ["tls"] = 90, ["email-domain"] = 60, ["payment"] = 180, ["sketch"] = 180,
    };

    private List<ObservedValue>? _values;

    public bool HasInfrastructure => Values(int.MaxValue).Exists(value => value.Kind is "ip" or "network" or "asn");

    /// <summary>Ids of the observables: addresses, networks and autonomous systems, which STIX has words for.</summary>
    public List<string> Observables(int most)
    {
        var ids = new List<string>();
        foreach (var value in Values(most))
        {
            switch (value.Kind)
            {
                case "ip" or "network":
                    ids.Add(builder.AddObservable(value.Value.Contains(':', StringComparison.Ordinal) ? "ipv6-addr" : "ipv4-addr", new JsonObject { ["value"] = value.Value }));
                    break;
                case "asn" when IndicatorPattern.Number(value.Value) is { } number:
                    ids.Add(builder.AddObservable("autonomous-system", new JsonObject { ["number"] = number }));
                    break;
                case "email-domain":
                    ids.Add(builder.AddObservable("domain-name", new JsonObject { ["value"] = value.Value }));
                    break;
            }
        }

        return [.. ids.Distinct(StringComparer.Ordinal)];
    }

    public IEnumerable<(string Id, ObservedValue? Value)> Write(int most)
    {
        if (Sketch() is { } sketch) yield return (Add(sketch, null), null);
        foreach (var value in Values(most))
            if (PatternOf(value) is { } pattern) yield return (Add(pattern, value), value);
    }

    private List<ObservedValue> Values(int most) => _values ??= [.. (campaign.Indicators?.Values ?? []).Where(value => Leaves(value)).Take(most)];

    private bool Leaves(ObservedValue value) => request.Profile.LetsOut(value.Kind) && value.Kind switch
    {
        "ip" => IPAddress.TryParse(value.Value, out _),
        "network" => IPNetwork.TryParse(value.Value, out _),
        // A network owner's name is the log's text; its number is public.
        "asn" => IndicatorPattern.Number(value.Value) is not null,
        // JA3 and JA4 are published forms of a handshake and name nobody; other texts in their place may.
        "tls" => IsFingerprint(value.Value),
        "email-domain" => Uri.CheckHostName(value.Value) == UriHostNameType.Dns,
        // A client can be named after a company, and a company's name can be guessed: its words are held to the same rule as a prompt's.
        "client" => request.Profile.Identities || (request.Key is not null && value.WordOwners >= request.Profile.LeastOwners),
        "payment" => request.Key is not null && IsToken(value.Value),
        _ => false,
    };

    private static bool IsFingerprint(string value) => FingerprintForm().IsMatch(value);

    /// <summary>JA3 is an MD5 sum; JA4 names version, server name, counts and protocol and has two sums of twelve digits.</summary>
    [GeneratedRegex(@"\A(?:[0-9a-f]{32}|[tqd][0-9s][0-9][di][0-9]{4}[0-9a-z]{2}_[0-9a-f]{12}_[0-9a-f]{12})\z")]
    private static partial Regex FingerprintForm();

    private static bool IsToken(string value) => value.Length >= LeastToken && Turns(value) >= LeastTurns && !value.Any(c => char.IsWhiteSpace(c) || c is '@' or '.');

    /// <summary>How often a digit follows a letter or a letter a digit, whatever signs stand between them.</summary>
    private static int Turns(string value)
    {
        var drawn = value.Where(char.IsAsciiLetterOrDigit).Select(char.IsAsciiDigit).ToList();
        return drawn.Zip(drawn.Skip(1), (one, next) => one != next).Count(turned => turned);
    }

    private IndicatorPattern? PatternOf(ObservedValue value) => value.Kind switch
    {
        "client" when !request.Profile.Identities || request.Key is not null => Keyed(value),
        "payment" => Keyed(value),
        _ => new IndicatorPattern { Kind = value.Kind, Value = value.Value },
    };

    private IndicatorPattern Keyed(ObservedValue value) => new()
    {
        Kind = value.Kind, Value = request.Key!.ValueOf(value.Kind, Encoding.UTF8.GetBytes(value.Value)), Key = (request.Key.Group, request.Key.Epoch),
    };

    private IndicatorPattern? Sketch()
    {
        if (!request.Profile.Sketches || request.Key is not { } key || campaign.Indicators?.LeastPhrases is not { } least) return null;
        var phrases = redaction.Phrases();
        var values = phrases.Select(phrase => key.PhraseOf(phrase.Words)).Distinct().Order().Take(IndicatorPattern.MostPhrases).ToList();
        if (values.Count < least) return null;
        return new IndicatorPattern
        {
            Kind = "sketch", Key = (key.Group, key.Epoch), Phrases = values, Least = least,
        };
    }

    private string Add(IndicatorPattern pattern, ObservedValue? value)
    {
        var first = DateTimeOffset.Parse(CampaignExport.Redacted(request, value?.First ?? campaign.First), CultureInfo.InvariantCulture);
        var until = DateTimeOffset.Parse(CampaignExport.Redacted(request, value?.Last ?? campaign.Last), CultureInfo.InvariantCulture).AddDays(Days[pattern.Kind]);
        // With its key's epoch the sketch ends too.
        if (pattern.Key is not null && request.Key!.Until < until) until = request.Key.Until;
        if (until <= first) until = first.AddMilliseconds(1);
        var share = value is null ? 1 : (double)value.AccountCount / Math.Max(1, campaign.Accounts.Count);
        var extra = new JsonObject { ["kind"] = pattern.Kind, ["account_share"] = Math.Round(Math.Min(1, share), 2) };
        if (pattern.Key is { } key) (extra["group"], extra["epoch"]) = (key.Group, key.Epoch);
        if (value is not null) extra["elsewhere_count"] = request.Profile.Count(value.ElsewhereCount);
        // A sketch grows with the campaign and stays the same indicator; any other value is its own.
        return builder.Add("indicator", [campaign.Id, pattern.Kind, pattern.Kind == "sketch" ? $"{request.Key}" : pattern.Write()], new JsonObject
        {
            ["name"] = Names[pattern.Kind], ["indicator_types"] = new JsonArray("anomalous-activity"), ["pattern"] = pattern.Write(), ["pattern_type"] = pattern.PatternType,
            ["pattern_version"] = pattern.PatternType == IndicatorPattern.StixType ? "2.1" : "1",
            ["valid_from"] = StixTime.Write(first), ["valid_until"] = StixTime.Write(until),
            ["confidence"] = (int)Math.Clamp(Math.Floor(campaign.Confidence * 100), 0, 99), ["labels"] = new JsonArray("model-distillation"),
            ["extensions"] = StillhuntExtension.Entry(extra),
        });
    }

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["sketch"] = "Prompts of one family, whatever fills their slots", ["ip"] = "An address of the operator", ["network"] = "A network of the operator",
        ["asn"] = "An uncommon network owner", ["client"] = "An uncommon client", ["tls"] = "An uncommon TLS fingerprint", ["email-domain"] = "A mail domain of the accounts",
        ["payment"] = "A payment token of the accounts",
    };
}
