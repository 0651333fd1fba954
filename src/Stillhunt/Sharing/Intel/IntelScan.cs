using System.Globalization;
using System.Net;
using System.Text;
using Stillhunt.Campaigns;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Reporting;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Sharing.Intel;

/// <summary>
/// Looks for the indicators of others in traffic, exchange by exchange, on its way to the observer. What an exchange matches is known at once, so an
/// operator can be met at its first request; what a match is worth is known at the end, from how common it is here.
/// </summary>
public sealed class IntelScan : IExchangeSink
{
    private const int MostText = 4096;

    /// <summary>Fewer accounts that were vouched for say nothing: each may be one that an operator had verified.</summary>
    private const int LeastVouched = 5;

    private readonly Observer _next;
    private readonly Func<int, string> _sourceOf;
    private readonly IntelOptions _options;
    private readonly IReadOnlyList<IntelIndicator> _indicators;
    private readonly string?[] _unused;
    private readonly Dictionary<(string Kind, string Value), List<int>> _byValue = [];
    private readonly List<(IPNetwork Network, int Indicator)> _networks = [];
    private readonly Dictionary<string, (SketchIndex Index, HashSet<ulong> Seen)> _sketches = new(StringComparer.Ordinal);
    private readonly List<GroupEpoch> _keyedEpochs = [];
    private readonly Dictionary<(AccountId Account, int Indicator), Hit> _hits = [];
    private readonly Dictionary<AccountId, (long FirstMs, long LastMs)> _accounts = [];
    private readonly long[] _untilMs;
    private readonly Word[] _words = new Word[MostText];
    private readonly List<int> _matched = [];

    private sealed class Hit
    {
        public long Count { get; set; }
        public long FirstMs { get; set; } = long.MaxValue;
        public long LastMs { get; set; } = long.MinValue;
    }

    /// <param name="next">Gets every exchange; what it counts is matched, so a duplicate is not.</param>
    public IntelScan(Observer next, Func<int, string> sourceOf, IntelStore store, IntelOptions options)
    {
        ArgumentNullException.ThrowIfNull(store);
        (_next, _sourceOf, _options, _indicators) = (next, sourceOf, options, store.Indicators());
        _unused = new string?[_indicators.Count];
        _untilMs = [.. _indicators.Select(indicator => indicator.ValidUntil?.ToUnixTimeMilliseconds() ?? long.MaxValue)];
        for (var i = 0; i < _indicators.Count; i++) _unused[i] = Prepare(i);
    }

