using System.Text.Json;
using Stillhunt.Campaigns;
using Stillhunt.Ledger;
using Stillhunt.Profiles;

namespace Stillhunt.Server.Store.Sqlite;

internal sealed class SqliteCampaigns(SqliteFile file) : ICampaignStore
{
    public IReadOnlyList<TrackedCampaign> Load() => file.Read(at => at.All("SELECT body FROM campaigns ORDER BY id", row => Read(row.GetString(0), LedgerJson.Default.TrackedCampaign)));

    public IReadOnlyList<NumberedEvent> Save(IReadOnlyCollection<TrackedCampaign> changed, IReadOnlyCollection<CampaignEvent> events, AccessSummary? access = null) => file.Write(at =>
    {
        foreach (var campaign in changed)
            at.Run("INSERT INTO campaigns(id, body) VALUES($0, $1) ON CONFLICT(id) DO UPDATE SET body = excluded.body", campaign.Id, JsonSerializer.Serialize(campaign, LedgerJson.Default.TrackedCampaign));
        if (access is not null)
            at.Run("INSERT INTO detections(name, body) VALUES('access', $0) ON CONFLICT(name) DO UPDATE SET body = excluded.body", JsonSerializer.Serialize(access, LedgerJson.Default.AccessSummary));
        return events.Select(told => new NumberedEvent(
            at.Number("INSERT INTO events(time_ms, kind, campaign, text) VALUES($0, $1, $2, $3) RETURNING seq", told.AtMs, told.Kind, told.Campaign, told.Text), told)).ToList();
    });

    public IReadOnlyList<NumberedEvent> EventsAfter(long seq, int most) => file.Read(at => at.All(
        "SELECT seq, time_ms, kind, campaign, text FROM events WHERE seq > $0 ORDER BY seq LIMIT $1",
        row => new NumberedEvent(row.GetInt64(0), new CampaignEvent(row.GetString(2), row.GetString(3), row.GetInt64(1), row.GetString(4))), seq, most));

    public AccessSummary? LoadAccess() => file.Read(at => at.Scalar("SELECT body FROM detections WHERE name = 'access'") is string body ? Read(body, LedgerJson.Default.AccessSummary) : null);

    public long LastEvent => file.Read(at => at.Number("SELECT coalesce(max(seq), 0) FROM events"));

    public long DeliveredTo(string receiver) => file.Write(at =>
    {
        at.Run("INSERT INTO deliveries(name, seq) SELECT $0, coalesce(max(seq), 0) FROM events WHERE true ON CONFLICT DO NOTHING", receiver);
        return at.Number("SELECT seq FROM deliveries WHERE name = $0", receiver);
    });

    public void SetDelivered(string receiver, long seq) => file.Write(at => at.Run("UPDATE deliveries SET seq = $1 WHERE name = $0", receiver, seq));

    public IReadOnlyList<(SuccessionKey Key, SuccessionCount Count)> LoadSuccession() => file.Read(at => at.All(
        "SELECT campaign, source, account, standing, exchanges, matched, counted FROM succession ORDER BY seq",
        row => (new SuccessionKey(row.GetString(0), new AccountId(row.GetString(1), row.GetString(2))),
            new SuccessionCount((SuccessionStanding)row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6) != 0))));

    public int DeleteSuccession(AccountId account) => file.Write(at => at.Run("DELETE FROM succession WHERE source = $0 AND account = $1", account.Source, account.Id));

    internal static void Put(SqliteWork at, SuccessionKey key, SuccessionCount? count, int day)
    {
        if (count is not { } now)
        {
            at.Run("DELETE FROM succession WHERE campaign = $0 AND source = $1 AND account = $2", key.Campaign, key.Account.Source, key.Account.Id);
            return;
        }

        at.Run(
            """
            INSERT INTO succession(campaign, source, account, standing, exchanges, matched, counted, day) VALUES($0, $1, $2, $3, $4, $5, $6, $7) ON CONFLICT(campaign, source, account) DO UPDATE
            SET standing = excluded.standing, exchanges = excluded.exchanges, matched = excluded.matched, counted = excluded.counted, day = excluded.day
            """, key.Campaign, key.Account.Source, key.Account.Id, (long)now.Standing, now.ExchangeCount, now.MatchedCount, now.Counted ? 1L : 0L, day);
    }

    private static T Read<T>(string json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new InvalidDataException("A campaign's record is null.");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException("A campaign's record can't be read.", fault);
        }
    }
}
