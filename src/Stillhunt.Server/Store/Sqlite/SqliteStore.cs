using System.Globalization;
using System.Text.Json;
using Stillhunt.Checkpoints;
using Stillhunt.Sketches;

namespace Stillhunt.Server.Store.Sqlite;

/// <summary>The embedded store: one SQLite file.</summary>
public sealed class SqliteStore : IStore
{
    private readonly SqliteFile _file;
    private readonly SqliteExchanges _exchanges;

    private SqliteStore(SqliteFile file, KeyedHash hash)
    {
        _file = file;
        _exchanges = new SqliteExchanges(file, hash);
        Accounts = new SqliteAccounts(file);
        Campaigns = new SqliteCampaigns(file);
        Keys = new SqliteKeys(file);
        Decisions = new SqliteDecisions(file);
        Audit = new SqliteAudit(file);
        Sharing = new SqliteSharing(file);
        Prompts = new SqlitePrompts(file);
    }

    public IExchangeStore Exchanges => _exchanges;

    public IAccountStore Accounts { get; }

    public ICampaignStore Campaigns { get; }

    public IKeyStore Keys { get; }

    public IDecisionStore Decisions { get; }

    public IAuditStore Audit { get; }

    public ISharingStore Sharing { get; }

    public IPromptStore Prompts { get; }

    public void Together(Action work) => _file.Together(work);

    public long SizeBytes => _file.SizeBytes;

    internal SqliteFile File => _file;

    /// <param name="exclusive">True for the server itself: a second one is refused. A command beside it passes false.</param>
    /// <param name="limitBytes">Bytes that the store may grow to; null for no limit but the disk's.</param>
    /// <exception cref="StoreRefusedException">Empty, another program's, a newer version's, made with another key, or in use.</exception>
    /// <exception cref="StoreDamagedException">Not whole.</exception>
    public static SqliteStore Open(string path, KeyedHash hash, bool exclusive = false, long? limitBytes = null)
    {
        var file = new SqliteFile(path, exclusive, limitBytes);
        try
        {
            CheckKey(file, hash);
            return new SqliteStore(file, hash);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads all that a server reads when it starts; tells what can't be read.</summary>
    internal IReadOnlyList<string> FindUnreadable()
    {
        Action[] reads =
        [
            () => _exchanges.ReadWhole(), () => Exchanges.Cursors(), () => Accounts.Load(), () => Campaigns.Load(), () => Campaigns.LoadAccess(), () => Campaigns.LoadSuccession(),
            () => Keys.Load(), () => Decisions.LoadApprovals(), () => Decisions.LoadReversals(), () => Decisions.LoadGrants(), () => Decisions.OpenAppeals(), () => Sharing.LoadCollections(), () => Sharing.LoadHits(),
        ];
        var faults = new List<string>();
        foreach (var read in reads)
        {
            try
            {
                read();
            }
            catch (Exception broken) when (broken is IOException or InvalidDataException or JsonException or FormatException or InvalidOperationException or ArgumentException)
            {
                faults.Add(broken.Message);
            }
        }

        return faults;
    }

    public void Dispose() => _file.Dispose();

    /// <summary>By which a key is recognised, without telling it.</summary>
    internal static string KeyMark(KeyedHash hash) => PartFile.KeyMark(hash).ToString("x16", CultureInfo.InvariantCulture);

    private static void CheckKey(SqliteFile file, KeyedHash hash)
    {
        var mark = KeyMark(hash);
        var kept = file.Write(at =>
        {
            at.Run("INSERT INTO meta(name, value) VALUES('key_mark', $0) ON CONFLICT DO NOTHING", mark);
            return (string?)at.Scalar("SELECT value FROM meta WHERE name = 'key_mark'");
        });
        if (kept != mark)
            throw new StoreRefusedException($"{file.Path} was made with another secret key; name that key's file with --key-file. Without it nothing in the store can be compared with new traffic.");
    }
}
