using Stillhunt.Ingest;
using Stillhunt.Linking;
using Stillhunt.Profiles;
using Stillhunt.Sketches;

namespace Stillhunt.Campaigns;

/// <summary>
/// Snapshot -> campaigns. Pure: the same snapshot, accounts and key give the same result, byte for byte. Seeded by the key, one
/// thread, stable order.
/// </summary>
public static class Detector
{
    /// <summary>From this confidence on a campaign is flagged; and an account within it by its probability.</summary>
    public const double Flagged = 0.5;

    /// <summary>Sampled exchanges that a group must have to be judged at all: below it shares are known to no better than a quarter.</summary>
    private const int LeastExchanges = 30;

    /// <summary>From this confidence on a group is reported as suspected.</summary>
    internal const double Suspected = 0.1;

    /// <param name="record">What the accounts file says of an account, or null.</param>
    /// <param name="step">Told what is being done, for a progress display.</param>
    public static ScanResult Detect(Snapshot snapshot, Func<AccountId, AccountRecord?> record, KeyedHash hash, Action<string>? step = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        step?.Invoke("laying out accounts");
        var traffic = Traffic.Lay(snapshot, record);
        var values = new SharedValues(traffic, hash);
        step?.Invoke("finding prompt families");
        var proposals = new Proposals(traffic, hash);
        var builder = new CampaignBuilder(traffic, snapshot, proposals.Index, values, hash);
        var judged = new Choice(traffic, proposals.Postings, builder, Judge(traffic, values, proposals, builder, step)).Standing();
        var reported = judged.Where(j => j.Campaign.Confidence >= Suspected).ToList();
        judged = [.. new IndicatorFinding(traffic, snapshot).Add(reported), .. judged.Where(j => j.Campaign.Confidence < Suspected)];
        return new ScanResult
        {
            Scanned = Summary(snapshot, traffic),
            Access = AccessReport.Of(snapshot),
            Campaigns = [.. judged.Where(j => j.Campaign.Confidence >= Flagged && !Lookalikes.IsEntitled(traffic, j.Cluster)).Select(j => j.Campaign)],
            Suspected = [.. judged.Where(j => j.Campaign.Confidence is < Flagged and >= Suspected && !Lookalikes.IsEntitled(traffic, j.Cluster)).Select(j => j.Campaign)],
            Cleared = [.. Lookalikes.Clear(traffic, values, judged.Where(j => j.Campaign.Confidence < Suspected || Lookalikes.IsEntitled(traffic, j.Cluster)))],
        };
    }

    /// <summary>Every group that was found, with what was measured of it; the same accounts may stand in several.</summary>
    internal static List<Judgement> Judge(Traffic traffic, SharedValues values, Proposals proposals, CampaignBuilder builder, Action<string>? step = null)
    {
        step?.Invoke("clustering accounts");
        var clusters = proposals.Find(values);
        clusters = [.. clusters.SelectMany(cluster => Lookalikes.Apart(traffic, cluster)).Where(cluster => cluster.Extracting.Count >= LeastExchanges)];
        step?.Invoke("weighing evidence");
        var measuring = new GroupMeasuring(traffic, proposals.Postings);
        var weighing = new Weighing(traffic, values, builder.ExampleId);
        var judged = new List<Judgement>();
        foreach (var cluster in clusters)
        {
            var facts = measuring.Measure(cluster);
            judged.Add(new Judgement(builder.Build(cluster, weighing.Rows(facts, cluster)), facts, cluster));
        }

        return judged;
    }

    private static ScannedSummary Summary(Snapshot snapshot, Traffic traffic)
    {
        long exchanges = 0, first = long.MaxValue, last = long.MinValue;
        foreach (var day in snapshot.Accounts.Values.SelectMany(profile => profile.Days.Values))
        {
            exchanges += day.ExchangeCount;
            first = Math.Min(first, day.FirstMs);
            last = Math.Max(last, day.LastMs);
        }

        string[] watched = ["prompt", "usage", "params", "ip", "asn", "client", "tls", "headers", "country", "conversation", "model", "organization", "pathway", "reasoning_ref"];
        var missing = watched.Where(field => !snapshot.Present.ContainsKey(field)).ToList();
        var records = traffic.Subjects.Select(subject => subject.Record).OfType<AccountRecord>().ToList();
        if (records.TrueForAll(r => r.Payment is null)) missing.Add("payment");
        if (records.TrueForAll(r => r.EmailDomain is null && r.EmailShape is null)) missing.Add("email");
        if (records.TrueForAll(r => r.CreatedMs is null)) missing.Add("created");
        if (records.TrueForAll(r => r.Verified is null)) missing.Add("verified");
        return new ScannedSummary
        {
            ExchangeCount = exchanges,
            AccountCount = snapshot.Accounts.Count,
            Rejected = snapshot.Rejected,
            From = exchanges == 0 ? null : CampaignBuilder.Time(first),
            To = exchanges == 0 ? null : CampaignBuilder.Time(last),
            Missing = missing,
            DuplicateCount = snapshot.DuplicateCount,
            DroppedFields = snapshot.DroppedFields,
        };
    }
}
