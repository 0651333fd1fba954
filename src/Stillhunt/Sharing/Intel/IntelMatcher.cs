using System.Globalization;
using System.Net;
using System.Text;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Sharing.Intel;

/// <summary>
/// Indicators of others, prepared so that what an exchange matches is known at once, and an operator can be met at its first request. For one thread.
/// </summary>
internal sealed class IntelMatcher
{
    /// <summary>
    /// Sketches of one sender that are looked for. A sender with more campaigns than the world has seen operators wants to be matched everywhere, and each costs time with every exchange.
    /// </summary>
    public const int MostSketches = 1000;

    private const int MostWords = 4096;

    private readonly IntelOptions _options;
    private readonly string?[] _unused;
    private readonly long[] _untilMs;
    private readonly Dictionary<(string Kind, string Value), List<int>> _byValue = [];
    private readonly NetworkIndex _networks = new();
    private readonly Dictionary<string, (SketchIndex Index, HashSet<ulong> Seen)> _sketches = new(StringComparer.Ordinal);
    private readonly List<GroupEpoch> _keyedEpochs = [];
    private readonly Dictionary<string, int> _sketchesOf = new(StringComparer.Ordinal);
    private readonly RequestText _text = new();
    private readonly Word[] _words = new Word[MostWords];
    private readonly List<int> _matched = [];

    public IntelMatcher(IReadOnlyList<IntelIndicator> indicators, IntelOptions options)
    {
        (Indicators, _options) = (indicators, options);
        _unused = new string?[indicators.Count];
        _untilMs = [.. indicators.Select(indicator => indicator.ValidUntil?.ToUnixTimeMilliseconds() ?? long.MaxValue)];
        for (var i = 0; i < indicators.Count; i++) _unused[i] = Prepare(i);
    }

    public IReadOnlyList<IntelIndicator> Indicators { get; }

    /// <summary>Why an indicator is not looked for, as "status: sentence"; null where it is.</summary>
    public string? WhyUnused(int indicator) => _unused[indicator];

    public bool HasEnded(int indicator, long atMs) => atMs >= _untilMs[indicator];

    /// <summary>Numbers of the indicators that an exchange matches, each once, in order. The list is used again at the next call.</summary>
    public IReadOnlyList<int> Match(Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        _matched.Clear();
        Look(exchange);
        return Distinct(exchange.TimeMs);
    }

    /// <summary>The same for what is known of an account, by mail domain and payment.</summary>
    /// <param name="firstMs">When the account's traffic begins.</param>
    public IReadOnlyList<int> Match(AccountRecord record, long firstMs)
    {
        ArgumentNullException.ThrowIfNull(record);
        _matched.Clear();
        if (!string.IsNullOrEmpty(record.EmailDomain)) MatchText("email-domain", Encoding.UTF8.GetBytes(record.EmailDomain.ToLowerInvariant()));
        if (!string.IsNullOrEmpty(record.Payment)) MatchKeyed("payment", Encoding.UTF8.GetBytes(record.Payment));
        return Distinct(firstMs);
    }

    /// <summary>
    /// An indicator ends with its validity, by the traffic's own time. It does not begin with it: an operator known elsewhere since today is looked
    /// for in the log of last week too.
    /// </summary>
    private List<int> Distinct(long atMs)
    {
        if (_matched.Count > 1)
        {
            _matched.Sort();
            var kept = 1;
            for (var i = 1; i < _matched.Count; i++)
                if (_matched[i] != _matched[kept - 1]) _matched[kept++] = _matched[i];
            _matched.RemoveRange(kept, _matched.Count - kept);
        }

        _matched.RemoveAll(indicator => HasEnded(indicator, atMs));
        return _matched;
    }

