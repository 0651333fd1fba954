using Stillhunt.Ingest;
using Stillhunt.Linking;
using Stillhunt.Profiles;
using Stillhunt.Sketches;

namespace Stillhunt.Campaigns;

/// <summary>
/// Snapshot -> campaigns. Pure: the same snapshot, accounts and key give the same result, byte for byte, with any number of threads: groups are
/// refined and measured each by itself, by whichever thread is free, and put down in their order.
/// </summary>
public static class Detector
{
    /// <summary>From this confidence on a campaign is flagged; and an account within it by its probability.</summary>
    public const double Flagged = 0.5;

    /// <summary>From this confidence on a group is reported as suspected.</summary>
    internal const double Suspected = 0.1;

    /// <summary>
    /// Sampled exchanges up to which groups are sought again with the halves exchanged. It takes nearly as long as all the rest, which is seconds up to here; and what chance does to the halves matters most where traffic is small.
    /// </summary>
    public const int MostSoughtAgain = 500_000;

    /// <param name="record">What the accounts file says of an account, or null.</param>
    /// <param name="step">Told what is being done, for a progress display.</param>
    /// <param name="threads">That may work at once.</param>
    /// <param name="leaveOut">Of <see cref="EvidenceKinds.All"/> what may play no part, neither in grouping nor in weighing; null for nothing.</param>
    /// <param name="again">Whether groups are sought again with the halves of the exchanges exchanged, up to <see cref="MostSoughtAgain"/>, and small logs once more and more closely (<see cref="CloseFinding"/>); not where an answer must come soon.</param>
    /// <param name="calibration">At which prevalence confidences are to hold; null for that of the traffic that they were calibrated on.</param>
    public static ScanResult Detect(
        Snapshot snapshot, Func<AccountId, AccountRecord?> record, KeyedHash hash, Action<string>? step = null, int threads = 1, IReadOnlySet<string>? leaveOut = null,
        Calibration? calibration = null, bool again = true)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        leaveOut ??= EvidenceKinds.None;
        calibration ??= Calibration.Reference;
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        step?.Invoke("laying out accounts");
        var traffic = Traffic.Lay(snapshot, record);
        var twice = again && traffic.Exchanges.Length <= MostSoughtAgain;
        var look = new Look(snapshot, traffic, hash, threads, leaveOut);
        var judged = look.Judged(step, twice && !leaveOut.Contains(FoundAgain.Kind));
        var inside = new TenantFinding(look, judged, apart => new Look(snapshot, Traffic.Lay(snapshot, record, apart), hash, threads, leaveOut), new Shares(threads));
        var tenants = inside.Find(step);
        List<Judgement> hidden = [];
        if (again && !leaveOut.Contains(CloseFinding.Kind) && Closer() is { } close)
        {
            step?.Invoke("looking more closely");
            (judged, hidden) = new CloseFinding(look, judged, close).Find(!leaveOut.Contains(FoundAgain.Kind), account => inside.IsIn(traffic.Subjects[account].Profile));
        }

        var closely = hidden.SelectMany(j => j.Cluster.Likely()).Select(account => traffic.Subjects[account].Profile).ToHashSet();
        // Groups are chosen by what their evidence adds up to; what is told of them is what such sums were worth where that was measured.
        judged = judged.ConvertAll(j => j with { Campaign = calibration.Of(j.Campaign) });
        tenants = tenants.ConvertAll(j => j with { Campaign = calibration.Of(j.Campaign) });
        hidden = hidden.ConvertAll(j => j with { Campaign = calibration.Of(j.Campaign) });
        var all = judged.Select(j => (Judgement: j, IsEntitled: Lookalikes.IsEntitled(traffic, j.Cluster))).Concat(tenants.Select(j => (Judgement: j, IsEntitled: inside.IsEntitled(j))))
            .Concat(hidden.Select(j => (Judgement: j, IsEntitled: false)))
            .OrderByDescending(j => j.Judgement.Campaign.Bits).ThenByDescending(j => j.Judgement.Campaign.ExtractingCount).ThenBy(j => j.Judgement.Campaign.Id, StringComparer.Ordinal).ToList();
        var (cleared, omitted) = Lookalikes.Clear(traffic, look.Values, [.. judged.Where(j => j.Campaign.Confidence < Suspected || Lookalikes.IsEntitled(traffic, j.Cluster))]);
        return new ScanResult
        {
            Scanned = Summary(snapshot, traffic, leaveOut) with { SoughtOnce = !twice },
            Access = AccessReport.Of(snapshot),
            Campaigns = [.. all.Where(j => j.Judgement.Campaign.Confidence >= Flagged && !j.IsEntitled).Select(j => j.Judgement.Campaign)],
            Suspected = [.. all.Where(j => j.Judgement.Campaign.Confidence is < Flagged and >= Suspected && !j.IsEntitled).Select(j => j.Judgement.Campaign)],
            Cleared = [.. cleared, .. inside.Resellers(closely.Contains)],
            ClearedOmittedCount = omitted,
            Calibration = calibration.Summary(all.Count(j => !j.IsEntitled)),
        };

        // More of what accounts sent, where more was kept.
        Look? Closer() => snapshot.SampleCap > AccountDay.SampleSize && Traffic.Lay(snapshot, record, most: snapshot.SampleCap) is var larger && larger.Exchanges.Length > traffic.Exchanges.Length
            ? new Look(snapshot, larger, hash, threads, leaveOut) : null;
    }

    private static ScannedSummary Summary(Snapshot snapshot, Traffic traffic, IReadOnlySet<string> leftOut)
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
            LeftOut = leftOut.Count == 0 ? null : [.. EvidenceKinds.All.Where(leftOut.Contains)],
            Unread = snapshot.Unread.Count == 0 ? null : [.. snapshot.Unread.Select(unread => new UnreadInput { File = unread.Path, Reason = unread.Reason })],
            MissingShardCount = snapshot.MissingShards().Count(),
            SampleCap = snapshot.SampleCap < AccountDay.SampleSize ? snapshot.SampleCap : null,
            DuplicateCount = snapshot.DuplicateCount,
            DroppedFields = snapshot.DroppedFields,
        };
    }
}
