using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Stillhunt.Server.Store.Sqlite;

/// <summary>
/// One SQLite file: one writer at a time, readers beside it (write-ahead log), each commit on the disk before it is told (synchronous = full).
/// Turns the database's faults into those of <see cref="IStore"/>.
/// </summary>
internal sealed class SqliteFile : IDisposable
{
    // Result codes of SQLite (sqlite.org/rescode.html).
    private const int Busy = 5, Locked = 6, ReadOnly = 8, IoError = 10, Corrupt = 11, Full = 13, CantOpen = 14, Protocol = 15, NotADatabase = 26;

    /// <summary>Milliseconds to wait for another process (a command beside the server) before giving up.</summary>
    private const int BusyMs = 10_000;

    /// <summary>What a write-ahead log that grew while a backup was read is cut to, once it begins anew.</summary>
    private const long LogBytes = 64 << 20;

    private readonly Lock _writing = new();
    private readonly SqliteConnection _writer;
    private readonly string _readOnly;
    private readonly FileStream? _lock;

    /// <summary>The transaction of which all that is written is a part, by the thread that holds <see cref="_writing"/>; null where each is one of its own.</summary>
    private SqliteWork? _joint;

    /// <param name="exclusive">Whether this process is the server of the store; a second one is refused.</param>
    /// <param name="limitBytes">Bytes that the file may grow to; null for no limit but the disk's.</param>
    public SqliteFile(string path, bool exclusive, long? limitBytes = null)
    {
        Path = RealPath.Of(path);
        if (exclusive) _lock = Lock(Path);
        _readOnly = new SqliteConnectionStringBuilder { DataSource = Path, Mode = SqliteOpenMode.ReadOnly, Pooling = true }.ToString();
        _writer = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false }.ToString());
        try
        {
            Guard(() =>
            {
                RefuseEmpty(Path);
                OwnerOnly(Path);
                _writer.Open();
                Run(_writer, string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {BusyMs}"));
                Recognise();
                Run(_writer, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536; PRAGMA secure_delete = ON");
                Run(_writer, string.Create(CultureInfo.InvariantCulture, $"PRAGMA journal_size_limit = {LogBytes}"));
                if (limitBytes is { } limit) Run(_writer, string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {Math.Max(1, limit / Scalar(_writer, "PRAGMA page_size"))}"));
                Migrate();
                return 0;
            });
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The file itself where a symbolic link was named: its lock and its log stand beside that.</summary>
    public string Path { get; }

    public long SizeBytes => new[] { Path, Path + "-wal" }.Where(File.Exists).Sum(file => new FileInfo(file).Length);

    /// <summary>Runs one transaction; rolled back where it throws.</summary>
    public T Write<T>(Func<SqliteWork, T> work)
    {
        lock (_writing)
        {
            if (_joint is { } joint) return work(joint);
            return Guard(() =>
            {
                using var transaction = _writer.BeginTransaction(deferred: false);
                using var at = new SqliteWork(_writer, transaction);
                var result = work(at);
                transaction.Commit();
                return result;
            });
        }
    }

    public void Write(Action<SqliteWork> work) => Write(at =>
    {
        work(at);
        return 0;
    });

    /// <inheritdoc cref="IStore.Together"/>
    public void Together(Action work) => Write(at =>
    {
        var outer = _joint;
        _joint = at;
        try
        {
            work();
        }
        finally
        {
            _joint = outer;
        }
    });

    /// <summary>Reads one consistent state beside the writer.</summary>
    public T Read<T>(Func<SqliteWork, T> work)
    {
        using var reading = OpenRead();
        return reading.Read(work);
    }

    /// <summary>As <see cref="Read"/>, for several looks at one state.</summary>
    public SqliteReading OpenRead() => Guard(() => new SqliteReading(this, _readOnly));

    /// <summary>A whole copy of the state at this moment, in one new file, made beside the running writer.</summary>
    public void CopyTo(string path) => Guard(() =>
    {
        // SQLite fills an empty file that is there, and makes one for everybody's eyes where there is none.
        OwnerOnly(path);
        using var connection = new SqliteConnection(_readOnly);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "VACUUM INTO $path";
        command.Parameters.AddWithValue("$path", path);
        return command.ExecuteNonQuery();
    });

    /// <summary>What the database itself finds wrong; empty where it is whole.</summary>
    public IReadOnlyList<string> Check(bool thorough) => Guard(() =>
    {
        using var connection = new SqliteConnection(_readOnly);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = thorough ? "PRAGMA integrity_check(20)" : "PRAGMA quick_check(1)";
        var found = new List<string>();
        using var rows = command.ExecuteReader();
        while (rows.Read()) found.Add(rows.GetString(0));
        return found is ["ok"] ? [] : found;
    });

    public void Dispose()
    {
        // The last connection to close moves the write-ahead log into the file, so readers go first.
        using (var pooled = new SqliteConnection(_readOnly)) SqliteConnection.ClearPool(pooled);
        _writer.Dispose();
        _lock?.Dispose();
    }

    private void Recognise()
    {
        var id = Scalar(_writer, "PRAGMA application_id");
        var version = Scalar(_writer, "PRAGMA user_version");
        var tables = Scalar(_writer, "SELECT count(*) FROM sqlite_schema");
        if (id != SqliteSchema.ApplicationId && (tables > 0 || id != 0))
            throw new StoreRefusedException($"{Path} is a database of another program; name another file with --store.");
        if (version > SqliteSchema.Steps.Count)
            throw new StoreRefusedException(string.Create(CultureInfo.InvariantCulture, $"{Path} is of version {version}, this program knows versions up to {SqliteSchema.Steps.Count}. Use the newer program, or restore a backup of the older version."));
        if (tables > 0 && Text(_writer, "PRAGMA quick_check(1)") != "ok") throw Damaged(null);
    }

    private void Migrate()
    {
        for (var version = (int)Scalar(_writer, "PRAGMA user_version"); version < SqliteSchema.Steps.Count; version++)
        {
            using var transaction = _writer.BeginTransaction(deferred: false);
            // Another process may have been first.
            if (Scalar(_writer, "PRAGMA user_version", transaction) == version)
            {
                Run(_writer, SqliteSchema.Steps[version], transaction);
                Run(_writer, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {SqliteSchema.ApplicationId}; PRAGMA user_version = {version + 1}"), transaction);
            }

            transaction.Commit();
        }
    }

    internal T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException fault)
        {
            throw fault.SqliteErrorCode switch
            {
                Full => new StoreFullException($"There is no room left for {Path}: the disk or the store's own limit is full. Nothing of this was kept.", fault),
                Corrupt or NotADatabase => Damaged(fault),
                // Locked and Protocol are races for a lock that was lost once too often on a busy machine; to be tried again, too.
                Busy or Locked or Protocol => new StoreRefusedException($"{Path} is busy: another process has been writing to it for {BusyMs / 1000} s.", fault),
                ReadOnly or CantOpen => new StoreRefusedException($"{Path} can't be written: {fault.Message}", fault),
                // A write that failed for want of room may come as an I/O error too.
                IoError => new StoreFullException($"{Path} could not be read or written: {fault.Message} Nothing of this was kept.", fault),
                _ => new IOException($"{Path}: {fault.Message}", fault),
            };
        }
        catch (InvalidDataException fault)
        {
            throw new StoreDamagedException($"{Path} is damaged: {fault.Message} {WayOut}", fault);
        }
    }

    private StoreDamagedException Damaged(Exception? inner) => new($"{Path} is damaged or no store. {WayOut}", inner);

    private string WayOut => $"Restore a backup (stillhunt store restore), or save what can be read: stillhunt store repair {Path} --out NEW.";

    /// <summary>A second server on one store would hold state that it never sees change.</summary>
    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException fault) when (Directory.Exists(System.IO.Path.GetDirectoryName(path)))
        {
            throw new StoreRefusedException($"{path} is in use by another stillhunt serve (or {path}.lock can't be written: {fault.Message}).", fault);
        }
        catch (DirectoryNotFoundException fault)
        {
            throw new StoreRefusedException($"There is no folder for {path}; make it first.", fault);
        }
    }

    /// <summary>Refuses a file without a byte, which SQLite takes for a new database: what was cut off whole must not pass for a store in which nothing happened yet.</summary>
    private static void RefuseEmpty(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: 0 })
            throw new StoreRefusedException($"{path} is empty: it is no store. Restore a backup of it (stillhunt store restore BACKUP --store {path}); or, if there never was a store, remove the file, and stillhunt serve makes a new one.");
    }

    /// <summary>Makes the file where it is not there yet. Fingerprints and samples of prompts: for the owner's eyes.</summary>
    private static void OwnerOnly(string path)
    {
        if (OperatingSystem.IsWindows() || File.Exists(path)) return;
        using var made = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
    }

    private static int Run(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        return command.ExecuteNonQuery();
    }

    private static string? Text(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() as string;
    }

    private static long Scalar(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
