using System.IO.Compression;
using System.Text;
using Stillhunt.Checkpoints;
using Stillhunt.Ledger;
using Stillhunt.Profiles;
using Stillhunt.Sharing.Intel;
using Stillhunt.Sketches;

namespace Stillhunt.Server.Store.Sqlite;

/// <summary>
/// Batches are appended as they come (<c>batches</c>) and folded from time to time into one row for each account and day (<c>account_days</c>),
/// which is what is aged out and deleted. The state is the sum of both at any moment.
/// </summary>
internal sealed class SqliteExchanges : IExchangeStore
{
    /// <summary>Batches folded in one transaction: bounds how long an arriving batch waits for it.</summary>
    private const long FoldedBytes = 32 << 20;

    private readonly SqliteFile _file;
    private readonly KeyedHash _hash;
    private readonly Lock _dropping = new();
    private long _unfolded;

    /// <summary>Names folded in while the records are looked through for those in use; null where they are not. Added to in transactions that write, of which there is one at a time.</summary>
    private HashSet<uint>? _newlyNamed;

    public SqliteExchanges(SqliteFile file, KeyedHash hash)
    {
        (_file, _hash) = (file, hash);
        _unfolded = file.Read(at => at.Number("SELECT coalesce(sum(length(body)), 0) FROM batches"));
    }

    public long UnfoldedBytes => Interlocked.Read(ref _unfolded);

    public IKnownIds LookUpIds() => new KnownIds(_file.OpenRead());

    public void Append(IReadOnlyCollection<ulong> ids, int day, Snapshot batch, IReadOnlyCollection<FileCursor>? cursors = null, IReadOnlyDictionary<IntelHitKey, IntelHit>? hits = null, IReadOnlyCollection<KeptPrompt>? prompts = null,
        IReadOnlyDictionary<SuccessionKey, SuccessionCount?>? succession = null)
    {
        using var body = new MemoryStream();
        PartFile.Write(body, batch, _hash);
        var count = batch.Accounts.Values.Sum(profile => profile.Days.Values.Sum(record => record.ExchangeCount));
        _file.Write(at =>
        {
            // In order, so that neighbours in the index are written together. A plain INSERT: a known id here is a fault of the caller.
            foreach (var id in ids.Order()) at.Run("INSERT INTO exchange_ids(id, day) VALUES($0, $1)", (long)id, day);
            at.Run("INSERT INTO batches(exchange_count, body) VALUES($0, $1)", count, body.ToArray());
            foreach (var cursor in cursors ?? []) Put(at, cursor);
            foreach (var prompt in prompts ?? []) SqlitePrompts.Add(at, prompt);
            foreach (var (key, seen) in succession ?? new Dictionary<SuccessionKey, SuccessionCount?>()) SqliteCampaigns.Put(at, key, seen, day);
            foreach (var (key, hit) in hits ?? new Dictionary<IntelHitKey, IntelHit>())
            {
                at.Run(
                    """
                    INSERT INTO intel_hits(source, account, sender, indicator, count, first_ms, last_ms) VALUES($0, $1, $2, $3, $4, $5, $6) ON CONFLICT DO UPDATE
                    SET count = count + excluded.count, first_ms = min(first_ms, excluded.first_ms), last_ms = max(last_ms, excluded.last_ms)
                    """, key.Account.Source, key.Account.Id, key.Sender, key.Indicator, hit.Count, hit.FirstMs, hit.LastMs);
            }
        });
        Interlocked.Add(ref _unfolded, body.Length);
    }

    public void Fold()
    {
        while (FoldSome()) { }
    }

    public Snapshot Load()
    {
        try
        {
            Fold();
        }
        catch (StoreFullException)
        {
            // Folding needs room for a while. Without any a server still has to start: what could not be folded is read as it is.
        }

        return ReadWhole();
    }

    /// <summary>The whole state as it stands, without folding it.</summary>
    internal Snapshot ReadWhole() => _file.Read(at =>
    {
        var whole = new Snapshot();
        at.Each("SELECT account, source, id FROM accounts_seen", row =>
            whole.Accounts.Add((ulong)row.GetInt64(0), new AccountProfile(new AccountId(row.GetString(1), row.GetString(2)))));
        at.Each("SELECT account, day, body FROM account_days", row =>
        {
            var account = (ulong)row.GetInt64(0);
            if (!whole.Accounts.TryGetValue(account, out var profile)) throw new InvalidDataException("A day belongs to an account that is not known.");
            profile.Days.Add(row.GetInt32(1), ReadDay((byte[])row.GetValue(2), account));
        });
        // An account whose days were all forgotten is none.
        foreach (var empty in whole.Accounts.Where(pair => pair.Value.Days.Count == 0).Select(pair => pair.Key).ToList()) whole.Accounts.Remove(empty);
        at.Each("SELECT hash, text FROM names", row => whole.Name((uint)row.GetInt64(0), row.GetString(1)));
        at.Each("SELECT kind, name, count FROM counts", row => Count(whole, row.GetString(0), row.GetString(1), row.GetInt64(2)));
        at.Each("SELECT body FROM batches ORDER BY seq", row => whole.Absorb(Read((byte[])row.GetValue(0))));
        return whole;
    });

