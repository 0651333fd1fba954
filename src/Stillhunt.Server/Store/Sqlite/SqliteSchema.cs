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
        """
        CREATE TABLE collections(id TEXT PRIMARY KEY, title TEXT NOT NULL, description TEXT, alias TEXT UNIQUE, readers TEXT NOT NULL, writers TEXT NOT NULL, last_added_us INTEGER NOT NULL) STRICT;
        CREATE TABLE shared_objects(seq INTEGER PRIMARY KEY, collection TEXT NOT NULL, added_us INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, spec TEXT NOT NULL,
          version_ticks INTEGER NOT NULL, version TEXT NOT NULL, body BLOB NOT NULL) STRICT;
        CREATE UNIQUE INDEX shared_objects_by_time ON shared_objects(collection, added_us);
        CREATE INDEX shared_objects_by_id ON shared_objects(collection, id, spec, version_ticks);
        CREATE TABLE share_statuses(id TEXT PRIMARY KEY, user TEXT NOT NULL, ended_ms INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
        CREATE INDEX share_statuses_by_time ON share_statuses(ended_ms);
        CREATE TABLE intel_hits(source TEXT NOT NULL, account TEXT NOT NULL, sender TEXT NOT NULL, indicator TEXT NOT NULL, count INTEGER NOT NULL, first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL,
          PRIMARY KEY(source, account, sender, indicator)) STRICT, WITHOUT ROWID;
        ALTER TABLE api_keys ADD COLUMN rate REAL;
        CREATE TABLE prompts(seq INTEGER PRIMARY KEY, source TEXT NOT NULL, account TEXT NOT NULL, time_ms INTEGER NOT NULL, taken_ms INTEGER NOT NULL, exchange_id TEXT, body BLOB NOT NULL) STRICT;
        CREATE INDEX prompts_by_account ON prompts(source, account, seq);
        CREATE INDEX prompts_by_time ON prompts(taken_ms);
        """,
        """
        CREATE TABLE succession(seq INTEGER PRIMARY KEY, campaign TEXT NOT NULL, source TEXT NOT NULL, account TEXT NOT NULL, standing INTEGER NOT NULL, exchanges INTEGER NOT NULL,
          matched INTEGER NOT NULL, counted INTEGER NOT NULL, day INTEGER NOT NULL) STRICT;
        CREATE UNIQUE INDEX succession_by_account ON succession(campaign, source, account);
        CREATE INDEX succession_by_day ON succession(day);
        """,
        """
        CREATE TABLE appeals(id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, account TEXT NOT NULL, by TEXT NOT NULL, note TEXT NOT NULL, against TEXT, at_ms INTEGER NOT NULL,
          outcome INTEGER NOT NULL, decided_by TEXT, decided_note TEXT, decided_ms INTEGER) STRICT;
        CREATE INDEX appeals_by_account ON appeals(source, account, outcome);
        CREATE INDEX appeals_by_outcome ON appeals(outcome, id);
        -- Sending accounts was a part of ingest (1); it is a scope of its own now (64), and keys that were given out before keep it.
        UPDATE api_keys SET scopes = scopes | 64 WHERE scopes & 1;
        """,
        """
        -- Days hold last turns as they were written, which a program of before would misread; days of before are read as they are.
        SELECT 1;
        """,
        """
        -- An approval is for what a rule says. What those of before were for is not known, so their rules wait once more.
        ALTER TABLE approvals ADD COLUMN rule_sha256 TEXT NOT NULL DEFAULT '';
        """,
        """
        -- A followed file is known by its path and by what was read of it; cursors hold what of before is known by its beginning alone.
        CREATE TABLE followed(id INTEGER PRIMARY KEY, path TEXT NOT NULL, mark TEXT NOT NULL, position INTEGER NOT NULL, foot TEXT NOT NULL) STRICT;
        """,
        """
        -- Which indicators of others their first match was told of. Of before it is known of which matches were kept.
        CREATE TABLE intel_told(sender TEXT NOT NULL, indicator TEXT NOT NULL, PRIMARY KEY(sender, indicator)) STRICT, WITHOUT ROWID;
        INSERT INTO intel_told SELECT DISTINCT sender, indicator FROM intel_hits;
        """,
    ];
}