    private void Look(Exchange exchange)
    {
        if (_byValue.Count > 0 || !_networks.IsEmpty)
        {
            MatchAddress(exchange[ExchangeField.Ip]);
            MatchText("asn", exchange[ExchangeField.Asn]);
            MatchText("asn", exchange[ExchangeField.AsnOrg]);
            MatchText("tls", exchange[ExchangeField.Tls]);
            MatchText("client", exchange[ExchangeField.Client]);
            MatchKeyed("client", exchange[ExchangeField.Client]);
        }

        if (_sketches.Count == 0 || !exchange.HasPrompt) return;
        var count = SharedWords.Scan(_text.Edges(exchange), _words);
        foreach (var (sketches, seen) in _sketches.Values)
        {
            seen.Clear();
            sketches.Match(_words.AsSpan(0, count), seen, _matched);
        }
    }

    private void MatchAddress(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > 64 || !IPAddress.TryParse(Encoding.UTF8.GetString(IpNumber.Bare(text)), out var address)) return;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (_byValue.TryGetValue(("ip", address.ToString()), out var list)) _matched.AddRange(list);
        _networks.Find(address, _matched);
    }

    private void MatchText(string kind, ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > 1024) return;
        var value = Encoding.UTF8.GetString(text);
        if (_byValue.TryGetValue((kind, value), out var list)) _matched.AddRange(list);
        if (kind == "asn" && IndicatorPattern.Number(value) is { } number && _byValue.TryGetValue((kind, number.ToString(CultureInfo.InvariantCulture)), out list)) _matched.AddRange(list);
    }

    private void MatchKeyed(string kind, ReadOnlySpan<byte> text)
    {
        if (text.Length == 0) return;
        foreach (var epoch in _keyedEpochs)
            if (_byValue.TryGetValue((kind + " " + epoch, epoch.ValueOf(kind, text)), out var list)) _matched.AddRange(list);
    }

    /// <summary>Puts an indicator where it is looked up; else "status: sentence".</summary>
    private string? Prepare(int number)
    {
        var indicator = Indicators[number];
        if (indicator.Revoked) return "revoked: Its sender took it back.";
        if (indicator.Maker is { } maker && maker == _options.Own) return "own: You made it yourself: it says what your own detection says.";
        if (indicator.Pattern is not { } pattern) return $"unsupported: Not looked for: {indicator.Unsupported}.";
        if (_options.Allowed.Allows(indicator.Id) || (pattern.Value.Length > 0 && _options.Allowed.Allows(pattern.Value))) return "allowed: Your allow list names it.";
        if (_options.LeaveOut.Contains(pattern.Kind)) return $"left-out: Evidence of the kind {pattern.Kind} is left out at your wish.";
        if (pattern.Key is { } key)
        {
            if (_options.Key?.Find(key.Group, key.Epoch) is not { } epoch) return $"no-key: It needs the key of {key.Group}/{key.Epoch}.";
            if (!epoch.IsValidAt(_options.Now)) return $"expired-key: The key of {epoch} ended on {epoch.Until.UtcDateTime:yyyy-MM-dd}.";
            if (pattern.Kind == "sketch")
            {
                var own = _sketchesOf[indicator.Sender] = _sketchesOf.GetValueOrDefault(indicator.Sender) + 1;
                if (own > MostSketches) return string.Create(CultureInfo.InvariantCulture, $"too-many: Not looked for: {indicator.Sender} sent more than {MostSketches:N0} sketches.");
                if (!_sketches.TryGetValue(epoch.Epoch, out var sketches)) _sketches.Add(epoch.Epoch, sketches = (new SketchIndex(epoch), []));
                sketches.Index.Add(number, pattern.Phrases, pattern.Least);
                return null;
            }

            if (!_keyedEpochs.Contains(epoch)) _keyedEpochs.Add(epoch);
            Put((pattern.Kind + " " + epoch, pattern.Value));
            return null;
        }

        if (pattern.Kind == "network" && IPNetwork.TryParse(pattern.Value, out var network)) _networks.Add(network, number);
        else Put((pattern.Kind, pattern.Kind switch
        {
            "ip" when IPAddress.TryParse(pattern.Value, out var address) => address.ToString(),
            "email-domain" => pattern.Value.ToLowerInvariant(),
            _ => pattern.Value,
        }));
        return null;

        void Put((string, string) at)
        {
            if (!_byValue.TryGetValue(at, out var list)) _byValue.Add(at, list = []);
            list.Add(number);
        }
    }
}
