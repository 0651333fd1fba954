using Microsoft.Data.Sqlite;
using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Response;
using Stillhunt.Server.Store;
using Stillhunt.Server.Store.Sqlite;
using Stillhunt.Sketches;
using Stillhunt.Tests.Ingest;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Server;

public sealed class SqliteStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string StorePath => Path.Combine(_folder.Path, "s.db");

    [Fact]
    public void What_was_appended_in_batches_is_the_state_of_all_at_once()
    {
        var whole = new MadeTraffic();
        using (var store = Open())
        {
            for (var batch = 0; batch < 5; batch++)
            {
                var part = new MadeTraffic();
                for (var i = 0; i < 40; i++)
                {
                    whole.Send($"a{i % 7}", $"prompt {i} of {batch}", $"x{batch}-{i}", i * 1000L, outputTokens: i);
                    part.Send($"a{i % 7}", $"prompt {i} of {batch}", $"x{batch}-{i}", i * 1000L, outputTokens: i);
                }

                store.Exchanges.Append([], 1, part.Finish());
                if (batch == 2) store.Exchanges.Fold();
            }

            Assert.Equal(200, store.Exchanges.CountExchanges());
        }

        using var again = Open();
        Assert.Equal(200, again.Exchanges.CountExchanges());
        Assert.Equal(Accounts(whole.Finish()), Accounts(again.Exchanges.Load()));
        Assert.Equal(0, again.Exchanges.UnfoldedBytes);
        Assert.Equal(200, again.Exchanges.CountExchanges());
    }

    [Fact]
    public void An_id_is_known_once_its_batch_is_kept_and_after_a_restart()
    {
        using (var store = Open())
        {
            store.Exchanges.Append([7, ulong.MaxValue], 1, new MadeTraffic().Send("a", "p", "x").Finish());
            using var known = store.Exchanges.LookUpIds();
            Assert.True(known.Contains(ulong.MaxValue));
            Assert.False(known.Contains(8));
        }

        using var again = Open();
        using var still = again.Exchanges.LookUpIds();
        Assert.True(still.Contains(7));
    }

    [Fact]
    public void A_batch_for_which_there_is_no_room_is_refused_whole_and_what_was_kept_stays()
    {
        using var store = SqliteStore.Open(StorePath, KeyedHash.Fixed, limitBytes: 400_000);
        var random = new Random(1);
        long kept = 0;
        void Fill()
        {
            for (var batch = 0; batch < 1000; batch++)
            {
                var part = new MadeTraffic();
                for (var i = 0; i < 50; i++) part.Send($"a{i}", MadeTraffic.Words(random, 60), $"{batch}-{i}");
                store.Exchanges.Append([.. Enumerable.Range(0, 50).Select(i => (ulong)(batch * 1000 + i))], 1, part.Finish());
                kept += 50;
            }
        }

        Assert.Throws<StoreFullException>(Fill);
        Assert.True(kept > 0);
        Assert.Equal(kept, store.Exchanges.CountExchanges());
        using var known = store.Exchanges.LookUpIds();
        Assert.False(known.Contains((ulong)(kept / 50 * 1000)));
    }

    [Fact]
    public void A_second_server_another_key_and_a_newer_version_are_refused()
    {
        using (SqliteStore.Open(StorePath, KeyedHash.Fixed, exclusive: true))
        {
            Assert.Contains("in use", Assert.Throws<StoreRefusedException>(() => SqliteStore.Open(StorePath, KeyedHash.Fixed, exclusive: true)).Message, StringComparison.Ordinal);
        }

        // A link is another name of the one file.
        var link = Path.Combine(_folder.Path, "linked", "link.db");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "in", "deep"));
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "linked"), Path.Combine("in", "deep"));
        File.CreateSymbolicLink(link, Path.Combine("..", "..", Path.GetFileName(StorePath)));
        using (SqliteStore.Open(link, KeyedHash.Fixed, exclusive: true))
        {
            Assert.Throws<StoreRefusedException>(() => SqliteStore.Open(StorePath, KeyedHash.Fixed, exclusive: true));
        }

        Assert.Contains("another secret key", Assert.Throws<StoreRefusedException>(() => SqliteStore.Open(StorePath, new KeyedHash(1))).Message, StringComparison.Ordinal);
        Run(StorePath, "PRAGMA user_version = 99");
        Assert.Contains("version 99", Assert.Throws<StoreRefusedException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_another_program_is_not_touched()
    {
        Run(StorePath, "CREATE TABLE mine(a)");
        Assert.Contains("another program", Assert.Throws<StoreRefusedException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_of_the_first_version_is_brought_up_to_date()
    {
        Run(StorePath, SqliteSchema.Steps[0] + $"PRAGMA application_id = {SqliteSchema.ApplicationId}; PRAGMA user_version = 1; INSERT INTO accounts VALUES('a1', '{{\"account\":\"a1\"}}');");
        using var store = Open();
        Assert.Equal("a1", Assert.Single(store.Accounts.Load()).Account);
        Assert.Empty(store.Decisions.LoadGrants());
        Assert.Empty(store.Campaigns.LoadSuccession());
    }

    [Fact]
    public void An_approval_of_before_is_kept_without_what_it_was_for()
    {
        Run(StorePath, string.Concat(SqliteSchema.Steps.Take(6)) + $"PRAGMA application_id = {SqliteSchema.ApplicationId}; PRAGMA user_version = 6; INSERT INTO approvals VALUES('access', 'other', 1, 'ada', '', 1);");
        using var store = Open();
        Assert.Equal(new Approval(true, ""), Assert.Single(store.Decisions.LoadApprovals()).Value);
        store.Decisions.Approve(new ApprovalKey("access", "other"), new Approval(false, "d"), "ada", "", 2);
        Assert.Equal(new Approval(false, "d"), Assert.Single(store.Decisions.LoadApprovals()).Value);
    }

    [Fact]
    public void A_damaged_store_is_refused_with_the_way_out_and_what_can_be_read_is_saved()
    {
        using (var store = Open())
        {
            var random = new Random(2);
            for (var batch = 0; batch < 20; batch++)
            {
                var part = new MadeTraffic();
                for (var i = 0; i < 50; i++) part.Send($"a{i}", MadeTraffic.Words(random, 60), $"{batch}-{i}");
                store.Exchanges.Append([], 1, part.Finish());
            }
        }

        var bytes = File.ReadAllBytes(StorePath);
        for (var page = bytes.Length / 2 / 4096; page < bytes.Length / 2 / 4096 + 4; page++) Array.Fill(bytes, (byte)0xAA, page * 4096, 4096);
        File.WriteAllBytes(StorePath, bytes);
        Assert.Contains("store repair", Assert.Throws<StoreDamagedException>(() =>
        {
            using var opened = Open();
            opened.Exchanges.Load();
        }).Message, StringComparison.Ordinal);
        Assert.NotEmpty(SqliteRepair.Check(StorePath));

        var saved = Path.Combine(_folder.Path, "saved.db");
        Assert.Contains(SqliteRepair.Repair(StorePath, saved), table => table.Table == "batches" && table.Saved > 0);
        Assert.Empty(SqliteRepair.Check(saved));
        using var repaired = SqliteStore.Open(saved, KeyedHash.Fixed);
        Assert.InRange(repaired.Exchanges.CountExchanges(), 50, 1000);
        Assert.NotEmpty(repaired.Exchanges.Load().Accounts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_changed_inside_a_value_is_left_out_by_a_repair_so_that_the_rest_can_be_used(bool folded)
    {
        using (var store = Open())
        {
            for (var batch = 0; batch < 3; batch++) store.Exchanges.Append([], 1, new MadeTraffic().Send($"a{batch}", "Name a river that runs through three countries.", $"x{batch}").Finish());
            if (folded) store.Exchanges.Fold();
        }

        // One byte in the middle of a value: the database itself sees nothing of it.
        var table = folded ? "account_days" : "batches";
        Run(StorePath, $"UPDATE {table} SET body = CAST(substr(body, 1, length(body) / 2) || x'5A' || substr(body, length(body) / 2 + 2) AS BLOB) WHERE rowid = (SELECT min(rowid) FROM {table})");
        Assert.Empty(SqliteRepair.Check(StorePath));
        Assert.Contains("is damaged", Assert.Single(SqliteRepair.Check(StorePath, KeyedHash.Fixed)), StringComparison.Ordinal);
        using (var store = Open()) Assert.Contains("store repair", Assert.Throws<StoreDamagedException>(store.Exchanges.Load).Message, StringComparison.Ordinal);
        var saved = Path.Combine(_folder.Path, "saved.db");
        var row = Assert.Single(SqliteRepair.Repair(StorePath, saved, KeyedHash.Fixed), row => row.Stopped is not null);
        Assert.Equal((table, 2L), (row.Table, row.Saved));
        using var repaired = SqliteStore.Open(saved, KeyedHash.Fixed);
        Assert.Equal(2, repaired.Exchanges.Load().Accounts.Count);
        Assert.Throws<StoreRefusedException>(() => SqliteRepair.Repair(StorePath, Path.Combine(_folder.Path, "other.db"), new KeyedHash(1)));
    }

    [Fact]
    public void A_check_reads_what_a_server_reads()
    {
        using (var store = Open())
        {
            store.Exchanges.Append([], 1, new MadeTraffic().Send("a", "p", "x").Finish());
            store.Accounts.Put([new AccountRecord { Account = "a" }]);
        }

        Assert.Empty(SqliteRepair.Check(StorePath, KeyedHash.Fixed));
        Run(StorePath, "UPDATE accounts SET body = substr(body, 1, 5)");
        Assert.Empty(SqliteRepair.Check(StorePath));
        Assert.Single(SqliteRepair.Check(StorePath, KeyedHash.Fixed));
    }

    [Fact]
    public void A_check_changes_nothing_and_takes_no_file_for_a_store_that_is_none()
    {
        using (var store = Open()) store.Exchanges.Append([], 1, new MadeTraffic().Send("a", "p", "x").Finish());
        var backup = Path.Combine(_folder.Path, "backup.db");
        SqliteRepair.Backup(StorePath, backup);
        // As a program of before left it: one that checks must not take it from that.
        Run(backup, "DROP TABLE followed; DROP TABLE intel_told; PRAGMA user_version = 7");
        var before = File.ReadAllBytes(backup);
        Assert.Empty(SqliteRepair.Check(backup, KeyedHash.Fixed));
        Assert.Equal(before, File.ReadAllBytes(backup));
        Assert.True(SqliteRepair.IsKeyOf(backup, KeyedHash.Fixed));
        Assert.False(SqliteRepair.IsKeyOf(backup, new KeyedHash(1)));
        Assert.Throws<StoreRefusedException>(() => SqliteRepair.Check(backup, new KeyedHash(1)));

        var none = Path.Combine(_folder.Path, "none.db");
        File.WriteAllBytes(none, []);
        Assert.Contains("is no store", Assert.Single(SqliteRepair.Check(none, KeyedHash.Fixed)), StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(none).Length);
    }

    [Fact]
    public void A_file_that_was_cut_to_nothing_is_no_store_and_stays_as_it_is()
    {
        using (Open()) { }
        var before = File.ReadAllBytes(StorePath);
        var (empty, to) = (Path.Combine(_folder.Path, "empty.db"), Path.Combine(_folder.Path, "to.db"));
        File.WriteAllBytes(empty, []);
        Assert.Contains("is no store", Assert.Single(SqliteRepair.Check(empty)), StringComparison.Ordinal);
        Assert.Throws<StoreRefusedException>(() => SqliteRepair.Backup(empty, to));
        Assert.Throws<StoreRefusedException>(() => SqliteRepair.Restore(empty, StorePath));
        Assert.Throws<StoreDamagedException>(() => SqliteRepair.Repair(empty, to));
        foreach (var exclusive in new[] { false, true })
            Assert.Contains("remove the file", Assert.Throws<StoreRefusedException>(() => SqliteStore.Open(empty, KeyedHash.Fixed, exclusive)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(to));
        Assert.Equal(0, new FileInfo(empty).Length);
        Assert.Equal(before, File.ReadAllBytes(StorePath));
    }

    [Fact]
    public void A_database_of_another_program_is_not_called_whole()
    {
        Run(StorePath, "CREATE TABLE other(a); INSERT INTO other VALUES(1)");
        Assert.Contains("is no store", Assert.Single(SqliteRepair.Check(StorePath)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        File.WriteAllText(StorePath, new string('x', 5000));
        Assert.Throws<StoreDamagedException>(Open);
    }

    [Fact]
    public void A_backup_made_beside_the_server_is_restored_whole_and_the_replaced_file_is_kept()
    {
        var backup = Path.Combine(_folder.Path, "backup.db");
        using (var store = Open())
        {
            store.Exchanges.Append([1], 1, new MadeTraffic().Send("a", "p", "x").Finish());
            SqliteRepair.Backup(StorePath, backup);
            store.Exchanges.Append([2], 1, new MadeTraffic().Send("a", "p", "y").Finish());
        }

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(backup));
            // Whoever carried it here may have opened it to others.
            File.SetUnixFileMode(backup, (UnixFileMode)0b110_100_100);
        }

        Assert.True(File.Exists(SqliteRepair.Restore(backup, StorePath)));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(StorePath));
        using var restored = Open();
        Assert.Equal(1, restored.Exchanges.CountExchanges());
    }

    [Fact]
    public void The_traffic_of_a_deleted_account_is_gone_from_every_form()
    {
        using var store = Open();
        store.Exchanges.Append([], 1, new MadeTraffic().Send("gone", "my secret prompt", "x").Send("stays", "p", "y").Finish());
        var key = Stillhunt.Server.AccountHash.Of(KeyedHash.Fixed, new AccountId("default", "gone"));
        Assert.NotNull(store.Exchanges.Find(key));
        Assert.Equal(1, store.Exchanges.Delete(key));
        Assert.Null(store.Exchanges.Find(key));
        Assert.Equal("stays", Assert.Single(store.Exchanges.Load().Accounts.Values).Id.Id);
    }

    [Fact]
    public void Names_that_no_other_account_shows_go_with_the_account_and_those_of_others_stay()
    {
        using var store = Open();
        store.Exchanges.Append([], 1, new MadeTraffic().Send("gone", "p", "x", client: "UA-gone", organization: "ACME", model: "m-1").Send("gone", "p", "z", client: "UA-all", model: "m-gone")
            .Send("stays", "p", "y", client: "UA-all", organization: "Other", model: "m-1").Finish());
        store.Exchanges.Fold();
        // Not folded yet, and of the same client as what goes.
        store.Exchanges.Append([], 1, new MadeTraffic().Send("newcomer", "p", "w", client: "UA-new").Finish());
        store.Exchanges.Delete(Stillhunt.Server.AccountHash.Of(KeyedHash.Fixed, new AccountId("default", "gone")));
        Assert.Equal(["Other", "UA-all", "UA-new", "m-1"], NamesKept());
        Assert.Equal(["Other", "UA-all", "UA-new", "m-1"], store.Exchanges.Load().Names.Values.Order(StringComparer.Ordinal));
        // Nothing is left of it, and names that nobody showed go all the same.
        Run(StorePath, "INSERT INTO names(hash, text) VALUES(1, 'left over')");
        Assert.Equal(0, store.Exchanges.Delete(Stillhunt.Server.AccountHash.Of(KeyedHash.Fixed, new AccountId("default", "gone"))));
        Assert.Equal(["Other", "UA-all", "UA-new", "m-1"], NamesKept());
    }

    [Fact]
    public void Names_go_with_the_days_that_showed_them()
    {
        using var store = Open();
        store.Exchanges.Append([1], 100, new MadeTraffic().Send("a", "p", "x", client: "UA-old", organization: "Old").Send("a", "p", "y", ms: 10 * 86_400_000L, client: "UA-new", organization: "New").Finish());
        store.Exchanges.Forget((int)(MadeTraffic.Start / 86_400_000) + 5);
        Assert.Equal(["New", "UA-new"], NamesKept());
    }

    [Fact]
    public void Days_that_aged_out_are_forgotten_with_their_accounts()
    {
        using var store = Open();
        store.Exchanges.Append([1], 100, new MadeTraffic().Send("old", "p", "x").Send("new", "p", "y", ms: 10 * 86_400_000L).Finish());
        store.Exchanges.Forget((int)(MadeTraffic.Start / 86_400_000) + 5);
        Assert.Equal("new", Assert.Single(store.Exchanges.Load().Accounts.Values).Id.Id);
    }

    [Fact]
    public void The_audit_trail_shows_every_kind_of_tampering_and_can_not_be_changed_in_place()
    {
        using var store = Open();
        store.Audit.Append([.. Enumerable.Range(0, 5).Select(i => new AuditEntry(i, "verdict", "policy", $$"""{"n":{{i}}}"""))]);
        var records = store.Audit.After(0, 100).ToList();
        Assert.Null(Stillhunt.Server.Decisions.AuditJson.Verify(records, out var count, out _));
        Assert.Equal(5, count);
        Assert.Equal(records.Select(record => Convert.ToHexString(record.Hash)), records.Select(record => Convert.ToHexString(Stillhunt.Server.Decisions.AuditJson.Read(Stillhunt.Server.Decisions.AuditJson.Of(record)).Hash)));
        Assert.NotNull(Verify([.. records.Take(2), records[2] with { Entry = records[2].Entry with { By = "somebody else" } }, .. records.Skip(3)]));
        Assert.NotNull(Verify([.. records.Take(2), .. records.Skip(3)]));
        Assert.NotNull(Verify([records[1], records[0], .. records.Skip(2)]));
        Assert.Contains("append-only", Assert.Throws<SqliteException>(() => Run(StorePath, "UPDATE audit SET by = 'x'")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string? Verify(IEnumerable<AuditRecord> records) => Stillhunt.Server.Decisions.AuditJson.Verify(records, out _, out _);

    private List<string> NamesKept()
    {
        using var connection = new SqliteConnection($"Data Source={StorePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT text FROM names";
        using var rows = command.ExecuteReader();
        var names = new List<string>();
        while (rows.Read()) names.Add(rows.GetString(0));
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private SqliteStore Open() => SqliteStore.Open(StorePath, KeyedHash.Fixed);

    /// <summary>The records by account and day, as bytes; what a batch was cut into does not count.</summary>
    private static byte[] Accounts(Snapshot snapshot)
    {
        var bare = new Snapshot();
        foreach (var (key, profile) in snapshot.Accounts) bare.Accounts.Add(key, profile);
        foreach (var (name, count) in snapshot.Present) bare.Present.Add(name, count);
        return ScannedRange.Part(bare);
    }

    private static void Run(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
