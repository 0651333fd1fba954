using System.Text;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Ingest.Blocks;
using Stillhunt.Sketches;

namespace Stillhunt.Profiles;

/// <summary>An exchange of a batch: its fingerprint, and what only the exchange itself tells.</summary>
/// <param name="Print">The fingerprint; its object is the batch's again where no sample keeps it.</param>
/// <param name="Fields">Which watched fields it has, as bits.</param>
/// <param name="Source">Its log source.</param>
/// <param name="AccountEnd">Where its account ends in <see cref="ObservedBatch.Accounts"/>; it starts where the one before ends.</param>
/// <param name="HasId">Whether the record named itself.</param>
internal record struct ObservedExchange(ExchangeFingerprint Print, uint Fields, string Source, int AccountEnd, bool HasId);

/// <summary>
/// Exchanges of one block as fingerprints: all of the work on them that needs nothing of any other exchange. Its buffers are used again for the next block.
/// </summary>
/// <param name="own">What makes the fingerprints of a batch that is alone; null takes that of the thread that reads the block.</param>
internal sealed class ObservedBatch(Observer observer, KeyedHash hash, Fingerprinter? own = null) : IExchangeBatch
{
    /// <summary>Positions kept of each reason.</summary>
    public const int FirstPositions = 3;

    /// <summary>
    /// Bytes of a thread's tables and scratch and of a batch when they are new, at most; the texts that the tables come to know add 2.2 MB at most (2,048 times 32
    /// sentences, 1,024 times 128 prints).
    /// </summary>
    public const int TableBytes = 512 * 1024;

    private const int RecentNames = 1 << 12;

    private static readonly ExchangeField[] AllFields = Enum.GetValues<ExchangeField>();

    private Fingerprinter? _fingerprinter;
    private readonly List<(uint Hash, string Text)> _names = [];
    private readonly uint[] _recentNames = new uint[RecentNames];
    private ObservedExchange[] _exchanges = new ObservedExchange[64];
    private byte[] _accounts = new byte[4096];
    private int _accountsUsed;
    private int _count;
    private int _file = -1;
    private string _source = "";
    private byte[] _sourceUtf8 = [];

    public Span<ObservedExchange> Exchanges => _exchanges.AsSpan(0, _count);

    /// <summary>The accounts of the exchanges one behind the other, as UTF-8.</summary>
    public ReadOnlySpan<byte> Accounts => _accounts.AsSpan(0, _accountsUsed);

    /// <summary>Names of values that this batch did not hand over lately.</summary>
    public IReadOnlyList<(uint Hash, string Text)> Names => _names;

    /// <summary>Refused records in the order of their first appearance.</summary>
    public OrderedDictionary<(string Reason, string? Field), (long Count, List<LogPosition> First)> Rejected { get; } = [];

    public OrderedDictionary<string, (long Count, List<LogPosition> First)> DroppedFields { get; } = new(StringComparer.Ordinal);

    public void Accept(Exchange exchange, LogPosition position)
    {
        if (position.File != _file)
        {
            _file = position.File;
            _source = observer.SourceOf(_file);
            _sourceUtf8 = Encoding.UTF8.GetBytes(_source);
        }

        var fingerprinter = _fingerprinter ??= own ?? observer.OwnFingerprinter();
        if (_count == _exchanges.Length) Array.Resize(ref _exchanges, _count * 2);
        ref var observed = ref _exchanges[_count++];
        var print = observed.Print ?? new ExchangeFingerprint();
        var hasId = exchange.Has(ExchangeField.Id);
        fingerprinter.Identify(exchange, _sourceUtf8, hasId ? 0 : observer.IsNumbered ? Number(exchange, position) : Content(exchange), print);
        if (observer.Thresholds.MayKeep(print)) fingerprinter.FillContent(exchange, print);
        Name(exchange, print);
        observed = new ObservedExchange(print, WatchedFields.Of(exchange, print), _source, Keep(exchange[ExchangeField.Account]), hasId);
    }

    public void Reject(Rejection rejection, LogPosition position)
    {
        Count(Rejected, (rejection.Reason, rejection.Field), position);
    }

    public void DroppedField(string field, LogPosition position) => Count(DroppedFields, field, position);

    public void Settle()
    {
        observer.Take(this);
        Empty();
    }

    public void Forget()
    {
        Empty();
        Array.Clear(_recentNames); // They were not handed over.
    }

    private static void Count<T>(OrderedDictionary<T, (long Count, List<LogPosition> First)> counts, T key, LogPosition position) where T : notnull
    {
        var (count, first) = counts.TryGetValue(key, out var known) ? known : (0, []);
        if (first.Count < FirstPositions) first.Add(position);
        counts[key] = (count + 1, first);
    }

    private void Empty()
    {
        _count = _accountsUsed = 0;
        _fingerprinter = null; // The next block may be another thread's.
        _names.Clear();
        Rejected.Clear();
        DroppedFields.Clear();
    }

    /// <summary>
    /// What stands for the id of an exchange without one: all that is known of it. So it is the same however the log is cut into files, lines and arrays, and equal exchanges have one
    /// identity: each counts, and a sample holds one of them.
    /// </summary>
    private ulong Content(Exchange exchange)
    {
        var content = hash.Of((ulong)exchange.TimeMs, ((ulong)(uint)(exchange.Status ?? -1) << 32) | (uint)exchange.PartCount);
        foreach (var field in AllFields)
        {
            if (exchange.Has(field)) content = hash.Of(content, hash.Of(hash.Of(exchange[field]), (ulong)field));
        }

        for (var i = 0; i < exchange.PartCount; i++) content = hash.Of(content, hash.Of(hash.Of(exchange.TextOf(i)), (ulong)exchange.RoleOf(i)));
        content = hash.Of(content, hash.Of((ulong)(exchange.InputTokens ?? -1), (ulong)(exchange.OutputTokens ?? -1)));
        return hash.Of(content, hash.Of((ulong)(exchange.MaxTokens ?? -1), (ulong)BitConverter.DoubleToInt64Bits(exchange.Temperature ?? -1)));
    }

    private ulong Number(Exchange exchange, LogPosition position) => hash.Of((ulong)position.Line, Content(exchange));

    private int Keep(ReadOnlySpan<byte> account)
    {
        if (_accountsUsed + account.Length > _accounts.Length) Array.Resize(ref _accounts, Math.Max(_accounts.Length * 2, _accountsUsed + account.Length));
        account.CopyTo(_accounts.AsSpan(_accountsUsed));
        return _accountsUsed += account.Length;
    }

    /// <summary>Names what <see cref="AccountDay.AddNamed"/> counts as shown.</summary>
    private void Name(Exchange exchange, ExchangeFingerprint print)
    {
        Name(print.Model, exchange[ExchangeField.Model]);
        Name(print.Client, exchange[ExchangeField.Client]);
        Name(print.Tls, exchange[ExchangeField.Tls]);
        Name(print.Pathway, exchange[ExchangeField.Pathway]);
        Name(print.Country, exchange[ExchangeField.Country]);
        Name(print.Asn, exchange.Has(ExchangeField.Asn) ? exchange[ExchangeField.Asn] : exchange[ExchangeField.AsnOrg]);
        Name(print.Organization, exchange[ExchangeField.Organization]);
    }

    private void Name(uint value, ReadOnlySpan<byte> utf8)
    {
        ref var recent = ref _recentNames[value % RecentNames];
        if (recent == value) return; // Also 0, which has no name.
        recent = value;
        if (value != 0) _names.Add((value, Snapshot.NameOf(utf8)));
    }
}
