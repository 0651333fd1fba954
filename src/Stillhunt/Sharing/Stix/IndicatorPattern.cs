using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Stillhunt.Sharing.Stix;

/// <summary>
/// The patterns that are written and read: a single comparison of STIX, or one line of ours for what is keyed. Reading is by exact forms, never by a
/// general engine, so no pattern can be built to explode; what has another form is unsupported, which is no fault.
/// </summary>
internal sealed partial record IndicatorPattern
{
    public const string StixType = "stix", SketchType = "stillhunt-sketch", KeyedType = "stillhunt-keyed";

    /// <summary>Longer ones are not read at all; ours have at most some three thousand characters.</summary>
    private const int LongestPattern = 16_384;

    public const int MostPhrases = 512;

    /// <summary>sketch, ip, network, asn, client, tls, email-domain or payment.</summary>
    public required string Kind { get; init; }

    /// <summary>In clear, or keyed as 32 hexadecimal digits; empty for a sketch.</summary>
    public string Value { get; init; } = "";

    /// <summary>The group and epoch whose key it needs; null for what is in clear.</summary>
    public (string Group, string Epoch)? Key { get; init; }

    /// <summary>A sketch's phrases, and how many of them a prompt must hold.</summary>
    public IReadOnlyList<ulong> Phrases { get; init; } = [];

    public int Least { get; init; }

    public string PatternType => Kind == "sketch" ? SketchType : Key is not null ? KeyedType : StixType;

    public string Write() => Kind switch
    {
        "sketch" => string.Create(CultureInfo.InvariantCulture,
            $"sketch:1 group={Key!.Value.Group} epoch={Key.Value.Epoch} least={Least} phrases={string.Join(',', Phrases.Select(phrase => phrase.ToString("x16", CultureInfo.InvariantCulture)))}"),
        _ when Key is { } key => $"keyed:1 group={key.Group} epoch={key.Epoch} kind={Kind} value={Value}",
        "ip" => $"[{(Value.Contains(':', StringComparison.Ordinal) ? "ipv6" : "ipv4")}-addr:value = '{Value}']",
        "network" => $"[{(Value.Contains(':', StringComparison.Ordinal) ? "ipv6" : "ipv4")}-addr:value ISSUBSET '{Value}']",
        "asn" when Number(Value) is { } number => string.Create(CultureInfo.InvariantCulture, $"[autonomous-system:number = {number}]"),
        "asn" => $"[autonomous-system:name = '{Escaped(Value)}']",
        "email-domain" => $"[domain-name:value = '{Escaped(Value)}']",
        "client" => $"[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' = '{Escaped(Value)}']",
        _ => $"[x509-certificate:hashes.'{Kind}' = '{Escaped(Value)}']",
    };

