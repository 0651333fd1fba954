namespace Stillhunt.Server.Store.Sqlite;

/// <summary>The schema, step by step. A step that was released is never changed: a new one follows it.</summary>
internal static class SqliteSchema
{
    /// <summary>"SLH1": by which the file is told to be ours (<c>PRAGMA application_id</c>).</summary>
    public const int ApplicationId = 0x534C4831;

    /// <summary>Step N takes a file from version N to N + 1.</summary>
    public static IReadOnlyList<string> Steps { get; } =
    [
        """
        CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE exchange_ids(id INTEGER PRIMARY KEY, day INTEGER NOT NULL) STRICT;
        CREATE TABLE batches(seq INTEGER PRIMARY KEY AUTOINCREMENT, exchange_count INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
        CREATE TABLE accounts_seen(account INTEGER PRIMARY KEY, source TEXT NOT NULL, id TEXT NOT NULL) STRICT;
        CREATE TABLE account_days(account INTEGER NOT NULL, day INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY(account, day)) STRICT;
        CREATE INDEX account_days_by_day ON account_days(day);
        CREATE TABLE names(hash INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
        CREATE TABLE counts(kind TEXT NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY(kind, name)) STRICT, WITHOUT ROWID;
        CREATE TABLE cursors(file TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT;
        CREATE TABLE accounts(account TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
        CREATE TABLE api_keys(id TEXT PRIMARY KEY, name TEXT NOT NULL, hash BLOB NOT NULL, scopes INTEGER NOT NULL, created_ms INTEGER NOT NULL,
          expires_ms INTEGER, revoked_ms INTEGER) STRICT;
        CREATE TABLE campaigns(id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
        CREATE TABLE events(seq INTEGER PRIMARY KEY AUTOINCREMENT, time_ms INTEGER NOT NULL, kind TEXT NOT NULL, campaign TEXT NOT NULL, text TEXT NOT NULL) STRICT;
        CREATE TABLE detections(name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
        """,
        """
        CREATE TABLE approvals(campaign TEXT NOT NULL, rule TEXT NOT NULL, approved INTEGER NOT NULL, by TEXT NOT NULL, note TEXT NOT NULL, at_ms INTEGER NOT NULL,
          PRIMARY KEY(campaign, rule)) STRICT, WITHOUT ROWID;
        CREATE TABLE reversals(source TEXT NOT NULL, account TEXT NOT NULL, by TEXT NOT NULL, note TEXT NOT NULL, at_ms INTEGER NOT NULL, until_ms INTEGER,
          PRIMARY KEY(source, account)) STRICT, WITHOUT ROWID;
        CREATE TABLE touches(kind TEXT NOT NULL, source TEXT NOT NULL, account TEXT NOT NULL, since_ms INTEGER NOT NULL, verified INTEGER NOT NULL,
          PRIMARY KEY(kind, source, account)) STRICT, WITHOUT ROWID;
        CREATE TABLE grants(id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, evidence TEXT NOT NULL, by TEXT NOT NULL,
          at_ms INTEGER NOT NULL, until_ms INTEGER, revoked_ms INTEGER) STRICT;
        CREATE TABLE audit(seq INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, kind TEXT NOT NULL, by TEXT NOT NULL, body TEXT NOT NULL, hash BLOB NOT NULL) STRICT;
        CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit trail is append-only'); END;
        CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit trail is append-only'); END;
        CREATE TABLE deliveries(name TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT;
        """,
    ];
}
