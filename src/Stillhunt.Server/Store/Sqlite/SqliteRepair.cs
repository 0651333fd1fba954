using System.Globalization;
using Microsoft.Data.Sqlite;
using Stillhunt.Sketches;

namespace Stillhunt.Server.Store.Sqlite;

/// <param name="Table">Its name.</param>
/// <param name="Saved">Rows that were copied.</param>
/// <param name="Stopped">Where reading had to skip, or null.</param>
public sealed record SavedTable(string Table, long Saved, string? Stopped);

/// <summary>Copies, backups, and what can be saved from a damaged file.</summary>
public static class SqliteRepair
{
    private static readonly string[] Orders = ["ASC", "DESC"];

    private static readonly string[] SideFiles = ["-wal", "-shm"];

    /// <summary>Copies the state at this moment; the server may run.</summary>
    public static void Backup(string path, string to)
    {
        Fresh(to);
        using var file = new SqliteFile(path, exclusive: false);
        try
        {
            file.CopyTo(to);
        }
        catch (IOException)
        {
            // Half a backup is none.
            File.Delete(to);
            throw;
        }
    }

    /// <summary>Puts a backup in the place of a store whose server is stopped. What stood there is kept beside it.</summary>
    /// <returns>Where the replaced file went, or null.</returns>
    public static string? Restore(string backup, string path)
    {
        // A backup that is no store, or not whole, is refused before anything is moved.
        using (new SqliteFile(backup, exclusive: true)) { }
        path = RealPath.Of(path);
        using var held = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        // First the copy: where there is no room for it, what stands there stays.
        var partial = path + ".partial";
        File.Copy(backup, partial, overwrite: true);
        // A copy has its original's mode.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(partial, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string? aside = null;
        if (File.Exists(path))
        {
            for (var n = 1; aside is null || File.Exists(aside); n++) aside = string.Create(CultureInfo.InvariantCulture, $"{path}.replaced-{n}");
            File.Move(path, aside);
            // The write-ahead log belongs to the file that it was written for.
            foreach (var side in SideFiles.Where(side => File.Exists(path + side))) File.Move(path + side, aside + side);
        }

        File.Move(partial, path);
        return aside;
    }

    /// <summary>
    /// What the database itself finds wrong, thoroughly, and with the key what a server could not read; empty where it is whole. The file is not changed: what it holds is read from a copy, which a server of this version
    /// would bring to its own schema.
    /// </summary>
    /// <param name="hash">The key that the store was made with; null: SQLite does not notice what changed inside a value, and nothing else looks.</param>
    /// <exception cref="StoreRefusedException">The key is another, or the store is none that this program reads.</exception>
    public static IReadOnlyList<string> Check(string path, KeyedHash? hash = null)
    {
        var faults = CheckDatabase(path);
        if (faults.Count > 0 || hash is not { } key) return faults;
        using var from = Reading(path);
        if (KeyMark(from) is null) return [$"{path} does not say with which key it was made: it is no store, or that was lost."];
        RefuseOtherKey(from, path, key);
        var folder = Directory.CreateTempSubdirectory("stillhunt-check-");
        try
        {
            var copy = Path.Combine(folder.FullName, "store.db");
            using (var into = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = copy, Pooling = false }.ToString()))
            {
                into.Open();
                from.BackupDatabase(into);
            }

            using var store = SqliteStore.Open(copy, key);
            return [.. store.FindUnreadable().Select(fault => fault.Replace(copy, path, StringComparison.Ordinal))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Whether a store was made with a key; false where it does not say.</summary>
    public static bool IsKeyOf(string path, KeyedHash hash)
    {
        using var from = Reading(path);
        return KeyMark(from) == SqliteStore.KeyMark(hash);
    }

    private static List<string> CheckDatabase(string path)
    {
        using var connection = Reading(path);
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA integrity_check(20)";
            using var rows = command.ExecuteReader();
            var found = new List<string>();
            while (rows.Read()) found.Add(rows.GetString(0));
            return found is not ["ok"] ? found : IsStore(connection) ? [] : [$"{path} is no store: it is empty, or a database of another program."];
        }
        catch (SqliteException fault)
        {
            return [fault.Message];
        }
    }

    private static bool IsStore(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA application_id";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture) == SqliteSchema.ApplicationId;
    }