    public void Accept(Exchange exchange, LogPosition position)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        var before = _next.ExchangeCount;
        _next.Accept(exchange, position);
        if (_next.ExchangeCount == before) return;
        var account = new AccountId(_sourceOf(position.File), Encoding.UTF8.GetString(exchange[ExchangeField.Account]));
        _accounts[account] = _accounts.TryGetValue(account, out var span)
            ? (Math.Min(span.FirstMs, exchange.TimeMs), Math.Max(span.LastMs, exchange.TimeMs)) : (exchange.TimeMs, exchange.TimeMs);
        _matched.Clear();
        Match(exchange);
        _matched.Sort();
        for (var i = 0; i < _matched.Count; i++)
            if (i == 0 || _matched[i] != _matched[i - 1]) Count(account, _matched[i], exchange.TimeMs, exchange.TimeMs, 1);
    }

    public void Reject(Rejection rejection, LogPosition position) => _next.Reject(rejection, position);

    public void DroppedField(string field, LogPosition position) => _next.DroppedField(field, position);

    /// <summary>Weighs the matches; call once after the last exchange.</summary>
    /// <param name="record">What the accounts file says of an account, or null.</param>
    public IntelResult Finish(Func<AccountId, AccountRecord?> record)
    {
        ArgumentNullException.ThrowIfNull(record);
        foreach (var (account, span) in _accounts) MatchRecord(account, record(account), span);
        var trusted = _accounts.Keys.Where(account => record(account) is { Verified: true } or { Entitlement: not null }).ToHashSet();
        var byIndicator = _hits.Where(pair => !_options.Allowed.Allows(pair.Key.Account.Id)).ToLookup(pair => pair.Key.Indicator);
        var uses = Enumerable.Range(0, _indicators.Count).Select(i => Use(i, [.. byIndicator[i]], trusted)).ToList();
        return new IntelResult { Indicators = uses, Accounts = Accounts(uses, byIndicator) };
    }

    private List<IntelMatch> Accounts(List<IntelIndicatorUse> uses, ILookup<int, KeyValuePair<(AccountId Account, int Indicator), Hit>> byIndicator)
    {
        var used = Enumerable.Range(0, uses.Count).Where(i => uses[i].Bits is not null).SelectMany(i => byIndicator[i]);
        return [.. used.GroupBy(pair => pair.Key.Account).Select(own => new IntelMatch
        {
            Id = own.Key.Id, Source = own.Key.Source,
            Senders = [.. own.Select(pair => _indicators[pair.Key.Indicator].Source).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Indicators = [.. own.Select(pair => _indicators[pair.Key.Indicator].Id).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Bits = Round(Math.Min(_options.MostBits, own.GroupBy(pair => _indicators[pair.Key.Indicator].Source, StringComparer.Ordinal)
                .Sum(sender => Math.Min(_options.MostBitsOfSender * sender.Max(pair => _indicators[pair.Key.Indicator].Trust), sender.Sum(pair => uses[pair.Key.Indicator].Bits!.Value))))),
            ExchangeCount = own.Max(pair => pair.Value.Count), First = Time(own.Min(pair => pair.Value.FirstMs)),
        }).OrderByDescending(match => match.Bits).ThenByDescending(match => match.ExchangeCount).ThenBy(match => match.Source, StringComparer.Ordinal).ThenBy(match => match.Id, StringComparer.Ordinal)];
    }

    private IntelIndicatorUse Use(int number, List<KeyValuePair<(AccountId Account, int Indicator), Hit>> hits, HashSet<AccountId> trusted)
    {
        var indicator = _indicators[number];
        var (status, text) = _unused[number] is { } unused ? Split(unused) : ("used", "");
        double? bits = null;
        if (status == "used" && _accounts.Count > 0 && _accounts.Values.Min(span => span.FirstMs) >= _untilMs[number])
            (status, text) = ("expired", $"Valid until {indicator.ValidUntil!.Value.UtcDateTime:yyyy-MM-dd}, before all of this traffic.");
        if (status == "used")
        {
            var share = (hits.Count + 0.5) / (_accounts.Count + 1);
            var vouched = hits.Count(pair => trusted.Contains(pair.Key.Account));
            if (hits.Count >= 3 && share > _options.MostAccounts)
                (status, text) = ("too-common", string.Create(CultureInfo.InvariantCulture, $"Rejected: it matches {Figures.Counted(hits.Count, "account")} of {_accounts.Count:N0}, more than {_options.MostAccounts:P0}, so it tells nobody apart here."));
            else if (vouched >= LeastVouched && vouched > _options.MostTrusted * trusted.Count)
                (status, text) = ("hits-trusted", string.Create(CultureInfo.InvariantCulture, $"Rejected: it matches {Figures.Counted(vouched, "account")} of {trusted.Count:N0} that you verified or entitled."));
            else
            {
                // All who match are counted as strangers, the operator's own too: the worth is stated too low rather than too high.
                bits = Round(Math.Min(_options.MostBitsOfSender, -Math.Log2(share)) * indicator.Trust);
                text = hits.Count == 0 ? "Nothing matched." : string.Create(CultureInfo.InvariantCulture, $"{Figures.Counted(hits.Count, "account")} of {_accounts.Count:N0} matched.");
            }
        }

        return new IntelIndicatorUse
        {
            Id = indicator.Id, Source = indicator.Source, Kind = indicator.Kind, Status = status, Text = text, AccountCount = hits.Count, ExchangeCount = hits.Sum(pair => pair.Value.Count), Bits = bits,
            First = hits.Count == 0 ? null : Time(hits.Min(pair => pair.Value.FirstMs)), Last = hits.Count == 0 ? null : Time(hits.Max(pair => pair.Value.LastMs)),
        };
    }

    /// <summary>Puts an indicator where it is looked up; else "status: sentence".</summary>
    private string? Prepare(int number)
    {
        var indicator = _indicators[number];
        if (indicator.Revoked) return "revoked: Its sender took it back.";
        if (indicator.Pattern is not { } pattern) return $"unsupported: Not looked for: {indicator.Unsupported}.";
        if (_options.Allowed.Allows(indicator.Id) || (pattern.Value.Length > 0 && _options.Allowed.Allows(pattern.Value))) return "allowed: Your allow list names it.";
        if (pattern.Key is { } key)
        {
            if (_options.Key?.Find(key.Group, key.Epoch) is not { } epoch) return $"no-key: It needs the key of {key.Group}/{key.Epoch}.";
            if (!epoch.IsValidAt(_options.Now)) return $"expired-key: The key of {epoch} ended on {epoch.Until.UtcDateTime:yyyy-MM-dd}.";
            if (pattern.Kind == "sketch")
            {
                if (!_sketches.TryGetValue(epoch.Epoch, out var sketches)) _sketches.Add(epoch.Epoch, sketches = (new SketchIndex(epoch), []));
                sketches.Index.Add(number, pattern.Phrases, pattern.Least);
                return null;
            }

            if (!_keyedEpochs.Contains(epoch)) _keyedEpochs.Add(epoch);
            Put((pattern.Kind + " " + epoch, pattern.Value));
            return null;
        }

        if (pattern.Kind == "network" && IPNetwork.TryParse(pattern.Value, out var network)) _networks.Add((network, number));
        else Put((pattern.Kind, pattern.Kind == "ip" && IPAddress.TryParse(pattern.Value, out var address) ? address.ToString() : pattern.Value));
        return null;

        void Put((string, string) at)
        {
            if (!_byValue.TryGetValue(at, out var list)) _byValue.Add(at, list = []);
            list.Add(number);
        }
    }

    private void Match(Exchange exchange)
    {
        if (_byValue.Count > 0 || _networks.Count > 0)
        {
            MatchAddress(exchange[ExchangeField.Ip]);
            MatchText("asn", exchange[ExchangeField.Asn]);
            MatchText("asn", exchange[ExchangeField.AsnOrg]);
            MatchText("tls", exchange[ExchangeField.Tls]);
            MatchText("client", exchange[ExchangeField.Client]);
            MatchKeyed("client", exchange[ExchangeField.Client]);
        }

        if (_sketches.Count == 0 || !exchange.HasPrompt) return;
        foreach (var (sketches, _) in _sketches.Values) sketches.Begin();
        foreach (var (_, seen) in _sketches.Values) seen.Clear();
        for (var part = 0; part < exchange.PartCount; part++)
        {
            if (exchange.RoleOf(part) is not (PartRole.System or PartRole.User)) continue;
            var text = exchange.TextOf(part);
            // Head and tail: instructions stand at the edges of what they are about.
            ReadSketches(text[..Math.Min(text.Length, MostText)]);
            if (text.Length > MostText) ReadSketches(text[^Math.Min(MostText, text.Length - MostText)..]);
        }

        foreach (var (sketches, _) in _sketches.Values) sketches.Finish(_matched);
    }

    private void ReadSketches(ReadOnlySpan<byte> text)
    {
        var count = SharedWords.Scan(text, _words);
        foreach (var (sketches, seen) in _sketches.Values) sketches.Read(_words.AsSpan(0, count), seen);
    }

    private void MatchAddress(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > 64 || !IPAddress.TryParse(Encoding.UTF8.GetString(text), out var address)) return;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (_byValue.TryGetValue(("ip", address.ToString()), out var list)) _matched.AddRange(list);
        foreach (var (network, indicator) in _networks)
            if (network.Contains(address)) _matched.Add(indicator);
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

    private void MatchRecord(AccountId account, AccountRecord? record, (long FirstMs, long LastMs) span)
    {
        if (record is null) return;
        _matched.Clear();
        if (!string.IsNullOrEmpty(record.EmailDomain)) MatchText("email-domain", Encoding.UTF8.GetBytes(record.EmailDomain));
        if (!string.IsNullOrEmpty(record.Payment)) MatchKeyed("payment", Encoding.UTF8.GetBytes(record.Payment));
        foreach (var indicator in _matched.Distinct().ToList()) Count(account, indicator, span.FirstMs, span.LastMs, 0);
    }

    /// <summary>
    /// An indicator ends with its validity, by the traffic's own time. It does not begin with it: an operator known elsewhere since today is looked
    /// for in the log of last week too.
    /// </summary>
    private void Count(AccountId account, int indicator, long firstMs, long lastMs, int exchanges)
    {
        if (firstMs >= _untilMs[indicator]) return;
        if (!_hits.TryGetValue((account, indicator), out var hit)) _hits.Add((account, indicator), hit = new Hit());
        hit.Count += exchanges;
        hit.FirstMs = Math.Min(hit.FirstMs, firstMs);
        hit.LastMs = Math.Max(hit.LastMs, lastMs);
    }

    private static (string, string) Split(string unused) => (unused[..unused.IndexOf(':', StringComparison.Ordinal)], unused[(unused.IndexOf(':', StringComparison.Ordinal) + 2)..]);

    private static double Round(double bits) => Math.Round(bits, 2, MidpointRounding.AwayFromZero);

    private static string Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