    /// <summary>The number of an autonomous system, written 64500 or AS64500; null for a name.</summary>
    public static uint? Number(string asn) =>
        uint.TryParse(asn.StartsWith("AS", StringComparison.OrdinalIgnoreCase) ? asn[2..] : asn, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Null with a reason where the form is not one that is read. What is the same, however it was spelt, is one pattern: of several senders it counts once.</summary>
    public static IndicatorPattern? Read(string patternType, string pattern, out string reason)
    {
        reason = "";
        if (pattern.Length > LongestPattern)
        {
            reason = string.Create(CultureInfo.InvariantCulture, $"the pattern has {pattern.Length:N0} characters; more than {LongestPattern:N0} are not read");
            return null;
        }

        var read = patternType switch { SketchType => ReadSketch(pattern), KeyedType => ReadKeyed(pattern), StixType => ReadStix(pattern), _ => null };
        if (read is null) reason = patternType is SketchType or KeyedType or StixType ? "the pattern has a form that is not read: only one plain comparison is" : "the pattern type is not one that is read";
        return read;
    }

    private static IndicatorPattern? ReadSketch(string pattern)
    {
        if (SketchForm().Match(pattern) is not { Success: true } form) return null;
        var phrases = form.Groups[4].Value.Split(',');
        var least = int.Parse(form.Groups[3].ValueSpan, CultureInfo.InvariantCulture);
        // One phrase alone is a sentence that anybody may write.
        if (phrases.Length is < 3 or > MostPhrases || least < 3 || least > phrases.Length) return null;
        return new IndicatorPattern
        {
            Kind = "sketch", Key = (form.Groups[1].Value, form.Groups[2].Value), Least = least,
            Phrases = [.. phrases.Select(phrase => ulong.Parse(phrase, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).Distinct().Order()],
        };
    }

    private static IndicatorPattern? ReadKeyed(string pattern) => KeyedForm().Match(pattern) is { Success: true } form
        ? new IndicatorPattern { Kind = form.Groups[3].Value, Value = form.Groups[4].Value, Key = (form.Groups[1].Value, form.Groups[2].Value) } : null;

    private static IndicatorPattern? ReadStix(string pattern)
    {
        if (StixForm().Match(pattern) is not { Success: true } form) return null;
        var (path, comparison, text) = (form.Groups["path"].Value, form.Groups["op"].Value, form.Groups["text"]);
        var value = text.Success ? Unescaped(text.Value) : form.Groups["number"].Value;
        return (path, comparison) switch
        {
            ("ipv4-addr:value" or "ipv6-addr:value", "=") when IPAddress.TryParse(value, out var address) => new IndicatorPattern { Kind = "ip", Value = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString() },
            ("ipv4-addr:value" or "ipv6-addr:value", "=" or "ISSUBSET") when IsNarrow(value) => new IndicatorPattern { Kind = "network", Value = IPNetwork.Parse(value).ToString() },
            ("autonomous-system:number", "=") when uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) => new IndicatorPattern { Kind = "asn", Value = value },
            ("autonomous-system:name", "=") => new IndicatorPattern { Kind = "asn", Value = value },
            ("domain-name:value", "=") => new IndicatorPattern { Kind = "email-domain", Value = value.ToLowerInvariant() },
            ("network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'", "=") => new IndicatorPattern { Kind = "client", Value = value },
            ("x509-certificate:hashes.'tls'", "=") => new IndicatorPattern { Kind = "tls", Value = value },
            _ => null,
        };
    }

    /// <summary>A network of at most 65,536 IPv4 addresses, or a /32 of IPv6: wider ones are somebody's country.</summary>
    private static bool IsNarrow(string value) => IPNetwork.TryParse(value, out var network) &&
        network.PrefixLength >= (network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 16 : 32);

    private static string Escaped(string value) => value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal);

    private static string Unescaped(string value) => Escape().Replace(value, "$1");

    [GeneratedRegex(@"\Asketch:1 group=([A-Za-z0-9._-]{1,64}) epoch=([A-Za-z0-9._-]{1,64}) least=(\d{1,3}) phrases=((?:[0-9a-f]{16})(?:,[0-9a-f]{16})*)\z", RegexOptions.NonBacktracking)]
    private static partial Regex SketchForm();

    [GeneratedRegex(@"\Akeyed:1 group=([A-Za-z0-9._-]{1,64}) epoch=([A-Za-z0-9._-]{1,64}) kind=(client|payment) value=([0-9a-f]{32})\z", RegexOptions.NonBacktracking)]
    private static partial Regex KeyedForm();

    [GeneratedRegex(@"\A\s*\[\s*(?<path>[a-zA-Z0-9_.:'-]{3,120}?)\s*(?<op>=|ISSUBSET)\s*(?:'(?<text>(?:[^'\\]|\\['\\])*)'|(?<number>\d{1,10}))\s*\]\s*\z", RegexOptions.NonBacktracking)]
    private static partial Regex StixForm();

    [GeneratedRegex(@"\\(['\\])", RegexOptions.NonBacktracking)]
    private static partial Regex Escape();
}