    public AccountProfile? Find(ulong account) => _file.Read(at =>
    {
        AccountProfile? found = null;
        at.Each("SELECT source, id FROM accounts_seen WHERE account = $0", row => found = new AccountProfile(new AccountId(row.GetString(0), row.GetString(1))), (long)account);
        if (found is not null)
            at.Each("SELECT day, body FROM account_days WHERE account = $0", row => found.Days.Add(row.GetInt32(0), ReadDay((byte[])row.GetValue(1), account)), (long)account);
        at.Each("SELECT body FROM batches ORDER BY seq", row =>
        {
            if (!Read((byte[])row.GetValue(0)).Accounts.TryGetValue(account, out var theirs)) return;
            found ??= new AccountProfile(theirs.Id);
            foreach (var (day, record) in theirs.Days)
            {
                if (!found.Days.TryGetValue(day, out var sum)) found.Days.Add(day, sum = new AccountDay());
                sum.Absorb(record);
            }
        });
        return found is { Days.Count: > 0 } ? found : null;
    });

    public long CountExchanges() => _file.Read(at =>
        at.Number("SELECT coalesce(sum(exchange_count), 0) FROM batches") + at.Number("SELECT count FROM counts WHERE kind = 'total' AND name = 'exchanges'"));

    public void Forget(int beforeDay)
    {
        Fold();
        if (_file.Read(at => at.Scalar("SELECT 1 FROM account_days WHERE day < $0 LIMIT 1", beforeDay)) is not null)
            Drop("day < $0", beforeDay, at => at.Run("DELETE FROM accounts_seen WHERE account NOT IN (SELECT account FROM account_days)"));
        _file.Write(at =>
        {
            at.Run("DELETE FROM exchange_ids WHERE day < $0", beforeDay);
            at.Run("DELETE FROM succession WHERE day < $0", beforeDay);
        });
    }

    public int Delete(ulong account)
    {
        Fold();
        return Drop("account = $0", (long)account, at => at.Run("DELETE FROM accounts_seen WHERE account = $0", (long)account));
    }

    public IReadOnlyList<FileCursor> Cursors() => _file.Read(at =>
        at.All("SELECT id, path, mark, position, foot FROM followed ORDER BY id", row => new FileCursor(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetString(4))));

    public void Keep(FileCursor cursor) => _file.Write(at =>
    {
        Put(at, cursor);
        // What a store of before remembers under the same beginning was this file's.
        at.Run("DELETE FROM cursors WHERE file = $0", cursor.Mark);
    });

    public long OldOffsetOf(string mark) => _file.Read(at => at.Number("SELECT position FROM cursors WHERE file = $0", mark));

    public void ForgetOldOffsets()
    {
        // Asked first: a store that is full is not written to for nothing.
        if (_file.Read(at => at.Number("SELECT count(*) FROM cursors")) > 0) _file.Write(at => at.Run("DELETE FROM cursors"));
    }

    private static void Put(SqliteWork at, FileCursor cursor) => at.Run(
        "INSERT INTO followed(id, path, mark, position, foot) VALUES($0, $1, $2, $3, $4) ON CONFLICT(id) DO UPDATE SET path = excluded.path, position = excluded.position, foot = excluded.foot",
        cursor.Id, cursor.Path, cursor.Mark, cursor.Offset, cursor.Foot);

    /// <summary>
    /// Deletes records, and with them the names that no other record shows: an organisation's may be a customer's alone. All others are read for that, beside the writer, so that batches go on being folded; what these
    /// name meanwhile stays.
    /// </summary>
    /// <param name="which">A condition on the records with one value.</param>
    /// <param name="also">Runs in the same transaction.</param>
    /// <returns>How many records there were.</returns>
    private int Drop(string which, long value, Action<SqliteWork> also)
    {
        lock (_dropping)
        {
            var meanwhile = new HashSet<uint>();
            try
            {
                _file.Write(_ => { _newlyNamed = meanwhile; });
                var named = _file.Read(at =>
                {
                    var others = new HashSet<uint>();
                    at.Each($"SELECT account, body FROM account_days WHERE NOT ({which})", row => ReadDay((byte[])row.GetValue(1), (ulong)row.GetInt64(0)).AddNamed(others), value);
                    return others;
                });
                return _file.Write(at =>
                {
                    var days = at.Run($"DELETE FROM account_days WHERE {which}", value);
                    also(at);
                    named.UnionWith(meanwhile);
                    foreach (var hash in at.All("SELECT hash FROM names", row => row.GetInt64(0)))
                        if (!named.Contains((uint)hash)) at.Run("DELETE FROM names WHERE hash = $0", hash);
                    return days;
                });
            }
            finally
            {
                _newlyNamed = null;
            }
        }
    }

