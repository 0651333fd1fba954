using System.Text;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Sketches;

namespace Stillhunt.Profiles;

/// <summary>
/// Exchanges -> <see cref="Snapshot"/>. Of exchanges with one id in one source the first counts.
/// </summary>
/// <param name="sourceOf">Name of the source that a file (by its index) belongs to.</param>
public sealed class Observer(KeyedHash hash, TextClassifier classifier, Func<int, string> sourceOf) : IExchangeSink
{
    private static readonly (ExchangeField Field, string Name)[] Watched =
    [
        (ExchangeField.Ip, "ip"), (ExchangeField.Asn, "asn"), (ExchangeField.Client, "client"), (ExchangeField.Tls, "tls"),
        (ExchangeField.Headers, "headers"), (ExchangeField.Country, "country"), (ExchangeField.Conversation, "conversation"),
        (ExchangeField.Model, "model"), (ExchangeField.Organization, "organization"), (ExchangeField.Response, "response"),
        (ExchangeField.ReasoningRef, "reasoning_ref"), (ExchangeField.Pathway, "pathway"),
    ];

    private readonly Fingerprinter _fingerprinter = new(hash, classifier);
    private readonly HashSet<ulong> _seen = [];
    private readonly long[] _present = new long[Watched.Length + 3];
    private readonly Dictionary<(string Reason, string? Field), List<LogPosition>> _firstRejected = [];
    private ExchangeFingerprint _scratch = new();
    private ulong _ids;
    private int _file = -1;
    private string _source = "";
    private byte[] _sourceUtf8 = [];

    public Snapshot Snapshot { get; } = new();

    /// <summary>Where the first few records of each reason stood.</summary>
    public IReadOnlyDictionary<(string Reason, string? Field), List<LogPosition>> FirstRejected => _firstRejected;

    public long ExchangeCount { get; private set; }

    public void Accept(Exchange exchange, LogPosition position)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        if (position.File != _file)
        {
            _file = position.File;
            _source = sourceOf(_file);
            _sourceUtf8 = Encoding.UTF8.GetBytes(_source);
        }

        var print = _scratch;
        _fingerprinter.Identify(exchange, _sourceUtf8, exchange.Has(ExchangeField.Id) ? 0 : Place(exchange, position), print);
        if (exchange.Has(ExchangeField.Id) && !_seen.Add(print.Id))
        {
            Snapshot.DuplicateCount++;
            return;
        }

        ExchangeCount++;
        _ids += print.Id;
        if (!Snapshot.Accounts.TryGetValue(print.Account, out var profile))
        {
            profile = new AccountProfile(new AccountId(_source, Encoding.UTF8.GetString(exchange[ExchangeField.Account])));
            Snapshot.Accounts.Add(print.Account, profile);
        }

        Watch(exchange, print);
        var day = profile.DayOf(print.TimeMs);
        if (day.Keeps(print.Id)) _fingerprinter.FillContent(exchange, print);
        if (day.Add(print)) _scratch = new ExchangeFingerprint();
    }

    /// <summary>
    /// What stands for the id of a record without one. Account and time are in it, so that parts made of different files, each file number 0,
    /// are not taken to be the same part.
    /// </summary>
    private ulong Place(Exchange exchange, LogPosition position) => hash.Of(
        hash.Of((ulong)position.File, (ulong)position.Line), hash.Of(hash.Of(exchange[ExchangeField.Account]), (ulong)exchange.TimeMs));

    public void Reject(Rejection rejection, LogPosition position)
    {
        Snapshot.Count(Snapshot.Rejected, rejection.Reason);
        var key = (rejection.Reason, rejection.Field);
        if (!_firstRejected.TryGetValue(key, out var first))
        {
            if (_firstRejected.Count == 100) return;
            _firstRejected.Add(key, first = []);
        }

        if (first.Count < 3) first.Add(position);
    }

    public void DroppedField(string field, LogPosition position) => Snapshot.Count(Snapshot.DroppedFields, field);

    /// <summary>
    /// Hands the counts over to the snapshot; call once after the last exchange. The segment is named by what was read, so the same
    /// part made twice is known to be the same.
    /// </summary>
    public Snapshot Finish(Shard shard)
    {
        for (var i = 0; i < Watched.Length; i++)
            if (_present[i] > 0) Snapshot.Count(Snapshot.Present, Watched[i].Name, _present[i]);
        if (_present[^1] > 0) Snapshot.Count(Snapshot.Present, "prompt", _present[^1]);
        if (_present[^2] > 0) Snapshot.Count(Snapshot.Present, "usage", _present[^2]);
        if (_present[^3] > 0) Snapshot.Count(Snapshot.Present, "params", _present[^3]);
        Array.Clear(_present);
        Snapshot.MarkSegment(hash.Of(hash.Of(_ids, (ulong)ExchangeCount), ((ulong)shard.Count << 32) | (uint)shard.Index));
        return Snapshot;
    }

    private void Watch(Exchange exchange, ExchangeFingerprint print)
    {
        for (var i = 0; i < Watched.Length; i++)
            if (exchange.Has(Watched[i].Field)) _present[i]++;
        if (exchange.HasPrompt) _present[^1]++;
        if (print.OutputTokens >= 0) _present[^2]++;
        if (print.MaxTokens >= 0) _present[^3]++;
        Snapshot.Name(print.Model, exchange[ExchangeField.Model]);
        Snapshot.Name(print.Client, exchange[ExchangeField.Client]);
        Snapshot.Name(print.Tls, exchange[ExchangeField.Tls]);
        Snapshot.Name(print.Pathway, exchange[ExchangeField.Pathway]);
        Snapshot.Name(print.Country, exchange[ExchangeField.Country]);
        Snapshot.Name(print.Asn, exchange.Has(ExchangeField.Asn) ? exchange[ExchangeField.Asn] : exchange[ExchangeField.AsnOrg]);
        Snapshot.Name(print.Organization, exchange[ExchangeField.Organization]);
    }
}
