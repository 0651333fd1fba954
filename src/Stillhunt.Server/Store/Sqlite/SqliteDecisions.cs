using Stillhunt.Profiles;
using Stillhunt.Response;

namespace Stillhunt.Server.Store.Sqlite;

internal sealed class SqliteDecisions(SqliteFile file) : IDecisionStore
{
    private const string Appeals = "SELECT id, source, account, by, note, against, at_ms, outcome, decided_by, decided_note, decided_ms FROM appeals";

    public IReadOnlyDictionary<ApprovalKey, Approval> LoadApprovals() => file.Read(at =>
        at.All("SELECT campaign, rule, approved, rule_sha256 FROM approvals", row => (Key: new ApprovalKey(row.GetString(0), row.GetString(1)), Approval: new Approval(row.GetInt32(2) != 0, row.GetString(3)))).ToDictionary(row => row.Key, row => row.Approval));

    public void Approve(ApprovalKey key, Approval approval, string by, string note, long atMs) => file.Write(at => at.Run(
        "INSERT INTO approvals(campaign, rule, approved, rule_sha256, by, note, at_ms) VALUES($0, $1, $2, $3, $4, $5, $6) ON CONFLICT DO UPDATE SET approved = excluded.approved, rule_sha256 = excluded.rule_sha256, by = excluded.by, note = excluded.note, at_ms = excluded.at_ms",
        key.Campaign, key.Rule, approval.Approved ? 1 : 0, approval.RuleDigest, by, note, atMs));

    public IReadOnlyDictionary<AccountId, Reversal> LoadReversals() => file.Read(at => at.All(
        "SELECT source, account, by, note, at_ms, until_ms FROM reversals",
        row => new Reversal(new AccountId(row.GetString(0), row.GetString(1)), row.GetString(2), row.GetString(3), row.GetInt64(4), row.IsDBNull(5) ? null : row.GetInt64(5)))
        .ToDictionary(reversal => reversal.Account));

    public void Reverse(Reversal reversal) => file.Write(at =>
    {
        at.Run(
            "INSERT INTO reversals(source, account, by, note, at_ms, until_ms) VALUES($0, $1, $2, $3, $4, $5) ON CONFLICT DO UPDATE SET by = excluded.by, note = excluded.note, at_ms = excluded.at_ms, until_ms = excluded.until_ms",
            reversal.Account.Source, reversal.Account.Id, reversal.By, reversal.Note, reversal.AtMs, reversal.UntilMs);
        at.Run("UPDATE appeals SET outcome = $2, decided_by = $3, decided_note = $4, decided_ms = $5 WHERE source = $0 AND account = $1 AND outcome = $6",
            reversal.Account.Source, reversal.Account.Id, (long)AppealOutcome.Granted, reversal.By, reversal.Note, reversal.AtMs, (long)AppealOutcome.Open);
    });

    public bool WithdrawReversal(AccountId account) => file.Write(at => at.Run("DELETE FROM reversals WHERE source = $0 AND account = $1", account.Source, account.Id)) > 0;

    public Appeal AddAppeal(Appeal appeal) => file.Write(at => appeal with
    {
        Id = at.Number("INSERT INTO appeals(source, account, by, note, against, at_ms, outcome) VALUES($0, $1, $2, $3, $4, $5, $6) RETURNING id",
            appeal.Account.Source, appeal.Account.Id, appeal.By, appeal.Note, appeal.Against, appeal.AtMs, (long)appeal.Outcome),
    });

    public IReadOnlyList<Appeal> OpenAppeals() => file.Read(at => at.All($"{Appeals} WHERE outcome = $0 ORDER BY id", ReadAppeal, (long)AppealOutcome.Open));

    public IReadOnlyList<Appeal> AppealsOf(AccountId account) => file.Read(at => at.All($"{Appeals} WHERE source = $0 AND account = $1 ORDER BY id", ReadAppeal, account.Source, account.Id));

    public Appeal? RejectAppeal(long id, string by, string note, long atMs) => file.Write(at =>
        at.Run("UPDATE appeals SET outcome = $1, decided_by = $2, decided_note = $3, decided_ms = $4 WHERE id = $0 AND outcome = $5", id, (long)AppealOutcome.Rejected, by, note, atMs, (long)AppealOutcome.Open) == 0
            ? null
            : at.All($"{Appeals} WHERE id = $0", ReadAppeal, id)[0]);

    public int DeleteAppeals(AccountId account) => file.Write(at => at.Run("DELETE FROM appeals WHERE source = $0 AND account = $1", account.Source, account.Id));

    public IReadOnlyDictionary<AccountId, Touch> LoadTouches(string kind) => file.Read(at => at.All(
        "SELECT source, account, since_ms, verified FROM touches WHERE kind = $0",
        row => (Account: new AccountId(row.GetString(0), row.GetString(1)), Touch: new Touch(row.GetInt64(2), row.GetInt32(3) != 0)), kind).ToDictionary(row => row.Account, row => row.Touch));

    public void SaveTouches(string kind, IReadOnlyCollection<KeyValuePair<AccountId, Touch>> begun, IReadOnlyCollection<AccountId> ended) => file.Write(at =>
    {
        // One that ended may have begun anew.
        foreach (var account in ended) at.Run("DELETE FROM touches WHERE kind = $0 AND source = $1 AND account = $2", kind, account.Source, account.Id);
        foreach (var (account, touch) in begun)
            at.Run("INSERT INTO touches(kind, source, account, since_ms, verified) VALUES($0, $1, $2, $3, $4) ON CONFLICT DO NOTHING", kind, account.Source, account.Id, touch.SinceMs, touch.Verified ? 1 : 0);
    });

    public IReadOnlyList<Grant> LoadGrants() => file.Read(at => at.All(
        "SELECT id, account, kind, name, evidence, by, at_ms, until_ms FROM grants WHERE revoked_ms IS NULL ORDER BY id",
        row => new Grant(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetInt64(6), row.IsDBNull(7) ? null : row.GetInt64(7))));

    public Grant AddGrant(Grant grant) => file.Write(at => grant with
    {
        Id = at.Number("INSERT INTO grants(account, kind, name, evidence, by, at_ms, until_ms) VALUES($0, $1, $2, $3, $4, $5, $6) RETURNING id",
            grant.Account, grant.Kind, grant.Name, grant.Evidence, grant.By, grant.AtMs, grant.UntilMs),
    });

    public bool RevokeGrant(long id, long nowMs) => file.Write(at => at.Run("UPDATE grants SET revoked_ms = $1 WHERE id = $0 AND revoked_ms IS NULL", id, nowMs)) > 0;

    private static Appeal ReadAppeal(Microsoft.Data.Sqlite.SqliteDataReader row)
    {
        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        return new Appeal(row.GetInt64(0), new AccountId(row.GetString(1), row.GetString(2)), row.GetString(3), row.GetString(4), Text(5), row.GetInt64(6), (AppealOutcome)row.GetInt64(7), Text(8), Text(9), row.IsDBNull(10) ? null : row.GetInt64(10));
    }
}