    /// <summary>
    /// Copies every row that can be read into a new store: forward from the first, and where a page is damaged backward from the last. The damaged
    /// file is not changed. SQLite does not notice what changed inside a value: batches are unpacked, and with the key days are checked, so that what is saved can be used.
    /// </summary>
    /// <param name="hash">The key that the store was made with; null: days are copied unchecked.</param>
    /// <exception cref="StoreRefusedException">The new file is there already, or the key is another.</exception>
    public static IReadOnlyList<SavedTable> Repair(string path, string to, KeyedHash? hash = null)
    {
        Fresh(to);
        using (new SqliteFile(to, exclusive: true)) { }
        using var from = Reading(path);
        if (hash is { } named) RefuseOtherKey(from, path, named);
        using var into = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = to, Pooling = false }.ToString());
        into.Open();
        var saved = new List<SavedTable>();
        foreach (var table in Tables(into)) saved.Add(Save(from, into, table, hash));
        if (saved.Any(table => table.Saved > 0 || table.Stopped is null)) return saved;
        // A new store without a row would pass for what was saved.
        into.Close();
        File.Delete(to);
        throw new StoreDamagedException($"Nothing in {path} can be read: it is no store, or all of it is damaged.", null);
    }

    private static SavedTable Save(SqliteConnection from, SqliteConnection into, string table, KeyedHash? hash)
    {
        long rows = 0;
        string? stopped = null;
        using var transaction = into.BeginTransaction();
        foreach (var order in Orders)
        {
            try
            {
                using var read = from.CreateCommand();
                read.CommandText = $"SELECT * FROM \"{table}\" ORDER BY 1 {order}";
                using var row = read.ExecuteReader();
                using var write = into.CreateCommand();
                write.Transaction = transaction;
                write.CommandText = $"INSERT OR IGNORE INTO \"{table}\" VALUES({string.Join(',', Enumerable.Range(0, row.FieldCount).Select(i => "$" + i.ToString(CultureInfo.InvariantCulture)))})";
                for (var i = 0; i < row.FieldCount; i++) write.Parameters.Add(new SqliteParameter("$" + i.ToString(CultureInfo.InvariantCulture), null));
                while (row.Read())
                {
                    if (!IsWhole(table, row, hash))
                    {
                        stopped ??= "a record is not what was written";
                        continue;
                    }

                    for (var i = 0; i < row.FieldCount; i++) write.Parameters[i].Value = row.GetValue(i);
                    rows += write.ExecuteNonQuery();
                }

                break;
            }
            catch (SqliteException fault)
            {
                stopped ??= fault.Message;
            }
        }

        transaction.Commit();
        return new SavedTable(table, rows, stopped);
    }

    private static bool IsWhole(string table, SqliteDataReader row, KeyedHash? hash) => table switch
    {
        "batches" => SqliteExchanges.IsWholeBatch(row.GetFieldValue<byte[]>(row.GetOrdinal("body"))),
        "account_days" when hash is { } key => SqliteExchanges.IsWholeDay(row.GetFieldValue<byte[]>(row.GetOrdinal("body")), (ulong)row.GetInt64(row.GetOrdinal("account")), key),
        _ => true,
    };

    private static void RefuseOtherKey(SqliteConnection from, string path, KeyedHash named)
    {
        if (KeyMark(from) is { } mark && mark != SqliteStore.KeyMark(named)) throw new StoreRefusedException($"{path} was made with another key than the one that was named.");
    }

    private static string? KeyMark(SqliteConnection from)
    {
        try
        {
            using var command = from.CreateCommand();
            command.CommandText = "SELECT value FROM meta WHERE name = 'key_mark'";
            return command.ExecuteScalar() as string;
        }
        catch (SqliteException)
        {
            // The mark is among what was lost.
            return null;
        }
    }

    private static List<string> Tables(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
        using var rows = command.ExecuteReader();
        var names = new List<string>();
        while (rows.Read()) names.Add(rows.GetString(0));
        return names;
    }

    private static SqliteConnection Reading(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no store {path}.", path);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch (SqliteException fault)
        {
            connection.Dispose();
            throw new StoreDamagedException($"{path} can't even be opened: {fault.Message}", fault);
        }
    }

    private static void Fresh(string to)
    {
        if (File.Exists(to)) throw new StoreRefusedException($"{to} exists already; name a new file.");
        if (Path.GetDirectoryName(Path.GetFullPath(to)) is { Length: > 0 } folder && !Directory.Exists(folder)) throw new StoreRefusedException($"There is no folder {folder}; make it first.");
    }
}