    /// <returns>Whether batches are left.</returns>
    private bool FoldSome()
    {
        var folded = 0L;
        var more = _file.Write(at =>
        {
            var sum = new Snapshot();
            long last = 0, exchanges = 0;
            var left = false;
            foreach (var (seq, count, length) in at.All("SELECT seq, exchange_count, length(body) FROM batches ORDER BY seq", row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))))
            {
                if (folded > 0 && folded + length > FoldedBytes)
                {
                    left = true;
                    break;
                }

                sum.Absorb(Read((byte[])at.Scalar("SELECT body FROM batches WHERE seq = $0", seq)!));
                (last, exchanges, folded) = (seq, exchanges + count, folded + length);
            }

            if (last == 0) return false;
            foreach (var (account, profile) in sum.Accounts) Merge(at, account, profile);
            _newlyNamed?.UnionWith(sum.Names.Keys);
            foreach (var (hash, text) in sum.Names) at.Run("INSERT INTO names(hash, text) VALUES($0, $1) ON CONFLICT DO NOTHING", (long)hash, text);
            foreach (var (kind, counts) in Kinds(sum))
                foreach (var (name, count) in counts) Add(at, kind, name, count);
            Add(at, "total", "duplicates", sum.DuplicateCount);
            Add(at, "total", "exchanges", exchanges);
            at.Run("DELETE FROM batches WHERE seq <= $0", last);
            return left;
        });
        Interlocked.Add(ref _unfolded, -folded);
        return more;
    }

    private void Merge(SqliteWork at, ulong account, AccountProfile profile)
    {
        at.Run("INSERT INTO accounts_seen(account, source, id) VALUES($0, $1, $2) ON CONFLICT DO NOTHING", (long)account, profile.Id.Source, profile.Id.Id);
        foreach (var (day, record) in profile.Days)
        {
            var sum = record;
            if (at.Scalar("SELECT body FROM account_days WHERE account = $0 AND day = $1", (long)account, day) is byte[] kept)
            {
                sum = ReadDay(kept, account);
                sum.Absorb(record);
            }

            at.Run("INSERT INTO account_days(account, day, body) VALUES($0, $1, $2) ON CONFLICT DO UPDATE SET body = excluded.body", (long)account, day, WriteDay(sum, account));
        }
    }

    private static void Add(SqliteWork at, string kind, string name, long count) =>
        at.Run("INSERT INTO counts(kind, name, count) VALUES($0, $1, $2) ON CONFLICT DO UPDATE SET count = count + excluded.count", kind, name, count);

    private static IEnumerable<(string Kind, SortedDictionary<string, long> Counts)> Kinds(Snapshot snapshot) =>
        [("rejected", snapshot.Rejected), ("dropped", snapshot.DroppedFields), ("present", snapshot.Present)];

    private static void Count(Snapshot to, string kind, string name, long count)
    {
        if (kind == "total" && name == "duplicates") to.DuplicateCount += count;
        if (Kinds(to).FirstOrDefault(pair => pair.Kind == kind).Counts is { } counts) Snapshot.Count(counts, name, count);
    }

    private Snapshot Read(byte[] batch) => PartFile.Read(new MemoryStream(batch), _hash);

    /// <summary>The record, and a hash of it: SQLite does not notice a bit that changed inside a value.</summary>
    private byte[] WriteDay(AccountDay day, ulong account)
    {
        using var body = new MemoryStream();
        using var w = new BinaryWriter(body, Encoding.UTF8);
        PartFile.Write(w, day);
        w.Flush();
        w.Write(_hash.Of(_hash.Of(body.GetBuffer().AsSpan(0, (int)body.Length)), account));
        w.Flush();
        return body.ToArray();
    }

    internal static bool IsWholeDay(byte[] body, ulong account, KeyedHash hash) =>
        body.Length >= sizeof(ulong) && BitConverter.ToUInt64(body, body.Length - sizeof(ulong)) == hash.Of(hash.Of(body.AsSpan(0, body.Length - sizeof(ulong))), account);

    /// <summary>Whether the packed bytes are what was packed, by their own checksum; needs no key.</summary>
    internal static bool IsWholeBatch(byte[] body)
    {
        try
        {
            using var plain = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
            var first = plain.ReadByte();
            plain.CopyTo(Stream.Null);
            return first >= 0;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private AccountDay ReadDay(byte[] body, ulong account)
    {
        if (!IsWholeDay(body, account, _hash))
            throw new InvalidDataException("The record of an account's day is not what was written.");
        using var r = new BinaryReader(new MemoryStream(body), Encoding.UTF8);
        try
        {
            return PartFile.ReadDay(r, account);
        }
        catch (Exception broken) when (broken is EndOfStreamException or FormatException or ArgumentException)
        {
            throw new InvalidDataException("The record of an account's day can't be read.", broken);
        }
    }

    private sealed class KnownIds(SqliteReading reading) : IKnownIds
    {
        public bool Contains(ulong id) => reading.Read(at => at.Scalar("SELECT 1 FROM exchange_ids WHERE id = $0", (long)id) is not null);

        public void Dispose() => reading.Dispose();
    }
}
